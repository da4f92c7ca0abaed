#include "report/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/shown.hpp"
#include "sync/in_vain.hpp"

namespace entente::report {

namespace {

constexpr int parked_max = 1'000'000;
constexpr int page = 500;
// A record that could be one of very many is told apart in its system.
constexpr std::size_t candidates_told_max = 8;

std::string_view name_of(Waiting::What what) {
    switch (what) {
        case Waiting::What::record:
            return "record";
        case Waiting::What::create:
            return "create";
        case Waiting::What::property:
            return "property";
        case Waiting::What::write:
            return "write";
    }
    return "";
}

bool sleeps(const sync::Dirty& pair) {
    return sync::is_lasting(pair.in_vain) && pair.not_before != Instant::never();
}
bool sleeps(const sync::Intent& intent) {
    return sync::is_lasting(intent.in_vain);
}

class Teller {
public:
    Teller(const model::Workspace& workspace, sync::StoreReader& store, const Place& place)
        : workspace_(workspace), store_(store), place_(place) {}

    std::vector<Waiting> all() {
        for (const sync::Parked& parked : store_.parked(parked_max))
            parked.record ? add_record(parked) : add_create(parked);
        for (std::size_t i = 0; i < workspace_.data_types.size(); ++i) {
            add_lacking({static_cast<std::int32_t>(i)});
            add_held({static_cast<std::int32_t>(i)});
            add_put_off({static_cast<std::int32_t>(i)});
        }
        add_asleep();
        return std::move(out_);
    }

private:
    std::string command(const std::string& name, const std::vector<std::string>& words) const {
        return command_of(place_, name, words);
    }
    std::string word(RecordId record) { return record_word(workspace_, store_, record); }
    std::optional<sync::Record> record(RecordId id) {
        auto found = store_.records(std::array{id});
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    }
    const std::string& system_of(ResourceIndex resource) const {
        return workspace_.system(workspace_.resource(resource).system).name;
    }

    void add_record(const sync::Parked& parked) {
        const auto self = record(parked.record);
        if (!self) return;
        Waiting waiting;
        waiting.reason = sync::name_of(parked.reason);
        waiting.data_type = parked.data_type;
        if (!waiting.data_type) {
            const auto here = workspace_.data_types_of(self->resource);
            if (here.empty()) return;
            waiting.data_type = here.front();
        }
        waiting.record = record_word(workspace_, waiting.data_type, self->external_id);
        waiting.cause = parked.text;
        waiting.since = parked.since;
        for (RecordId candidate : parked.candidates) add_candidate(waiting, *self, candidate);
        if (waiting.remedies.empty())
            waiting.remedies.push_back(
                {"to have it looked at again", command("retry", {waiting.record})});
        out_.push_back(std::move(waiting));
    }

    // What a person can say of the two depends on what has become of the candidate.
    void add_candidate(Waiting& waiting, const sync::Record& self, RecordId id) {
        const auto candidate = record(id);
        const std::string other = word(id);
        if (!candidate || other.empty()) return;
        waiting.candidates.push_back(other);
        if (waiting.candidates.size() > candidates_told_max) return;
        // Of a duplicate only its twin matters: what both agree with is linked with that one.
        const bool is_of_twin = waiting.reason == sync::name_of(sync::ParkReason::duplicate) &&
                                candidate->resource != self.resource;
        if (is_of_twin) return;
        if (candidate->state == sync::RecordState::gone) {
            waiting.remedies.push_back({fmt::format("if it is {} typed anew", other),
                                        command("relink", {waiting.record, "--to", other})});
        } else if (candidate->resource == self.resource) {
            waiting.remedies.push_back({fmt::format("if it is the same thing as {}, merge the two "
                                                    "in {}",
                                                    other, system_of(self.resource)),
                                        ""});
        } else {
            waiting.remedies.push_back({fmt::format("if it is the same thing as {}", other),
                                        command("link", {waiting.record, other})});
        }
        waiting.remedies.push_back({fmt::format("if it is another thing than {}", other),
                                    command("apart", {waiting.record, other})});
    }

    // A record of the thing that is still there.
    std::string source_of(EntityId entity) {
        for (const sync::Link& link : store_.links_of_entities(std::array{entity})) {
            const auto shown = record(link.record);
            if (link.state == sync::LinkState::live && shown)
                return record_word(workspace_, link.data_type, shown->external_id);
        }
        return {};
    }

    void add_create(const sync::Parked& parked) {
        Waiting waiting;
        waiting.what = Waiting::What::create;
        waiting.reason = sync::name_of(parked.reason);
        waiting.data_type = parked.data_type;
        waiting.record = source_of(parked.entity);
        waiting.cause = parked.text;
        waiting.since = parked.since;
        waiting.next = parked.offers.next;
        for (RecordId candidate : parked.candidates)
            if (std::string other = word(candidate); !other.empty())
                waiting.candidates.push_back(std::move(other));
        if (!waiting.record.empty()) add_create_remedies(waiting, parked.reason);
        out_.push_back(std::move(waiting));
    }

    void add_create_remedies(Waiting& waiting, sync::ParkReason reason) const {
        const model::DataType& target = workspace_.data_type(waiting.data_type);
        const std::string& system = workspace_.system(target.system).name;
        for (const std::string& other : waiting.candidates) {
            if (waiting.remedies.size() >= candidates_told_max) break;
            waiting.remedies.push_back({fmt::format("if {} is the same thing", other),
                                        command("link", {waiting.record, other})});
            if (reason == sync::ParkReason::unsure)
                waiting.remedies.push_back({fmt::format("if it is another thing than {}", other),
                                            command("apart", {waiting.record, other})});
        }
        if (reason == sync::ParkReason::unsure) return;
        if (reason != sync::ParkReason::create_unknown) {
            waiting.remedies.push_back(
                {"when what was refused has been put right", command("retry", {waiting.record})});
            return;
        }
        if (waiting.candidates.empty())
            waiting.remedies.push_back(
                {fmt::format("if it is in {}, with its id there in place of ID", system),
                 command("link", {waiting.record, target.full_name + ":ID"})});
        waiting.remedies.push_back(
            {fmt::format("if somebody has looked, and it is not in {}", system),
             command("retry", {waiting.record, "--not-there"})});
    }

    // Creates that wait for what their records or the configuration lack. Those that wait for something that waits itself
    // are left out: its answer is theirs.
    void add_lacking(DataTypeIndex d) {
        for (const sync::Dirty& pair : store_.dirty_waiting(d, parked_max)) {
            if (pair.awaits || pair.not_before != Instant::never()) continue;
            if (store_.parked_create(pair.entity, d) || is_asked_about(pair)) continue;
            Waiting waiting;
            waiting.what = Waiting::What::create;
            waiting.reason = "waiting";
            waiting.data_type = d;
            waiting.record = source_of(pair.entity);
            waiting.cause = pair.why;
            waiting.remedies.push_back({"it goes on by itself when that is so no more", ""});
            out_.push_back(std::move(waiting));
        }
    }

    // Whether a parked record there may be the very thing.
    bool is_asked_about(const sync::Dirty& pair) {
        std::vector<RecordId> members;
        for (const sync::Link& link : store_.links_of_entities(std::array{pair.entity}))
            members.push_back(link.record);
        const auto named = store_.parked_naming(members);
        return std::ranges::find(named, workspace_.data_type(pair.data_type).resource) !=
               named.end();
    }

    void add_held(DataTypeIndex d) {
        std::int64_t left = store_.counts(d).held;
        for (LinkId after{}; left > 0;) {
            const auto links = store_.links(d, after, page);
            if (links.empty()) return;
            for (const sync::Link& link : links) {
                left -= static_cast<std::int64_t>(link.held.size());
                for (const sync::Held& held : link.held) add_property(link, held);
            }
            after = links.back().id;
        }
    }

    void add_property(const sync::Link& link, const sync::Held& held) {
        const auto shown = record(link.record);
        if (!shown) return;
        const model::DataType& data_type = workspace_.data_type(link.data_type);
        Waiting waiting;
        waiting.what = Waiting::What::property;
        waiting.reason = "held";
        waiting.data_type = link.data_type;
        waiting.record = record_word(workspace_, link.data_type, shown->external_id);
        waiting.property = workspace_.model(data_type.model)[held.property].name;
        waiting.cause = held.reason;
        waiting.next = held.offers.next;
        if (held.rev == sync::Held::every_edit)
            waiting.remedies.push_back(
                {"it goes on by itself once it can be read as declared", ""});
        else
            waiting.remedies.push_back(
                {"when its reason is gone", command("retry", {waiting.record})});
        out_.push_back(std::move(waiting));
    }

    void add_write(EntityId entity, DataTypeIndex d, std::string cause, Instant next) {
        Waiting waiting;
        waiting.what = Waiting::What::write;
        waiting.reason = "asleep";
        waiting.data_type = d;
        waiting.record = source_of(entity);
        waiting.cause = std::move(cause);
        waiting.next = next;
        if (!waiting.record.empty())
            waiting.remedies.push_back(
                {"to have it tried now", command("retry", {waiting.record})});
        out_.push_back(std::move(waiting));
    }

    // Writes that were certainly not executed, and are tried at long intervals only.
    void add_put_off(DataTypeIndex d) {
        for (const sync::Dirty& pair : store_.dirty_waiting(d, parked_max))
            if (sleeps(pair)) add_write(pair.entity, d, pair.why, pair.not_before);
    }

    // Those that nobody can tell the outcome of.
    void add_asleep() {
        for (const sync::Intent& intent : store_.intents()) {
            if (intent.parts.empty() || !sleeps(intent)) continue;
            const sync::IntentPart& self = intent.parts.front();
            add_write(self.entity, self.data_type,
                      "nobody can tell whether it was executed: " + intent.failure,
                      intent.not_before);
        }
    }

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
    const Place& place_;
    std::vector<Waiting> out_;
};

}  // namespace

std::vector<Waiting> waiting_of(const model::Workspace& workspace, sync::StoreReader& store,
                                const Place& place) {
    return Teller(workspace, store, place).all();
}

std::int64_t count_waiting(sync::StoreReader& store) {
    std::int64_t out = 0;
    for (const auto& [reason, count] : store.parked_counts()) out += count;
    return out;
}

std::int64_t count_asleep(const model::Workspace& workspace, sync::StoreReader& store) {
    std::int64_t out = std::ranges::count_if(
        store.intents(), [](const sync::Intent& intent) { return sleeps(intent); });
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i)
        out +=
            std::ranges::count_if(store.dirty_waiting({static_cast<std::int32_t>(i)}, parked_max),
                                  [](const sync::Dirty& pair) { return sleeps(pair); });
    return out;
}

std::vector<Remedy> remedies_of_refusal(const model::Workspace& workspace, sync::StoreReader& store,
                                        const Place& place, const sync::Act& act,
                                        const sync::ActResult& result) {
    using sync::Refusal;
    std::vector<std::string> said, concerns;
    for (const auto& named : act.records)
        said.push_back(record_word(workspace, named.data_type, named.external_id));
    for (RecordId record : result.concerns)
        concerns.push_back(record_word(workspace, store, record));
    const auto command = [&](const std::string& name, const std::vector<std::string>& words) {
        return command_of(place, name, words);
    };
    switch (result.refusal) {
        case Refusal::in_the_way: {
            std::vector<Remedy> out{
                {fmt::format("if {} and {} are the same thing, merge the two in their system",
                             concerns[0], concerns[1]),
                 ""}};
            for (std::size_t i = 0; i < 2 && said.size() == 2; ++i)
                if (concerns[i] != said[i])
                    out.push_back({fmt::format("if {} is another thing than {}, before the rest",
                                               concerns[i], said[i]),
                                   command("apart", {concerns[i], said[i]})});
            return out;
        }
        case Refusal::same_resource:
            return {{"if they are the same thing, merge them in their system", ""},
                    {"if they are not", command("apart", said)}};
        case Refusal::several: {
            std::vector<Remedy> out;
            for (const std::string& one : concerns)
                out.push_back({fmt::format("if it is {} typed anew", one),
                               command("relink", {said.front(), "--to", one})});
            return out;
        }
        case Refusal::no_place:
            return {
                {"if it was typed anew, with the id of the one that is gone in place of ID",
                 command("relink",
                         {said.front(), "--to",
                          workspace.data_type(act.records.front().data_type).full_name + ":ID"})}};
        case Refusal::never_answered:
            return {
                {"if somebody has looked, and it is not there",
                 command("retry", {said.empty() ? "SYSTEM.TYPE:ID" : said.front(), "--not-there"})},
                {"what waits, and what answers it", command("status", {})}};
        case Refusal::gone:
            return {{"what happened to it", command("history", {said.front()})}};
        case Refusal::unknown:
        case Refusal::nothing_waits:
            return {{"what was looked at, and what waits", command("status", {})}};
        case Refusal::not_read_yet:
        case Refusal::being_written:
            return {{"run it until that is known", command("run", {"--until-idle"})}};
        case Refusal::parents_apart:
            return {{"link the records that they are part of first", ""}};
        case Refusal::linked:
            return {{"what it is linked to", command("history", {said.front()})}};
        case Refusal::none:
        case Refusal::not_of_type:
        case Refusal::same_record:
        case Refusal::other_model:
        case Refusal::still_there:
            return {};
    }
    return {};
}

std::vector<std::string> to_text(const std::vector<Remedy>& remedies) {
    std::vector<std::string> out;
    for (const Remedy& remedy : remedies)
        out.push_back(text::on_one_line(
            remedy.command.empty() ? "    " + remedy.when
                                   : fmt::format("    {}: {}", remedy.when, remedy.command)));
    return out;
}

std::vector<std::string> to_text(const Waiting& waiting, const model::Workspace& workspace) {
    std::string subject = waiting.record;
    if (waiting.what == Waiting::What::create || waiting.what == Waiting::What::write)
        subject = fmt::format("{} in {}", subject.empty() ? "something" : subject,
                              workspace.data_type(waiting.data_type).full_name);
    if (!waiting.property.empty()) subject += " " + waiting.property;
    std::vector<std::string> out{text::on_one_line(
        fmt::format("  {} waits, {}: {}", subject, waiting.reason, waiting.cause))};
    if (waiting.next != Instant::never())
        out.push_back("    it is tried again by itself from " + format_instant(waiting.next));
    for (std::string& line : to_text(waiting.remedies)) out.push_back(std::move(line));
    return out;
}

Value to_json(const std::vector<Remedy>& remedies) {
    Value out = Value::list();
    for (const Remedy& remedy : remedies)
        out.as_list().push_back(Value(
            Value::Object{{"when", remedy.when},
                          {"command", remedy.command.empty() ? Value() : Value(remedy.command)}}));
    return out;
}

Value to_json(const Waiting& waiting, const model::Workspace& workspace) {
    Value candidates = Value::list();
    for (const std::string& one : waiting.candidates) candidates.as_list().push_back(one);
    Value out(Value::Object{{"what", name_of(waiting.what)},
                            {"reason", waiting.reason},
                            {"data_type", workspace.data_type(waiting.data_type).full_name}});
    out.set("record", waiting.record.empty() ? Value() : Value(waiting.record));
    if (!waiting.property.empty()) out.set("property", waiting.property);
    out.set("candidates", std::move(candidates));
    out.set("cause", waiting.cause);
    out.set("since", waiting.since.ms == 0 ? Value() : Value(format_instant(waiting.since)));
    out.set("next_try",
            waiting.next == Instant::never() ? Value() : Value(format_instant(waiting.next)));
    out.set("remedies", to_json(waiting.remedies));
    return out;
}

}  // namespace entente::report
