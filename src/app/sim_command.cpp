// `entente sim`: one simulated system on a loopback port, until it is asked to stop.
#include <fmt/format.h>

#include <optional>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/signals.hpp"
#include "base/text.hpp"
#include "run/clock.hpp"
#include "run/files.hpp"
#include "serve/listener.hpp"
#include "sim/faulty_system.hpp"
#include "sim/generator.hpp"
#include "sim/system.hpp"

namespace entente::app {

namespace {

constexpr std::size_t key_bytes_max = 4096;
// What is executed late is so within this time: less than the shipped connectors reckon with where
// no key guards a create (late_execution), so that an engine can wait until it is over.
constexpr Duration late_max{1'500};

struct SimArguments {
    sim::SimOptions options;
    std::uint16_t port = 0;
    std::string key_file;
    std::optional<std::uint64_t> faults;
};

// Carries out on a listener what a fault plan decides.
class FaultyDoor {
public:
    FaultyDoor(sim::SimulatedSystem& system, std::uint64_t seed, run::Clock& clock)
        : system_(system, seed, late_max), clock_(clock) {}

    // Requires: called once, before the listener runs.
    void stand_at(serve::Listener& listener) { listener_ = &listener; }

    serve::Fate fate(const http::Request& request) {
        using sim::Fault;
        fate_ = system_.fate(request);
        if (fate_.fault == Fault::late) execute_later(request);
        if (fate_.fault == Fault::request_lost || fate_.fault == Fault::late)
            return serve::Fate::drop;
        if (fate_.fault == Fault::reply_lost) return serve::Fate::lose;
        return fate_.fault == Fault::reset ? serve::Fate::reset : serve::Fate::answer;
    }
    // Both of the request whose fate was asked for last.
    http::Response handle(const http::Request& request) {
        return system_.handle(request, fate_, clock_.now());
    }
    Duration delay() const { return fate_.fault == sim::Fault::slow ? fate_.delay : Duration{0}; }

private:
    void execute_later(const http::Request& request) {
        listener_->after(fate_.delay, [this, late = system_.prepare_late(request, clock_.now())] {
            system_.execute_late(late, clock_.now());
        });
    }

    sim::FaultySystem system_;
    run::Clock& clock_;
    serve::Listener* listener_ = nullptr;
    sim::FaultPlan::Fate fate_;
};

Result<void> serve_system(SimArguments arguments) {
    if (!arguments.key_file.empty()) {
        TRY(const std::string key, run::read_file(arguments.key_file, key_bytes_max));
        arguments.options.credential = text::trim(key);
    }
    TRY(auto system, sim::make_system(arguments.options));
    run::SystemClock clock;
    std::optional<FaultyDoor> door;
    serve::ListenOptions options;
    if (arguments.faults) {
        door.emplace(*system, *arguments.faults, clock);
        options.fate = [&](const http::Request& request) { return door->fate(request); };
        options.delay = [&](const http::Request&) { return door->delay(); };
    }
    const auto handle = [&](const http::Request& request) {
        return door ? door->handle(request) : system->handle(request, clock.now());
    };
    TRY(auto listener, serve::listen("127.0.0.1", arguments.port, handle, std::move(options)));
    if (door) door->stand_at(*listener);
    StopSignals signals([&] { listener->stop(); });
    print_line(
        fmt::format("{} ready at http://127.0.0.1:{}", arguments.options.kind, listener->port()));
    listener->run();
    return {};
}

std::string kinds_that(bool sim::SystemKind::* can) {
    std::vector<std::string_view> kinds;
    for (const auto& kind : sim::kinds_of_systems()) {
        if (kind.*can) kinds.push_back(kind.kind);
    }
    return fmt::format("{}", fmt::join(kinds, ", "));
}

}  // namespace

void add_sim(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<SimArguments>();
    auto& options = arguments->options;
    CLI::App* sim = cli.add_subcommand("sim", "Serve one simulated system over HTTP on 127.0.0.1");
    sim->footer(
        "Serves one simulated system over HTTP on 127.0.0.1, until Ctrl-C. Its records are\n"
        "made from the seed when DIR is new; started again on the same DIR it is as it was.\n"
        "docs/SIMULATED.md describes its API.");
    sim->add_option("KIND", options.kind,
                    "Which system: " + fmt::format("{}", fmt::join(sim::system_kinds(), ", ")))
        ->required()
        ->check(CLI::IsMember(sim::system_kinds()));
    sim->add_option("--port", arguments->port, "The port to listen on; 0 picks a free one")
        ->required();
    sim->add_option("--records", options.records,
                    "Real things to generate, shared by all systems of one seed")
        ->check(CLI::NonNegativeNumber);
    sim->add_option("--seed", options.seed, "The same seed makes the same records")
        ->capture_default_str();
    sim->add_option("--dir", options.directory, "Where the journal is kept; without it nothing is");
    sim->add_option("--clock", options.clock, "Its limits run so many times faster")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sim->add_flag(
        "--again", options.again,
        fmt::format("One more system with the same things, under its own ids and in other\n"
                    "spellings; of {}",
                    kinds_that(&sim::SystemKind::can_show_again)));
    std::vector<std::string> populations;
    for (const auto& known : sim::kinds_of_populations()) populations.emplace_back(known.name);
    sim->add_option("--population", options.population,
                    "Which things they share: " + sim::populations_in_words(&sim::SystemKind::kind))
        ->check(CLI::IsMember(populations))
        ->capture_default_str();
    sim->add_option(
           "--no-rights", options.no_rights,
           fmt::format("A set that the user may not read, like crm/Accounts; repeatable; of {}",
                       kinds_that(&sim::SystemKind::knows_rights)))
        ->allow_extra_args(false);
    sim->add_option(
        "--faults", arguments->faults,
        "A bad wire: requests and answers are lost, late, doubled, spoiled, as this\n"
        "seed draws; people (X-Sim-Person: yes) see none of it; POST /sim/calm ends it");
    auto* key = sim->add_option("--key", options.credential,
                                "The API key or token it demands (others see it in `ps`)");
    sim->add_option("--key-file", arguments->key_file,
                    "A file that holds the API key or token, alone")
        ->excludes(key);
    sim->callback([arguments, &chosen] {
        chosen = [arguments] {
            auto served = serve_system(*arguments);
            return served ? static_cast<int>(Exit::done) : report(served.error());
        };
    });
}

}  // namespace entente::app
