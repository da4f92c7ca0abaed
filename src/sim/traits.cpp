#include "sim/traits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace entente::sim {
namespace {

constexpr const char* thing_model = R"(model: thing
properties:
  code: {type: text, identifies: yes}
  name: {type: text}
  note: {type: text}
  amount: {type: decimal}
  owner: {type: reference, to: owner}
  lines: {type: list, of: line}
match: [[code], [name]]
)";

constexpr const char* owner_model = R"(model: owner
properties:
  code: {type: text, required: true}
match: [[code]]
)";

constexpr const char* line_model = R"(model: line
properties:
  text: {type: text, required: true}
  quantity: {type: decimal}
match: [[text, quantity], [text]]
)";

std::string connector_of(const Traits& traits) {
    return "like-" + text::lower(traits.name);
}

std::string time_text(Duration d) {
    return fmt::format("{}ms", d.ms);
}

// How far a poll reaches back: to what was still hidden when the last one ended, and to times that were cut.
Duration overlap_of(const Traits& traits) {
    constexpr Duration spare{1'000};
    const Duration hidden = std::max(traits.lag, traits.visible_after);
    return {hidden.ms + traits.granularity.ms + spare.ms};
}

std::string paging_of(const Traits& traits) {
    switch (traits.paging) {
        case Traits::Paging::none:
            return "paging: {kind: none}\n";
        case Traits::Paging::page:
            return fmt::format("paging: {{kind: page, page: page, size: size, page_size: {}}}\n",
                               traits.page_size);
        case Traits::Paging::cursor:
            return fmt::format(
                "paging: {{kind: cursor, cursor: cursor, next: next, size: size, page_size: {}}}\n",
                traits.page_size);
        case Traits::Paging::link:
            return fmt::format("paging: {{kind: link, next: next, size: size, page_size: {}}}\n",
                               traits.page_size);
    }
    std::unreachable();
}

std::string modified_of(const Traits& traits) {
    const std::string lag = "lag: " + time_text(traits.lag);
    if (traits.feed == Traits::Feed::none)
        // Such a system shows no time at all, but that it lags stands here and nowhere else.
        return traits.lag.ms == 0 ? "" : fmt::format("modified: {{property: modified, {}}}\n", lag);
    const bool is_filter = traits.feed == Traits::Feed::modified;
    return fmt::format("modified: {{property: modified, granularity: {}, overlap: {}, {}{}}}\n",
                       time_text(traits.granularity), time_text(overlap_of(traits)), lag,
                       is_filter ? ", filter: since" : "");
}

std::string update_of(const Traits& traits) {
    const bool is_silent = traits.update_answer == Traits::Answer::nothing;
    return fmt::format("update: {{verb: {}{}}}\n", traits.full_update ? "PUT, full: true" : "PATCH",
                       is_silent ? ", answer: nothing" : "");
}

std::string connector_file(const Traits& traits) {
    std::string out = fmt::format(
        "connector: {}\nprotocol: rest\n"
        "auth: {{header: X-Api-Key, value: \"{{api_key}}\", needs: [api_key]}}\n"
        "list: {{rows: data{}{}}}\n"
        "errors: {{message: error.message, code: error.code, field: error.field, "
        "already_exists: [duplicate]}}\n",
        connector_of(traits), traits.tells_total ? ", total: total" : "",
        traits.sorts_by_key ? ", order: sort" : "");
    out += paging_of(traits) + modified_of(traits) + update_of(traits);
    if (traits.versions != Traits::Versions::none)
        out += fmt::format("version: {{etag: {}, precondition: If-Match}}\n",
                           traits.versions == Traits::Versions::timed ? "modified" : "etag");
    if (traits.grade == Traits::Grade::keyed)
        out += "create: {verb: POST, idempotency: Idempotency-Key}\n";
    if (traits.quota > 0)
        out += fmt::format(
            "budget: {{quotas: [{{requests: {}, per: {}, remaining: X-Remaining, reset: X-Reset, "
            "reset_in: epoch_milliseconds}}]}}\n",
            traits.quota, time_text(traits.quota_per));
    if (traits.rights) out += "rights: {path: /rights, query: {of: \"{resource}\"}, at: may}\n";
    return out;
}

// What a resource says of creates and changes. `search`: the field that finds one of it; empty: none.
std::string resource_head(const Traits& traits, const std::string& name, std::string search,
                          bool is_always_searched) {
    std::string grade = "none";
    if (traits.grade == Traits::Grade::keyed) grade = "keyed";
    if (traits.grade == Traits::Grade::searchable) grade = "searchable";
    if (grade != "searchable" && !is_always_searched) search.clear();
    std::string out =
        fmt::format("resource: {0}\npath: /{0}\nkey: id\ncreate: {{grade: {1}", name, grade);
    if (!search.empty()) out += fmt::format(", search: [{}]", search);
    out += fmt::format(", visible_after: {}, late_execution: {}{}}}\n",
                       time_text(traits.visible_after), time_text(traits.late_execution),
                       traits.create_shows_key ? ", answer: key" : "");
    if (traits.feed == Traits::Feed::row_version)
        out += fmt::format(
            "feed: {{path: /changes/{}, row_version: row, filter: {{parameter: after, value: "
            "\"{{version}}\"}}}}\n",
            name);
    return out;
}

struct FormWords {
    std::string field, mapping;  // what the connector adds to the field and to its mapping
};

FormWords words_of(const Traits& traits, std::size_t property) {
    if (!traits.declared[property]) return {};
    const bool is_number = formed_properties[property] == "amount";
    switch (traits.forms[property]) {
        case Form::upper:
            return is_number ? FormWords{} : FormWords{"", ", text: [upper]"};
        case Form::trimmed:
            return is_number ? FormWords{} : FormWords{"", ", text: [trim]"};
        case Form::cut:
            return is_number ? FormWords{} : FormWords{", max: 12", ", longer: truncate"};
        case Form::rounded:
            return is_number ? FormWords{", digits: 2", ""} : FormWords{};
        case Form::as_is:
        case Form::ignored:
        case Form::refused:
        case Form::choosy:
            return {};
    }
    std::unreachable();
}

std::string list_of_things(const Traits& traits) {
    switch (traits.lines) {
        case Traits::Lines::none:
        case Traits::Lines::beside:
            return "";
        case Traits::Lines::inside:
            return "  lines: {type: list, properties: {text: {type: text, required: true}, "
                   "quantity: {type: decimal}}}\n";
        case Traits::Lines::with_parent:
            return "  lines: {type: list, access: write_only}\n";
    }
    std::unreachable();
}

std::string things_file(const Traits& traits) {
    std::string out = resource_head(traits, "things", "code", false);
    out += "properties:\n  code: {type: text}\n";
    std::string map = "code: code";
    for (std::size_t i = 0; i < formed_properties.size(); ++i) {
        const std::string_view name = formed_properties[i];
        const FormWords words = words_of(traits, i);
        out += fmt::format("  {}: {{type: {}{}}}\n", name, name == "amount" ? "decimal" : "text",
                           words.field);
        map += fmt::format(", {0}: {{path: {0}{1}}}", name, words.mapping);
    }
    if (traits.owners) {
        out += "  owner: {type: text}\n";
        map += ", owner: {path: owner, reference: Owner}";
    }
    out += list_of_things(traits);
    const bool is_inside = traits.lines == Traits::Lines::inside;
    if (is_inside) map += ", lines: {path: lines, of: Thing.lines}";
    if (!is_inside && traits.lines != Traits::Lines::none) map += ", lines: {of: Thing.lines}";
    out += fmt::format("data_types:\n  Thing:\n    model: thing\n    map: {{{}}}\n", map);
    if (is_inside)
        out +=
            "  Thing.lines:\n    model: line\n"
            "    inside: {data_type: Thing, path: lines, key: id}\n"
            "    map: {text: text, quantity: quantity}\n";
    return out;
}

std::string owners_file(const Traits& traits) {
    return resource_head(traits, "owners", "code", false) +
           "properties: {code: {type: text, required: true}}\n"
           "data_types:\n  Owner: {model: owner, map: {code: code}}\n";
}

std::string lines_file(const Traits& traits) {
    const bool with_parent = traits.lines == Traits::Lines::with_parent;
    return resource_head(traits, "lines", "of", with_parent) +
           fmt::format(
               "properties:\n  of: {{type: text, required: true, access: read_create}}\n"
               "  text: {{type: text, required: true}}\n  quantity: {{type: decimal}}\n"
               "data_types:\n  Thing.lines:\n    model: line\n"
               "    parent: {{data_type: Thing, path: of{}}}\n"
               "    map: {{text: text, quantity: quantity}}\n",
               with_parent ? ", inside: lines" : "");
}

bool has_lines_beside(const Traits& traits) {
    return traits.lines == Traits::Lines::beside || traits.lines == Traits::Lines::with_parent;
}

}  // namespace

std::vector<model::SourceFile> catalog_of(const std::vector<Traits>& systems) {
    std::vector<model::SourceFile> out{{"catalog/models/thing.yaml", thing_model},
                                       {"catalog/models/owner.yaml", owner_model},
                                       {"catalog/models/line.yaml", line_model}};
    for (const Traits& traits : systems) {
        const std::string folder = "catalog/connectors/" + connector_of(traits) + "/";
        out.push_back({folder + "connector.yaml", connector_file(traits)});
        out.push_back({folder + "things.yaml", things_file(traits)});
        if (traits.owners) out.push_back({folder + "owners.yaml", owners_file(traits)});
        if (has_lines_beside(traits)) out.push_back({folder + "lines.yaml", lines_file(traits)});
    }
    return out;
}

std::string workspace_of(const std::vector<Traits>& systems, const std::string& more) {
    std::string out = "workspace: simulated\nstore: state/entente.db\nsystems:\n";
    int port = 1;
    for (const Traits& traits : systems)
        out += fmt::format(
            "  {0}:\n    connector: {1}\n    base_url: http://127.0.0.1:{2}\n"
            "    auth: {{api_key: \"${{KEY_OF_{0}}}\"}}\n"
            "    poll_every: {3}\n    sweep_every: {4}\n",
            traits.name, connector_of(traits), port++, time_text(traits.poll_every),
            time_text(traits.sweep_every));
    return out + "flows: derived\n" + more;
}

}  // namespace entente::sim
