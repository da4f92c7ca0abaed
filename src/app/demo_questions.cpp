#include "app/demo_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/json.hpp"
#include "model/lens.hpp"
#include "run/workspace_run.hpp"
#include "sync/state.hpp"

namespace entente::app {

namespace {

constexpr int parked_read_max = 10'000'000;
constexpr std::size_t samples_max = 10;
constexpr std::size_t explanations_max = 20;
constexpr std::string_view unexpected = "nothing that the truth asks";

using Key = std::tuple<std::string, std::string, std::string>;  // system, model, id

class Reader {
public:
    Reader(const run::WorkspaceFolder& folder, sync::StoreReader& store)
        : workspace_(*folder.workspace), store_(store) {}

    Key key_of(const sync::Parked& parked) {
        const auto records = store_.records(std::array{parked.record});
        if (records.empty()) return {};
        const auto& resource = workspace_.resource(records.front().resource);
        return {workspace_.system(resource.system).name, model_at(records.front().resource).name,
                records.front().external_id};
    }

    // Both records as a person would compare them: by what their model matches by.
    Value shown(const sync::Parked& parked, std::string_view why) {
        std::vector<RecordId> ids{parked.record};
        ids.insert(ids.end(), parked.candidates.begin(), parked.candidates.end());
        Value records = Value::list();
        for (const auto& record : store_.records(ids)) records.as_list().push_back(shown(record));
        return Value(Value::Object{{"why", why}, {"records", std::move(records)}});
    }

private:
    const model::Model& model_at(ResourceIndex resource) const {
        return workspace_.model(
            workspace_.data_type(workspace_.data_types_of(resource).front()).model);
    }

    Value shown(const sync::Record& record) const {
        const auto& resource = workspace_.resource(record.resource);
        Value out(Value::Object{{"system", workspace_.system(resource.system).name},
                                {"resource", resource.name},
                                {"id", record.external_id}});
        const auto body = json::read(record.body);
        const auto& model = model_at(record.resource);
        const auto& data_type =
            workspace_.data_type(workspace_.data_types_of(record.resource).front());
        for (const auto& mapping : data_type.map) {
            const bool is_matched_by = std::ranges::any_of(model.match, [&](const auto& rule) {
                return std::ranges::find(rule, mapping.property) != rule.end();
            });
            if (!is_matched_by || !body) continue;
            const auto value = model::get(mapping.lens, *body);
            if (value && *value && !(*value)->is_null())
                out.set(model[mapping.property].name, **value);
        }
        return out;
    }

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
};

// Round after round one of each kind, so that none is left out.
Value some_of(std::map<std::string, std::vector<Value>> by_kind) {
    Value out = Value::list();
    for (std::size_t round = 0; round < samples_max; ++round) {
        for (const auto& [kind, samples] : by_kind) {
            if (round < samples.size() && out.as_list().size() < samples_max)
                out.as_list().push_back(samples[round]);
        }
    }
    return out;
}

}  // namespace

Result<DemoQuestions> questions_of(const run::WorkspaceFolder& folder,
                                   const checker::Verdict& verdict) {
    TRY(auto store, run::open_snapshot(folder));
    Reader reader(folder, *store);
    std::map<Key, const checker::Question*> expected;
    for (const auto& question : verdict.questions) {
        for (const auto& [system, id] : question.records)
            expected.emplace(Key{system, question.model, id}, &question);
    }
    std::set<const checker::Question*> asked;
    DemoQuestions out;
    const auto explain = [&](const Key& key, std::string_view what) {
        out.are_as_expected = false;
        const auto& [system, model, id] = key;
        if (out.explanations.size() < explanations_max)
            out.explanations.push_back(
                fmt::format("{} {}, a record of a {}, {}", system, id, model, what));
    };
    std::map<std::string, std::int64_t> counts;
    std::map<std::string, std::vector<Value>> samples;
    for (const auto& parked : store->parked(parked_read_max)) {
        if (parked.reason != sync::ParkReason::unsure || !parked.record) continue;
        ++out.count;
        const Key key = reader.key_of(parked);
        const auto found = expected.find(key);
        const bool is_known = found != expected.end() && asked.insert(found->second).second;
        const std::string why(is_known ? std::string_view(found->second->why) : unexpected);
        if (!is_known) explain(key, "is asked about, though nobody needs to: " + parked.text);
        ++counts[why];
        auto& list = samples[why];
        if (list.size() < samples_max) list.push_back(reader.shown(parked, why));
    }
    for (const auto& [key, question] : expected) {
        if (asked.insert(question).second)
            explain(key, fmt::format("is not asked about, though only a person can know ({})",
                                     question->why));
    }
    TRY_VOID(store->state());
    out.by_kind = Value::object();
    for (const auto& [why, count] : counts) out.by_kind.set(why, count);
    out.samples = some_of(std::move(samples));
    return out;
}

std::string question_text(const Value& sample) {
    std::string text = sample.find("why")->as_text() + ":";
    bool is_first = true;
    for (const auto& record : sample.find("records")->as_list()) {
        text += is_first ? "" : " <->";
        is_first = false;
        std::size_t place = 0;
        for (const auto& [name, value] : record.as_object()) {
            const std::string shown = value.is_text() ? value.as_text() : json::write(value);
            text += place++ < 3 ? fmt::format(" {}", shown) : fmt::format(", {} '{}'", name, shown);
        }
    }
    return text;
}

}  // namespace entente::app
