#include "crash_world.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/select.h>

#include "base/json.hpp"
#include "oracle.hpp"
#include "run/loopback.hpp"
#include "run/workspace_run.hpp"

namespace entente::e2e {

namespace {

constexpr int looks_max = 1'500;  // a millisecond apart

// How long an unknown create waits before it is looked for is what the real Exact Online needs. The
// simulated one executes nothing later than that, and shows at once what it has made.
void tell_how_fast_exact_is(const std::string& dir, std::string_view late_execution) {
    for (const auto& [file, resource] : {std::pair("accounts", "Accounts"),
                                         {"items", "Items"},
                                         {"quotations", "Quotations"},
                                         {"quotation-lines", "QuotationLines"},
                                         {"sales-orders", "SalesOrders"},
                                         {"sales-order-lines", "SalesOrderLines"}}) {
        write_file(fmt::format("{}/catalog/connectors/exact-online/{}.yaml", dir, file),
                   fmt::format("resource: {}\ncreate: {{visible_after: 0s, late_execution: {}}}\n",
                               resource, late_execution));
    }
}

// As after a restore of the systems: every feed is read from its beginning.
void forget_cursors(const std::string& dir) {
    sqlite3* file = nullptr;
    CHECK(sqlite3_open((dir + "/state/entente.db").c_str(), &file) == SQLITE_OK, "the store");
    const int done = sqlite3_exec(file, "DELETE FROM feeds", nullptr, nullptr, nullptr);
    sqlite3_close(file);
    CHECK(done == SQLITE_OK, "cursors are rows of feeds");
}

}  // namespace

std::string CrashWorld::begin(const std::string& systems) {
    const auto demo = entente({"demo", "--once", "--records", "60", "--seed", "7", "--dir", dir_,
                               "--json", "--systems", systems});
    if (demo.status != 0) return demo.err;
    systems_ = std::make_unique<Systems>(dir_);
    if (systems_->all().size() > 2) tell_how_fast_exact_is(dir_, "500ms");
    std::vector<sim::Workplace> workplaces;
    for (const auto& system : systems_->all())
        workplaces.push_back({system.name, system.kind, system.credential});
    people_ = std::make_unique<sim::People>(
        seed_, workplaces, [this](const std::string& system, http::Request request) {
            request.url = (*systems_)[system].url + request.url;
            return client_.fetch(request);
        });
    people_->leave_alone_what_waits(json_of(read_file(dir_ + "/truth.json")));
    return "";
}

void CrashWorld::people_work(int acts) {
    for (int i = 0; i < acts; ++i) {
        const auto done = people_->act(clock_.now());
        CHECK(sim::append_to_ledger(ledger(), done.edits).has_value(), "a ledger takes edits");
    }
}

void CrashWorld::people_do(sim::Act act) {
    const auto done = people_->act(act, clock_.now());
    CHECK(sim::append_to_ledger(ledger(), done.edits).has_value(), "a ledger takes edits");
}

std::size_t CrashWorld::edits() const {
    return sim::read_ledger(ledger()).value_or(std::vector<sim::Edit>{}).size();
}

Value CrashWorld::statistics(const DemoSystem& system) const {
    const std::string answer = run::ask_loopback(system.port, "/sim/stats");
    const auto body = answer.find("\r\n\r\n");
    return body == std::string::npos ? Value() : json_of(answer.substr(body + 4));
}

std::int64_t CrashWorld::counted(const std::string& what) const {
    std::int64_t all = 0;
    for (const auto& system : systems_->all())
        all += std::max<std::int64_t>(0, number(statistics(system), what));
    return all;
}

std::int64_t CrashWorld::created_in(const std::string& system) {
    return number(statistics((*systems_)[system]), "creates");
}

OpenIntents CrashWorld::open_intents() const {
    OpenIntents open;
    const auto folder = run::require_workspace_folder(dir_);
    if (!folder) return open;
    const auto store = run::open_snapshot(*folder);
    if (!store) return open;
    for (const auto& intent : (*store)->intents()) {
        const auto system = folder->workspace->resource(intent.resource).system;
        const bool is_in_exact = folder->workspace->system(system).name == "ExactOnline";
        ++(intent.is_create() ? open.creates : open.changes);
        open.creates_in_exact += is_in_exact && intent.is_create() ? 1 : 0;
    }
    return open;
}

void CrashWorld::let_pass(std::int64_t more) {
    const std::int64_t until = requests() + more;
    for (int looks = 0; looks < looks_max && requests() < until; ++looks) client_.wait(Duration{1});
}

void CrashWorld::let_pass_us(std::int64_t time) {
    const timespec pause{time / 1'000'000, time % 1'000'000 * 1'000};
    ::pselect(0, nullptr, nullptr, nullptr, &pause, nullptr);
}

void CrashWorld::wait_until_made_more_than(std::int64_t made, const std::string& system) {
    for (int looks = 0; looks < looks_max && created_in(system) <= made; ++looks)
        client_.wait(Duration{1});
}

void CrashWorld::spoil_wire(std::uint64_t seed) {
    if (systems_->all().size() > 2) tell_how_fast_exact_is(dir_, "2s");
    systems_->restart_with_faults(seed);
}

void CrashWorld::calm() {
    for (const auto& system : systems_->all()) {
        const auto answer =
            client_.fetch({"POST", system.url + "/sim/calm", {}, ""}).value_or(http::Response{});
        const Value told = json_of(answer.body);
        const Value* faults = told.find("faults");
        CHECK(faults && faults->is_object(), "a system behind a bad wire tells its faults");
        for (const auto& [name, count] : faults->as_object())
            faults_[name] += count.as_decimal().to_int().value_or(0);
    }
}

std::vector<std::string> CrashWorld::violations() {
    const auto run = entente({"run", dir_, "--until-idle", "--approve"});
    if (!came_to_rest(run))
        return {fmt::format("the engine ended with {}: {}{}", run.status, run.err, run.out)};
    const auto edits = sim::read_ledger(ledger()).value_or(std::vector<sim::Edit>{});
    auto found = disagreements(dir_, systems_->all(), client_, edits);
    for (const auto& edit : lost_edits(dir_, systems_->all(), client_, edits))
        found.push_back("lost: " + edit);
    return found;
}

std::vector<std::string> CrashWorld::run_quietly(const std::string& what) {
    const std::int64_t before = writes();
    const auto run = entente({"run", dir_, "--until-idle", "--approve"});
    const std::int64_t more = writes() - before;
    if (!came_to_rest(run))
        return {fmt::format("{}: ended with {}: {}", what, run.status, run.err)};
    if (more > 0) return {fmt::format("{}: {} writes: {}", what, more, run.out)};
    return {};
}

std::vector<std::string> CrashWorld::violations_at_rest() {
    auto found = run_quietly("another run of what agrees");
    forget_cursors(dir_);
    for (auto& one : run_quietly("a run that has forgotten its cursors"))
        found.push_back(std::move(one));
    return found;
}

}  // namespace entente::e2e
