// `entente init`: a workspace to fill in, whose comments explain what can be said there.
#include <fmt/format.h>

#include <array>

#include "app/command.hpp"
#include "app/discover.hpp"
#include "app/new_folder.hpp"
#include "app/output.hpp"
#include "sim/sample_workspace.hpp"

namespace entente::app {

namespace {

constexpr std::string_view ignore_text = "# What the engine knows; not to be shared.\nstate/\n";

int init(const std::string& dir) {
    const std::array files{model::SourceFile{"entente.yaml", std::string(sim::sample_workspace())},
                           model::SourceFile{".gitignore", std::string(ignore_text)}};
    if (const auto written = write_new_folder(dir, files); !written) {
        return report(written.error());
    }
    print_line(fmt::format("{}/entente.yaml is written; fill in where your systems are.", dir));
    print_line(fmt::format("Next: entente check {}", dir));
    return Exit::done;
}

}  // namespace

void add_init(CLI::App& cli, Chosen& chosen) {
    struct Arguments {
        std::string dir;
        DiscoverChoice discovery;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* app = cli.add_subcommand("init", "Write a workspace to fill in");
    app->footer(
        "Writes DIR/entente.yaml with two example systems and comments that say what else can\n"
        "be said. DIR must be new or empty.\n"
        "With --discover it asks an OData service for its $metadata and drafts a connector of it:\n"
        "a resource per entity set, and comments where a person must decide. The login is never\n"
        "part of the URL: --login-from names the environment variable that holds it.");
    DiscoverChoice& discovery = arguments->discovery;
    auto* dir = app->add_option("DIR", arguments->dir, "The workspace's folder, new or empty");
    auto* url = app->add_option("--discover", discovery.url, "The address of an OData service");
    auto* into = app->add_option("--into", discovery.into, "Where its workspace is written");
    auto* system = app->add_option("--system", discovery.system, "What to call the system");
    auto* variable = app->add_option("--login-from", discovery.variable,
                                     "The variable that holds the header's value");
    auto* header = app->add_option("--header", discovery.header, "The header of the login");
    dir->excludes(url);
    url->needs(into);
    for (CLI::Option* of_discovery : {into, system, variable, header}) of_discovery->needs(url);
    header->needs(variable)->capture_default_str();
    app->callback([arguments, &chosen] {
        chosen = [arguments] {
            if (!arguments->discovery.url.empty()) return discover(arguments->discovery);
            if (!arguments->dir.empty()) return init(arguments->dir);
            return report({ErrorKind::bad_input, "name DIR, or --discover URL --into DIR", "init"});
        };
    });
}

}  // namespace entente::app
