#include "world/exhaustive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "base/digest.hpp"
#include "world/small_play.hpp"

namespace entente::world {
namespace {

constexpr std::size_t violations_max = 5;

// Breadth first, so that the first trace to a violation is a shortest one. Only the frontier's states are kept; of all others the
// move that led to them, from which a trace is played again.
class Explorer {
public:
    explicit Explorer(const SmallWorld& world) : world_(world), play_(world) {
        report_.world = world.name;
    }

    ExhaustiveReport run();

private:
    using Node = std::uint32_t;
    struct Came {
        Node from = 0;
        Move by;
    };

    void expand(Node node, const SmallState& state);
    void look_at_rest(Node node, const SmallState& state);
    void reach(Node from, const Move& move, SmallState state);
    void judge(Node node, const SmallState& state, const oracle::EngineSight& sight);
    void compare_ends(Node node, const SmallState& state, const oracle::EngineSight& sight);
    void prove_rest();
    // False: one of its guarantee was told before.
    bool blame(const oracle::Violation& violation, Node node, std::optional<Move> last);
    std::vector<std::string> trace_to(Node node, std::optional<Move> last);

    const SmallWorld& world_;
    SmallPlay play_;
    ExhaustiveReport report_;
    std::map<Digest, Node> seen_;
    std::vector<Came> came_;
    std::vector<std::pair<Node, Node>> edges_;  // to, from
    std::vector<Node> rests_;
    std::deque<std::pair<Node, SmallState>> frontier_;
    std::map<std::string, std::map<std::string, Node>> ends_;  // result by history
    std::map<std::string, int> blamed_;
};

ExhaustiveReport Explorer::run() {
    SmallState begin = play_.start();
    seen_.emplace(sketch_of(play_, begin), 0);
    came_.push_back({});
    frontier_.emplace_back(0, std::move(begin));
    while (!frontier_.empty()) {
        const auto [node, state] = std::move(frontier_.front());
        frontier_.pop_front();
        expand(node, state);
    }
    if (report_.violations.empty() && report_.is_complete) prove_rest();
    report_.states = std::ssize(came_);
    report_.histories = std::ssize(ends_);
    return report_;
}

void Explorer::expand(Node node, const SmallState& state) {
    for (const Move& move : play_.moves(state)) reach(node, move, play_.after(state, move));
    if (play_.is_idle(state)) look_at_rest(node, state);
}

// Rest is where a sweep of all systems leads to the same state again.
void Explorer::look_at_rest(Node node, const SmallState& state) {
    const Move sweep{Move::Kind::sweep};
    SmallState swept = play_.after(state, sweep);
    if (sketch_of(play_, swept) != sketch_of(play_, state))
        return reach(node, sweep, std::move(swept));
    ++report_.ends;
    rests_.push_back(node);
    const oracle::EngineSight sight = play_.look(state);
    judge(node, state, sight);
    compare_ends(node, state, sight);
}

void Explorer::reach(Node from, const Move& move, SmallState state) {
    ++report_.transitions;
    if (const auto& bad = state.oracle->verdict().violations(); !bad.empty())
        return void(blame(bad.front(), from, move));
    const auto [found, is_new] =
        seen_.emplace(sketch_of(play_, state), static_cast<Node>(came_.size()));
    edges_.emplace_back(found->second, from);
    if (!is_new) return;
    came_.push_back({from, move});
    if (came_.size() > world_.states_max)
        report_.is_complete = false;
    else
        frontier_.emplace_back(found->second, std::move(state));
}

void Explorer::judge(Node node, const SmallState& state, const oracle::EngineSight& sight) {
    oracle::Oracle oracle = *state.oracle;
    oracle.judge(sight);
    // One value typed twice is one edit to an engine that sees values: which of the two was replaced, nobody can tell.
    for (const oracle::Violation& violation : oracle.verdict().violations())
        if (violation.guarantee != 3 || !state.typed_twice) blame(violation, node, std::nullopt);
    if (oracle.windows() > 0) ++report_.windows;
}

// G2, where nothing went wrong. What costs the order, and is told (docs/GUARANTEES.md): a fault; a write that was open when the process was
// left; an edit overwritten in the open
// window of an unconditional write; what is held or parked for a person; one value typed twice.
void Explorer::compare_ends(Node node, const SmallState& state, const oracle::EngineSight& sight) {
    const bool is_spoiled = state.faults != world_.faults || state.crashes != world_.crashes ||
                            state.clock_sets != world_.clock_sets || state.left_open;
    // A hold costs the order also when a later value has ended it: what the record showed meanwhile was counted as nobody's.
    const bool is_held =
        std::ranges::any_of(sight.links, [](const auto& link) { return !link.held.empty(); }) ||
        std::ranges::any_of(sight.kept, [](const auto& kept) { return !kept.is_decided; });
    if (is_spoiled || is_held || !sight.parked.empty() || state.oracle->windows() > 0 ||
        state.typed_twice)
        return;
    auto& results = ends_[state.history];
    const std::string result = play_.values(state);
    if (!results.emplace(result, node).second || results.size() != 2) return;
    const auto& [other, reached] =
        results.begin()->first == result ? *results.rbegin() : *results.begin();
    if (!blame({2, fmt::format("the same edits end in {} and in {}", other, result)}, node,
               std::nullopt))
        return;
    std::vector<std::string>& trace = report_.violations.back().trace;
    trace.push_back("and otherwise:");
    std::ranges::move(trace_to(reached, std::nullopt), std::back_inserter(trace));
}

// G1: every state can come to rest. Walks back from the ends.
void Explorer::prove_rest() {
    std::ranges::sort(edges_);
    std::vector<bool> can(came_.size());
    std::vector<Node> todo = rests_;
    for (const Node node : rests_) can[node] = true;
    while (!todo.empty()) {
        const Node node = todo.back();
        todo.pop_back();
        for (auto edge = std::ranges::lower_bound(edges_, std::pair(node, Node{0}));
             edge != edges_.end() && edge->first == node; ++edge) {
            if (can[edge->second]) continue;
            can[edge->second] = true;
            todo.push_back(edge->second);
        }
    }
    for (Node node = 0; node < came_.size(); ++node)
        if (!can[node]) {
            blame({1, "there is no way to rest from here"}, node, std::nullopt);
            return;
        }
}

bool Explorer::blame(const oracle::Violation& violation, Node node, std::optional<Move> last) {
    const bool is_known = blamed_[fmt::format("G{}", violation.guarantee)]++ > 0;
    if (is_known || report_.violations.size() >= violations_max) return false;
    report_.violations.push_back(
        {violation.guarantee, violation.text, trace_to(node, std::move(last))});
    return true;
}

std::vector<std::string> Explorer::trace_to(Node node, std::optional<Move> last) {
    std::vector<Move> moves;
    for (Node at = node; at != 0; at = came_[at].from) moves.push_back(came_[at].by);
    std::ranges::reverse(moves);
    if (last) moves.push_back(*last);
    std::vector<std::string> lines;
    SmallState state = play_.start();
    for (const Move& move : moves) {
        std::string line = play_.describe(state, move);
        state = play_.after(state, move);
        lines.push_back(fmt::format("{:<70} {}", line, play_.values(state)));
    }
    return lines;
}

}  // namespace

ExhaustiveReport explore(const SmallWorld& world) {
    return Explorer(world).run();
}

std::string line_of(const ExhaustiveReport& report) {
    std::string out =
        fmt::format("{:<56} {:>8} states {:>9} transitions {:>7} ends {:>6} histories",
                    report.world, report.states, report.transitions, report.ends, report.histories);
    if (report.windows > 0) out += fmt::format(" {:>5} in the window", report.windows);
    if (!report.is_complete) out += " (stopped)";
    out += report.violations.empty() ? "  holds" : "  violates";
    for (const FoundViolation& violation : report.violations)
        out += fmt::format(" G{}", violation.guarantee);
    return out;
}

}  // namespace entente::world
