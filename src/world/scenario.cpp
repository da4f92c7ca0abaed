#include "world/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "model/loader.hpp"
#include "world/scenario_events.hpp"
#include "world/scenario_traits.hpp"

namespace entente::world {
namespace {

constexpr std::string_view title_word = "title: ", why_word = "why: ", end_word = "in the end ";
constexpr std::string_view systems_word = "systems: ", later_word = "joining later: ";
constexpr std::string_view timed_line = "edits of sound records are timed";
constexpr std::string_view goes_on_line = "people go on once all is at rest";
constexpr std::string_view says_word = "the workspace says: ", sqlite_line = "the store is SQLite";
constexpr Duration calm_by_default{20'000};
constexpr std::int64_t percent_max = 100;

// Reads line by line; each sentence changes the scenario.
class Reader {
public:
    explicit Reader(std::string_view file) : file_(file) {
        scenario_.script.calm_from = calm_by_default;
        scenario_.script.seed = 1;
    }

    Result<Scenario> read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            const std::string line = text::trim(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            ++number_;
            if (line.empty() || line.starts_with('#')) continue;
            TRY_VOID(read_line(line));
        }
        TRY_VOID(check_whole());
        return std::move(scenario_);
    }

private:
    Result<void> wrong(std::string what) const {
        return fail(ErrorKind::bad_input, std::move(what), fmt::format("{}:{}", file_, number_));
    }
    Result<void> wrong(const Closest& closest, std::string_view line, std::size_t before) const {
        const std::size_t at = std::min(before + closest.at(), line.size());
        return wrong(
            fmt::format("'{}' is not understood from column {} on ('{}'): there should be {}", line,
                        at + 1, line.substr(at), closest.expected()));
    }

    Result<void> read_line(std::string_view line) {
        Script& script = scenario_.script;
        const auto behind = [&](std::string_view word) { return line.substr(word.size()); };
        if (line.starts_with(title_word)) {
            script.title = behind(title_word);
            return {};
        }
        if (line.starts_with(why_word)) {
            scenario_.why.emplace_back(behind(why_word));
            return {};
        }
        if (line.starts_with(systems_word)) return read_systems(behind(systems_word));
        if (script.systems.empty())
            return wrong(
                fmt::format("before '{}' the systems should be named: 'systems: A, B'", line));
        if (line.starts_with(later_word)) return read_later(behind(later_word));
        if (line.starts_with(says_word)) {
            script.policies += fmt::format("{}\n", behind(says_word));
            return {};
        }
        if (line == sqlite_line) {
            script.on_sqlite = true;
            return {};
        }
        if (line.starts_with(end_word)) return read_expectation(line);
        if (read_frame(line)) return {};
        if (fit("{system} {rest}", line, names_)) return read_of_system(line);
        auto event = take_event(line, names_);
        if (!event) return wrong(event.error(), line, 0);
        script.events.push_back(*std::move(event));
        return {};
    }

    // The numbers of the whole run.
    bool read_frame(std::string_view line) {
        Script& script = scenario_.script;
        const auto number = [&](std::string_view pattern) -> std::optional<std::int64_t> {
            const auto pieces = fit(pattern, line, names_);
            if (!pieces) return std::nullopt;
            return count_of(pieces->front());
        };
        if (const auto seed = fit("the seed is {word}", line, names_)) {
            const std::string& digits = seed->front();
            const auto read =
                std::from_chars(digits.data(), digits.data() + digits.size(), script.seed);
            return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
        }
        if (const auto percent = number("{count} % of the answers come twice");
            percent && *percent <= percent_max) {
            script.repeated_percent = static_cast<int>(*percent);
            return true;
        }
        if (line == timed_line) return script.is_timed = true;
        if (line == goes_on_line) return script.goes_on = true;
        const auto until = fit("people stop at {time}", line, names_);
        if (until) script.calm_from = time_of(until->front());
        return until.has_value();
    }

    Result<void> read_systems(std::string_view list) {
        if (!names_.empty()) return wrong("the systems are named already");
        const auto fits = fit("{names}", list, {});
        if (!fits)
            return wrong(fmt::format("'{}' should be names with commas between them: A, B", list));
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(", "), list.size());
            const std::string name(list.substr(0, end));
            if (std::ranges::find(names_, name) != names_.end())
                return wrong(fmt::format("there are two systems '{}': names should differ", name));
            names_.push_back(name);
            scenario_.script.systems.emplace_back().name = name;
            list.remove_prefix(std::min(list.size(), end + 2));
        }
        scenario_.script.at_first = static_cast<int>(names_.size());
        return {};
    }

    Result<void> read_later(std::string_view list) {
        const std::string all = fmt::format("{}", fmt::join(names_, ", "));
        const auto later = fit("{names}", list, names_)
                               ? std::ranges::count(list, ',') + 1
                               : static_cast<std::ptrdiff_t>(names_.size());
        const auto at_first = static_cast<std::ptrdiff_t>(names_.size()) - later;
        if (at_first < 1 || !all.ends_with(list))
            return wrong(fmt::format(
                "'{}' should be the last of the systems ({}), and not all of them", list, all));
        scenario_.script.at_first = static_cast<int>(at_first);
        return {};
    }

    Result<void> read_of_system(std::string_view line) {
        const std::size_t space = line.find(' ');
        const auto at = static_cast<std::size_t>(system_of(line.substr(0, space), names_));
        const auto taken = take_ability(line.substr(space + 1), scenario_.script.systems[at]);
        if (!taken) return wrong(taken.error(), line, space + 1);
        return {};
    }

    Result<void> read_expectation(std::string_view line) {
        const std::string_view sentence = line.substr(end_word.size());
        const auto checked = check_expectation(sentence, names_);
        if (!checked) return wrong(checked.error(), line, end_word.size());
        scenario_.expectations.push_back({std::string(sentence), number_});
        return {};
    }

    // What only the whole can show: it must be possible to play it.
    Result<void> check_whole() {
        const Script& script = scenario_.script;
        if (script.title.empty()) return wrong("there should be a line 'title: ...'");
        if (script.systems.size() < 2)
            return wrong("there should be at least two systems: 'systems: A, B'");
        const bool joins = std::ranges::any_of(script.events, [](const Event& event) {
            return std::holds_alternative<Join>(event.what);
        });
        const bool is_late = script.at_first < static_cast<int>(script.systems.size());
        if (joins != is_late)
            return wrong("'joining later: ...' and 'at 5 s the others join' should stand together");
        if (joins && script.on_sqlite)
            return wrong("a system can join later only where the store is not SQLite");
        model::LoadInput input;
        input.workspace = {"entente.yaml", sim::workspace_of(script.systems, script.policies)};
        input.catalog = sim::catalog_of(script.systems);
        input.is_set = [](const model::SecretRef&) { return true; };
        const model::LoadResult loaded = model::load(input);
        if (!loaded.workspace)
            return wrong("the workspace cannot be loaded: " +
                         (loaded.diagnostics.empty() ? "" : loaded.diagnostics.front().text()));
        return {};
    }

    std::string file_;
    int number_ = 0;
    Names names_;
    Scenario scenario_;
};

void print_policies(std::string& out, std::string_view policies) {
    while (!policies.empty()) {
        const std::size_t end = std::min(policies.find('\n'), policies.size());
        out += fmt::format("{}{}\n", says_word, policies.substr(0, end));
        policies.remove_prefix(std::min(policies.size(), end + 1));
    }
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, std::string_view file) {
    return Reader(file).read(text);
}

std::string print_scenario(const Script& script) {
    Names names;
    for (const sim::Traits& traits : script.systems) names.push_back(traits.name);
    std::string out = fmt::format("{}{}\n\n{}{}\n", title_word, script.title, systems_word,
                                  fmt::join(names, ", "));
    if (script.at_first < static_cast<int>(names.size()))
        out += fmt::format("{}{}\n", later_word,
                           fmt::join(names.begin() + script.at_first, names.end(), ", "));
    for (const sim::Traits& traits : script.systems)
        for (const std::string& ability : abilities_of(traits))
            out += fmt::format("{} {}\n", traits.name, ability);
    print_policies(out, script.policies);
    if (script.on_sqlite) out += fmt::format("{}\n", sqlite_line);
    out += fmt::format("the seed is {}\n", script.seed);
    if (script.repeated_percent > 0)
        out += fmt::format("{} % of the answers come twice\n", script.repeated_percent);
    if (script.is_timed) out += fmt::format("{}\n", timed_line);
    if (script.goes_on) out += fmt::format("{}\n", goes_on_line);
    out += fmt::format("people stop at {}\n\n", words_of(script.calm_from));
    for (const Event& event : script.events) out += words_of_event(event, names) + "\n";
    return out;
}

std::vector<std::string> failures_of(const Scenario& scenario, const Outcome& outcome) {
    std::vector<std::string> out;
    for (const oracle::Violation& violation : outcome.verdict.violations())
        out.push_back(fmt::format("G{}: {}", violation.guarantee, violation.text));
    for (const Expectation& expectation : scenario.expectations)
        if (const auto what = unmet(expectation, scenario.script, outcome))
            out.push_back(fmt::format("line {}: in the end {}; but {}", expectation.line,
                                      expectation.text, *what));
    return out;
}

}  // namespace entente::world
