#include "world/company_judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/desk.hpp"

namespace entente::world {
namespace {

// "lines[17].quantity" -> "17", "quantity"; empty for a field of the record itself.
std::pair<std::string, std::string> line_field(const std::string& property) {
    constexpr std::string_view start = "lines[", middle = "].";
    const std::size_t end = property.find(middle);
    if (!property.starts_with(start) || end == std::string::npos) return {};
    return {property.substr(start.size(), end - start.size()),
            property.substr(end + middle.size())};
}

// What the edited field shows now; null pointer: it is not there.
const Value* shown_in(const Value& record, const std::string& property) {
    const auto [line, field] = line_field(property);
    if (line.empty()) return record.at_path(property);
    const Value* lines = record.find("lines");
    if (!lines || !lines->is_list()) return nullptr;
    for (const Value& one : lines->as_list())
        if (const Value* id = one.find("id"); id && sim::id_text(*id) == line)
            return one.at_path(field);
    return nullptr;
}

// Whether a URL is about the record of this id: ".../c-17", "...(guid'5a1e')", "ID eq guid'5a1e'".
bool names_record(const std::string& url, const std::string& id) {
    return url.ends_with("/" + id) || url.find("'" + id + "'") != std::string::npos;
}

bool is_about(const sim::Edit& edit, const Told::Record& record) {
    const auto& [system, path, id] = record;
    const std::string line = line_field(edit.property).first;
    const std::string edited = sim::id_text(edit.id);
    return system == edit.system &&
           path.ends_with("/" + edit.resource + (line.empty() ? "" : "/lines")) &&
           id == (line.empty() ? edited : edited + "/" + line);
}

// Whether it removed the line that the other one was about.
bool removes_line_of(const sim::Edit& later, const sim::Edit& edit) {
    return later.act == "remove_line" && later.system == edit.system &&
           later.resource == edit.resource && later.id == edit.id &&
           (later.property.empty() || edit.property.starts_with(later.property + "."));
}

bool is_same_field(const sim::Edit& left, const sim::Edit& right) {
    return left.system == right.system && left.resource == right.resource && left.id == right.id &&
           left.property == right.property;
}

}  // namespace

CompanyJudge::CompanyJudge(Company& company) : company_(company) {
    for (std::size_t i = 0; i < company.size(); ++i) secrets_.push_back({i, company.credential(i)});
}

void CompanyJudge::leaving(const Flight& flight, std::span<const Flight> parts) {
    ++requests_;
    judge_secrecy(flight);
    for (const Flight& part : parts) {
        if (part.asked == Spoil::Asked::read) continue;
        ++writes_;
        if (silence_ != 0)
            verdict_.violated(silence_,
                              fmt::format("{} {} {} {}", part.request.method, part.request.url,
                                          part.request.body, silent_when_));
        verdict_.check(12, part.request.method != "DELETE", [&] {
            return fmt::format("{} was asked to remove {}", company_.name(part.system),
                               part.request.url);
        });
    }
}

void CompanyJudge::judge_secrecy(const Flight& flight) {
    std::string said = flight.request.url + " " + flight.request.body;
    for (const auto& [name, value] : flight.request.headers) said += " " + value;
    for (const Secret& secret : secrets_) {
        const bool is_for_token = !secret.is_token && by_token_.contains(secret.system);
        const bool may_hold = secret.system == flight.system && flight.is_login == is_for_token;
        verdict_.check(19, may_hold || !said.contains(secret.text), [&] {
            return fmt::format("the {} of {} was sent to {} with {}",
                               secret.is_token ? "token" : "login", company_.name(secret.system),
                               company_.name(flight.system), flight.request.url);
        });
    }
}

void CompanyJudge::executed(const Flight& part, const http::Response& response, Instant now) {
    const bool is_done = response.status >= 200 && response.status < 300;
    if (!is_done) return;
    if (part.is_login) {
        const Value token = json::read(response.body).value_or(Value());
        if (const Value* text = token.find("access_token"))
            secrets_.push_back({part.system, text->as_text(), true});
        return;
    }
    if (silence_ != 0) return;
    const bool is_write = part.asked != Spoil::Asked::read;
    if (part.asked == Spoil::Asked::create) ++creates_;
    if (is_write && http::find(part.request.headers, "If-Match")) return;
    executed_.push_back(
        {part.system, is_write, http::percent_decode(part.request.url), part.left, now});
}

void CompanyJudge::expect_silence(int guarantee, std::string when) {
    silence_ = guarantee;
    silent_when_ = std::move(when);
    verdict_.tried(guarantee);
}

void CompanyJudge::judge(const Told& told, const Company::LetPass& let_pass) {
    verdict_.check(1, !told.is_stopped, [] { return "the guard has stopped a data type"; });
    for (const std::string& text : told.texts)
        for (const Secret& secret : secrets_)
            verdict_.check(19, !text.contains(secret.text),
                           [&] { return "a secret stands in: " + text; });
    judge_agreement(told, judge_held(told), let_pass);
    judge_edits(told, let_pass);
}

// Whether the edit typed a value that the reason shows; a record that was made shows all of its values.
bool was_typed(const sim::Edit& edit, const std::string& reason) {
    if (!edit.after.is_object()) return reason.contains(json::write(edit.after));
    return std::ranges::any_of(edit.after.as_object(), [&](const auto& field) {
        return reason.contains(json::write(field.second));
    });
}

// What a person typed between our write and our read-back cannot be told from the system's own form: it is held with both values (G3),
// and may differ. Nothing else is held in these systems.
std::int64_t CompanyJudge::judge_held(const Told& told) {
    for (const Told::Held& held : told.held)
        verdict_.check(16,
                       std::ranges::any_of(company_.ledger(),
                                           [&](const sim::Edit& edit) {
                                               return is_about(edit, held.record) &&
                                                      was_typed(edit, held.reason);
                                           }),
                       [&] {
                           return fmt::format("{} {} {} is held without a cause: {}",
                                              std::get<0>(held.record), std::get<1>(held.record),
                                              std::get<2>(held.record), held.reason);
                       });
    return static_cast<std::int64_t>(told.held.size());
}

void CompanyJudge::judge_agreement(const Told& told, std::int64_t held,
                                   const Company::LetPass& let_pass) {
    const auto found = company_.check(let_pass);
    CHECK(found.has_value(), found ? "" : found.error().message());
    const std::string texts = fmt::format("{}", fmt::join(found->explanations, "; "));
    const auto none = [&](int guarantee, std::int64_t count, std::string_view what) {
        verdict_.check(guarantee, count == 0,
                       [&] { return fmt::format("{} {}: {}", count, what, texts); });
    };
    none(1, std::max<std::int64_t>(0, found->differ - held), "values differ and are not held");
    none(1, found->missing, "records are missing");
    none(6, found->duplicates, "records are doubled");
    none(7, found->wrong_links, "records are linked wrongly, or made by nobody");
    judge_questions(told, *found);
}

// Exactly what only a person can know waits for one: nothing is guessed, and nobody is asked what records tell.
void CompanyJudge::judge_questions(const Told& told, const checker::Verdict& found) {
    std::set<Told::Record> unexplained = told.asked;
    for (const checker::Question& question : found.questions) {
        const std::int64_t asked = std::ranges::count_if(told.asked, [&](const auto& record) {
            const auto& [system, path, id] = record;
            const bool is_asked = std::ranges::find(question.records, std::pair(system, id)) !=
                                  question.records.end();
            if (is_asked) unexplained.erase(record);
            return is_asked;
        });
        verdict_.check(7, asked == 1, [&] {
            return fmt::format("{} {} is asked about {} times: {}", question.records[0].first,
                               question.records[0].second, asked, question.why);
        });
    }
    for (const auto& [system, path, id] : unexplained)
        verdict_.check(7, false, [&] {
            return fmt::format("{} {} {} is in question, though nobody needs to ask", system, path,
                               id);
        });
    for (const auto& [reason, count] : {std::pair(sync::ParkReason::ambiguous, found.ambiguous),
                                        std::pair(sync::ParkReason::duplicate, found.doubled)}) {
        const auto at = told.parked.find(reason);
        const std::int64_t parked = at == told.parked.end() ? 0 : at->second;
        verdict_.check(7, parked == count, [&] {
            return fmt::format("{} records are parked as {}, the truth has {}", parked,
                               sync::name_of(reason), count);
        });
    }
}

// Every edit stands where it was typed, was overtaken there, or is told by the history.
void CompanyJudge::judge_edits(const Told& told, const Company::LetPass& let_pass) {
    const auto& edits = company_.ledger();
    for (auto edit = edits.begin(); edit != edits.end(); ++edit) {
        const bool is_overtaken =
            std::any_of(std::next(edit), edits.end(), [&](const sim::Edit& later) {
                return is_same_field(*edit, later) || removes_line_of(later, *edit);
            });
        const bool is_kept_so = is_overtaken || is_kept(*edit, told, let_pass);
        const bool is_excused = !is_kept_so && (was_in_a_window(*edit) || was_filled(*edit, told));
        if (is_excused) ++windows_;
        verdict_.check(3, is_kept_so || is_excused,
                       [&] { return "lost: " + json::write(sim::to_json(*edit)); });
    }
}

bool CompanyJudge::is_kept(const sim::Edit& edit, const Told& told,
                           const Company::LetPass& let_pass) {
    if (edit.act == "remove_line") return true;  // and what is typed again is an edit of its own
    const Value record = company_.shown_to_people(edit, let_pass);
    if (edit.property.empty() || edit.act == "add_line") return record.is_object();
    const Value* shown = shown_in(record, edit.property);
    if (shown && *shown == edit.after) return true;
    return std::ranges::any_of(told.values, [&](const auto& known) {
        return is_about(edit, known.first) && known.second.contains(json::write(edit.after));
    });
}

// Overwritten in a system without versions, between our look at the record and our write to it: it leaves no trace there.
bool CompanyJudge::was_in_a_window(const sim::Edit& edit) const {
    const std::string id = sim::id_text(edit.id);
    Instant compared_at = Instant::never();
    for (const Executed& one : executed_) {
        const bool is_about_it =
            company_.name(one.system) == edit.system && names_record(one.url, id);
        if (!is_about_it) continue;
        if (!one.is_write) {
            compared_at = one.at;
            continue;
        }
        if (edit.time >= compared_at && edit.time <= one.at) return true;
        compared_at = Instant::never();
    }
    return false;
}

// Emptied before the record was linked, which is no edit, or in what a create or a write of unknown outcome had made, before that
// was known: nothing tells it from what we left out, or from what never came (G3).
bool CompanyJudge::was_filled(const sim::Edit& edit, const Told& told) {
    return sim::is_blank(edit.after) &&
           std::ranges::any_of(told.known_from, [&](const auto& known) {
               return is_about(edit, known.first) && edit.time <= known.second;
           });
}

}  // namespace entente::world
