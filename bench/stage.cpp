#include "bench/stage.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

#include "model/loader.hpp"

namespace entente::bench {
namespace {

std::int64_t nanoseconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

void give_up(const std::string& why) {
    fmt::print(stderr, "bench: {}\n", why);
    std::exit(1);
}

void must(Result<void> result) {
    if (!result) give_up(result.error().message());
}

void Stopwatch::start() {
    begun_ = nanoseconds(CLOCK_MONOTONIC);
    begun_cpu_ = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
}

void Stopwatch::stop() {
    passed_ += nanoseconds(CLOCK_MONOTONIC) - begun_;
    used_ += nanoseconds(CLOCK_THREAD_CPUTIME_ID) - begun_cpu_;
}

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "entente-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) give_up("cannot make a folder in " + name);
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Places nowhere(int systems) {
    Places out;
    for (int i = 1; i <= systems; ++i) out.urls.push_back(fmt::format("http://127.0.0.1:{}", i));
    return out;
}

model::Workspace load_workspace(const Places& places) {
    const auto shipped = model::shipped_catalog();
    std::string systems;
    for (std::size_t i = 0; i < places.urls.size(); ++i) {
        const bool is_erp = kind_of(i) == ShelfKind::erp;
        systems += fmt::format(
            "  {}: {{connector: custom-{}, base_url: \"{}\", auth: {{{}: \"${{KEY}}\"}}}}\n",
            static_cast<char>('A' + i), is_erp ? "erp" : "webshop", places.urls[i],
            is_erp ? "token" : "api_key");
    }
    auto loaded = model::load({
        .workspace = {"entente.yaml",
                      fmt::format("workspace: bench\nstore: state/entente.db\nsystems:\n{}"
                                  "flows: derived\n",
                                  systems)},
        .catalog = {shipped.begin(), shipped.end()},
        .overlay = {},
        .is_set = [](const model::SecretRef&) { return true; },
    });
    for (const auto& diagnostic : loaded.diagnostics)
        if (diagnostic.severity == model::Diagnostic::Severity::error) give_up(diagnostic.text());
    if (!loaded.workspace) give_up("the workspace does not load");
    for (model::System& system : loaded.workspace->systems) {
        system.rest.page_size = rows_per_page;
        system.rest.quotas.clear();
        system.rest.concurrent = places.concurrent;
    }
    return std::move(*loaded.workspace);
}

std::vector<connect::RestConnector> open_connectors(const model::Workspace& workspace) {
    std::vector<connect::RestConnector> out;
    for (std::size_t i = 0; i < workspace.systems.size(); ++i) {
        std::map<std::string, std::string> secrets;
        for (const auto& [name, reference] : workspace.systems[i].secrets)
            secrets[name] = "bench-secret";
        out.push_back(
            must(connect::RestConnector::open(workspace, {static_cast<std::int32_t>(i)}, secrets)));
    }
    return out;
}

Stage::Stage(const model::Workspace& workspace, std::vector<Shelf*> shelves)
    : workspace_(workspace), shelves_(std::move(shelves)), connectors_(open_connectors(workspace)) {
    if (shelves_.size() != workspace.systems.size()) give_up("each system has a shelf");
}

sync::Answered Stage::answer(sync::Effect effect, Stopwatch& watch) {
    const connect::RestConnector& connector = connectors_[effect.system.at()];
    http::Request request = must(connector.request(effect.call));
    request.url.erase(0, request.url.find('/', request.url.find("//") + 2));
    watch.stop();
    const http::Response response = shelves_[effect.system.at()]->handle(request, now_);
    watch.start();
    sync::Answer answer = connector.answer(effect.call, response);
    if (answer.outcome != sync::Outcome::ok) give_up(request.url + ": " + answer.message);
    answer.began = answer.ended = now_;
    return {std::move(effect), std::move(answer)};
}

void Stage::step(sync::Engine& engine, std::vector<sync::Event> events, Run& run) {
    now_.ms += 1;
    sync::StepResult result = must(engine.step(events, now_));
    for (sync::Effect& effect : result.effects) {
        if (sync::is_write(effect.call)) give_up("a record that agrees everywhere was written");
        effects_.push_back(std::move(effect));
    }
    ++run.steps;
}

Stage::Run Stage::sweep(sync::Engine& engine, std::int64_t records,
                        const std::function<void()>& half_way) {
    Run run;
    run.watch.start();
    std::vector<sync::Event> due;
    for (std::size_t i = 0; i < workspace_.resources.size(); ++i)
        if (!workspace_.resources[i].nested_in)
            due.emplace_back(sync::FeedDue{{static_cast<std::int32_t>(i)}, true});
    step(engine, std::move(due), run);
    bool told = false;
    while (true) {
        std::vector<sync::Event> events;
        if (!effects_.empty()) {
            sync::Effect next = std::move(effects_.front());
            effects_.pop_front();
            sync::Answered answered = answer(std::move(next), run.watch);
            run.records += static_cast<std::int64_t>(answered.answer.records.size());
            events.emplace_back(std::move(answered));
        } else if (engine.next_due() <= now_) {
            events.emplace_back(sync::TimePassed{});
        } else if (engine.at_rest()) {
            break;
        } else {
            for (std::size_t i = 0; i < workspace_.systems.size(); ++i)
                events.emplace_back(sync::Room{{static_cast<std::int32_t>(i)}, 1});
        }
        step(engine, std::move(events), run);
        if (run.steps > 1000 + records) give_up("the engine does not come to rest");
        if (!told && run.records >= records / 2) {
            told = true;
            half_way();
        }
    }
    run.watch.stop();
    return run;
}

}  // namespace entente::bench
