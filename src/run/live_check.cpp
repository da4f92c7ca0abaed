#include "run/live_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connect/people_text.hpp"

namespace entente::run {

namespace {

using Verdict = report::LiveFinding::Verdict;

std::string counted(std::size_t n) {
    return n == 1 ? "1 record" : fmt::format("{} records", n);
}

bool holds(const std::vector<sync::SeenRecord>& records, const std::string& id) {
    return std::ranges::find(records, id, &sync::SeenRecord::external_id) != records.end();
}

std::vector<ResourceIndex> asked_of(const model::Workspace& workspace, SystemIndex system) {
    std::vector<ResourceIndex> out;
    for (const ResourceIndex index : workspace.system(system).resources) {
        const bool is_nested = bool(workspace.resource(index).nested_in);
        if (!is_nested && !workspace.data_types_of(index).empty()) out.push_back(index);
    }
    return out;
}

}  // namespace

report::LiveFindings LiveCheck::check() {
    for (std::size_t at = 0; at < workspace_.systems.size(); ++at) {
        check_system(SystemIndex{static_cast<std::int32_t>(at)});
    }
    return std::move(found_);
}

void LiveCheck::tell(Verdict verdict, std::string where, std::string_view what, std::string text,
                     std::string_view right) {
    found_.push_back(
        {verdict, std::move(where), std::string(what), std::move(text), std::string(right)});
}

std::string LiveCheck::name_of(ResourceIndex resource) const {
    const auto& declared = workspace_.resource(resource);
    return fmt::format("{}.{}", workspace_.system(declared.system).name, declared.name);
}

void LiveCheck::check_system(SystemIndex system) {
    is_let_in_ = is_refused_ = false;
    const auto& declared = workspace_.system(system);
    const std::size_t login_at = found_.size();
    const std::vector<ResourceIndex> resources = asked_of(workspace_, system);
    for (const ResourceIndex resource : resources) {
        check_resource(resource);
        if (is_refused_ && !is_let_in_) break;
    }
    if (is_let_in_) check_metadata(system, resources);
    report::LiveFinding login{Verdict::ok, declared.name, "login",
                              fmt::format("{} lets us in", declared.base_url), ""};
    if (!is_let_in_) {
        login.verdict = is_refused_ ? Verdict::wrong : Verdict::open;
        login.text = is_refused_ ? "it is refused" : "no call was answered as it should be";
        login.right = is_refused_ ? "look at the secrets in `auth` of entente.yaml, and at `auth` "
                                    "of the connector; nothing more was asked"
                                  : fmt::format("is {} the right `base_url`?", declared.base_url);
    }
    found_.insert(found_.begin() + static_cast<std::ptrdiff_t>(login_at), std::move(login));
}

std::optional<sync::Answer> LiveCheck::asked(const sync::Call& call, std::string_view what,
                                             std::string_view right) {
    const ResourceIndex resource = sync::resource_of(call);
    Result<sync::Answer> answer = caller_.ask(call);
    if (!answer) {
        tell(Verdict::wrong, name_of(resource), what, answer.error().text, right);
        return std::nullopt;
    }
    if (answer->outcome == sync::Outcome::ok) {
        is_let_in_ = true;
        return *std::move(answer);
    }
    const bool is_refused =
        answer->outcome == sync::Outcome::auth || answer->outcome == sync::Outcome::forbidden;
    is_refused_ = is_refused_ || is_refused;
    tell(Verdict::wrong, name_of(resource), what, answer->message,
         is_refused ? "may this login read it?" : right);
    return std::nullopt;
}

void LiveCheck::check_resource(ResourceIndex resource) {
    const auto first = first_page(resource);
    if (!first) return;
    for (auto& finding : report::judge_records(workspace_, resource, first->records)) {
        found_.push_back(std::move(finding));
    }
    check_removals(resource);
    if (first->records.empty() && !first->bad_rows.empty()) return;
    if (first->records.empty()) return check_rights(resource);
    check_next_page(resource, *first);
    check_record(resource, first->records.front());
    check_changes(resource, *first);
    check_search(resource, *first);
}

std::optional<sync::Answer> LiveCheck::first_page(ResourceIndex resource) {
    const std::string right = fmt::format(
        "is {} the path of these records, `list` where they stand in a page, "
        "and `key` what identifies one?",
        workspace_.resource(resource).path);
    auto answer = asked(sync::ListCall{resource, std::nullopt, ""}, "list", right);
    if (answer && !answer->bad_rows.empty()) {
        const sync::BadRow& bad = answer->bad_rows.front();
        tell(Verdict::wrong, name_of(resource), "list",
             fmt::format(
                 "{} of {} in the first page cannot be read: row {}: {}", answer->bad_rows.size(),
                 counted(answer->bad_rows.size() + answer->records.size()), bad.number, bad.why),
             right);
    } else if (answer) {
        tell(Verdict::ok, name_of(resource), "list",
             fmt::format("{} in the first page", counted(answer->records.size())));
    }
    return answer;
}

void LiveCheck::check_rights(ResourceIndex resource) {
    if (workspace_.system(workspace_.resource(resource).system).rest.rights_path.empty()) return;
    const auto answer =
        asked(sync::RightsCall{resource}, "rights", "is `rights` what this system says of rights?");
    if (answer) tell(Verdict::ok, name_of(resource), "rights", "this login may read it");
}

void LiveCheck::check_next_page(ResourceIndex resource, const sync::Answer& first) {
    using Paging = model::RestProtocol::Paging;
    const auto& rest = workspace_.system(workspace_.resource(resource).system).rest;
    constexpr std::string_view what = "second page";
    if (rest.paging == Paging::none) {
        tell(Verdict::ok, name_of(resource), what, "there is none: `paging` is not declared");
        return;
    }
    if (first.next.empty()) {
        tell(Verdict::open, name_of(resource), what,
             fmt::format("the first holds all: {}", counted(first.records.size())),
             "look again when there are more");
        return;
    }
    const auto answer = asked(sync::ListCall{resource, std::nullopt, first.next}, what,
                              "is `paging` how this system goes on?");
    if (!answer) return;
    const auto again = std::ranges::find_if(answer->records, [&](const sync::SeenRecord& record) {
        return holds(first.records, record.external_id);
    });
    if (again == answer->records.end()) {
        tell(Verdict::ok, name_of(resource), what,
             fmt::format("{}, none of them of the first page", counted(answer->records.size())));
        return;
    }
    tell(Verdict::wrong, name_of(resource), what,
         fmt::format("{} stands in the first page already", again->external_id),
         "are the parameters of `paging` named as this system names them, and its pages in a fixed "
         "order?");
}

void LiveCheck::check_record(ResourceIndex resource, const sync::SeenRecord& shown) {
    const auto& rest = workspace_.system(workspace_.resource(resource).system).rest;
    constexpr std::string_view what = "record";
    const auto answer =
        asked(sync::ReadCall{resource, shown.external_id}, what,
              "is `key` the property that addresses a record, and `record` its address?");
    if (!answer) return;
    if (answer->records.empty()) {
        tell(Verdict::wrong, name_of(resource), what,
             fmt::format("reading {} shows nothing", shown.external_id), "look at `single`");
        return;
    }
    const bool is_versioned =
        !rest.precondition_header.empty() && report::is_written(workspace_, resource);
    if (is_versioned && answer->records.front().etag.empty()) {
        tell(Verdict::wrong, name_of(resource), "version",
             fmt::format("{} shows none, neither in its body nor in the header ETag, so no write "
                         "can name it in {}",
                         shown.external_id, rest.precondition_header),
             "say where it stands in `version: {etag: PATH}`, or leave `precondition` out");
        return;
    }
    tell(Verdict::ok, name_of(resource), what,
         fmt::format("{} is read by its key{}", shown.external_id,
                     is_versioned ? ", and shows its version" : ""));
}

// What changed at or after the newest time of the page must hold the record that has it.
void LiveCheck::check_changes(ResourceIndex resource, const sync::Answer& first) {
    const auto& declared = workspace_.resource(resource);
    const auto& rest = workspace_.system(declared.system).rest;
    const bool is_asked = !rest.modified_filter.parameter.empty() && declared.feed_path.empty() &&
                          !declared.feed_is_whole;
    const auto newest = std::ranges::max_element(
        first.records, {}, [](const auto& record) { return record.modified.value_or(Instant{0}); });
    if (!is_asked || !newest->modified) return;
    constexpr std::string_view what = "changes";
    constexpr std::string_view right = "is `modified: {filter: ...}` how this system is asked?";
    const Instant since = *newest->modified - rest.modified_overlap;
    const auto answer = asked(sync::ListCall{resource, since, ""}, what, right);
    if (!answer) return;
    const auto older = std::ranges::find_if(answer->records, [&](const auto& record) {
        return record.modified && *record.modified + rest.modified_granularity < since;
    });
    if (older != answer->records.end()) {
        tell(Verdict::wrong, name_of(resource), what,
             fmt::format("asked for what changed since {}, it shows {}, which changed {}",
                         format_instant(since), older->external_id,
                         format_instant(*older->modified)),
             right);
    } else if (answer->next.empty() && !holds(answer->records, newest->external_id)) {
        tell(Verdict::wrong, name_of(resource), what,
             fmt::format("asked for what changed since {}, it leaves out {}, which changed {}",
                         format_instant(since), newest->external_id,
                         format_instant(*newest->modified)),
             "declare an `overlap` in `modified`, or `zone` where its times name none");
    } else {
        tell(Verdict::ok, name_of(resource), what,
             fmt::format("{} since {}", counted(answer->records.size()), format_instant(since)));
    }
}

void LiveCheck::check_removals(ResourceIndex resource) {
    if (workspace_.resource(resource).removals.path.empty()) return;
    sync::ListCall call{resource, std::nullopt, ""};
    call.since_version = 0;
    call.is_of_removals = true;
    const auto answer = asked(call, "removals", "is `removals` where this system lists them?");
    if (!answer) return;
    tell(Verdict::ok, name_of(resource), "removals",
         fmt::format("{} in the first page", counted(answer->records.size())));
}

void LiveCheck::check_search(ResourceIndex resource, const sync::Answer& first) {
    for (const model::SearchField& field : workspace_.resource(resource).search) {
        const auto has_value = [&](const sync::SeenRecord& record) {
            const Value* value = record.body.at_path(field.path);
            return value != nullptr &&
                   (value->is_decimal() || (value->is_text() && !value->as_text().empty()));
        };
        const auto record = std::ranges::find_if(first.records, has_value);
        const std::string what = fmt::format("search by {}", field.path);
        if (record == first.records.end()) {
            tell(Verdict::open, name_of(resource), what, "no record of the page has a value there",
                 "look again when one has");
            continue;
        }
        const Value& value = *record->body.at_path(field.path);
        const auto answer = asked(sync::SearchCall{resource, {{field.path, value}}}, what,
                                  "is `search` how this system is asked?");
        if (!answer) continue;
        const bool is_found = holds(answer->records, record->external_id);
        if (is_found || !answer->next.empty()) {
            tell(Verdict::ok, name_of(resource), what,
                 fmt::format("{} found", counted(answer->records.size())));
        } else {
            tell(Verdict::wrong, name_of(resource), what,
                 fmt::format("its value in {} finds {}, and not that one", record->external_id,
                             counted(answer->records.size())),
                 "is the parameter right, and does it compare whole values?");
        }
    }
}

void LiveCheck::check_metadata(SystemIndex system, const std::vector<ResourceIndex>& resources) {
    const auto& declared = workspace_.system(system);
    if (declared.rest.metadata_path.empty()) return;
    constexpr std::string_view what = "$metadata";
    constexpr std::string_view none =
        "say `metadata: PATH` in the connector, or `metadata: none` if there is none";
    const auto response = caller_.ask_for_metadata(system);
    if (!response) return tell(Verdict::wrong, declared.name, what, response.error().text, none);
    if (response->status == 404) {
        return tell(Verdict::open, declared.name, what,
                    "there is none: names and types are those "
                    "of the pages only",
                    none);
    }
    if (response->status != 200) {
        const bool is_redirect = response->status >= 300 && response->status < 400;
        return tell(Verdict::wrong, declared.name, what,
                    is_redirect
                        ? fmt::format("answers with a redirect ({}), which is never followed",
                                      response->status)
                        : fmt::format("answered {}: {}", response->status,
                                      connect::beginning_of(connectors_[system.at()].mask().masked(response->body))),
                    none);
    }
    const auto metadata = model::read_metadata(response->body);
    if (!metadata) return tell(Verdict::wrong, declared.name, what, metadata.error().text, none);
    tell(Verdict::ok, declared.name, what,
         fmt::format("version {}, {} lists", metadata->version, metadata->sets.size()));
    for (const ResourceIndex resource : resources) {
        for (auto& finding : report::judge_metadata(workspace_, resource, *metadata)) {
            found_.push_back(std::move(finding));
        }
    }
}

}  // namespace entente::run
