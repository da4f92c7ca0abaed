// `entente init`: a workspace to fill in, whose comments explain what can be said there.
#include <fmt/format.h>

#include <array>

#include "app/command.hpp"
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
    auto dir = std::make_shared<std::string>();
    CLI::App* app = cli.add_subcommand("init", "Write a workspace to fill in");
    app->footer(
        "Writes DIR/entente.yaml with two example systems and comments that say what else can\n"
        "be said. DIR must be new or empty.");
    app->add_option("DIR", *dir, "The workspace's folder, new or empty")->required();
    app->callback([dir, &chosen] { chosen = [dir] { return init(*dir); }; });
}

}  // namespace entente::app
