#include "run/lag_experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.hpp"

namespace entente::run {

namespace {

using Verdict = report::LiveFinding::Verdict;
using Type = model::PropertyType;

constexpr const char* test_name = "ENTENTE TEST, to be removed";
constexpr const char* test_name_after = "ENTENTE TEST, changed";
constexpr Duration look_every{100};
// Slower than this is not measured: the declaration is wrong in any case.
constexpr Duration patience{30'000};

bool is_writable(const model::Lens& lens) {
    return !lens.constant && lens.access != model::Access::read;
}

bool holds_free_text(const model::Lens& lens) {
    const bool is_text =
        lens.field == model::FieldType::text || lens.field == model::FieldType::code;
    return is_text && lens.values.empty() && (lens.type == Type::text || lens.type == Type::name);
}

// A value that says what it is, or that says nothing; nullopt: only a person can know one.
std::optional<Value> sample(const model::Lens& lens) {
    if (!lens.values.empty()) return lens.values.front().first;
    if (holds_free_text(lens)) return Value(test_name);
    switch (lens.type) {
        case Type::integer:
        case Type::decimal:
            return Value(0);
        case Type::boolean:
            return Value(false);
        default:
            return std::nullopt;
    }
}

struct Sample {
    Value body = Value::object();
    std::string missing;  // the property that no value could be made for
};

Sample test_record(const model::DataType& data_type) {
    Sample made;
    for (const model::Mapping& mapping : data_type.map) {
        const model::Lens& lens = mapping.lens;
        if (!is_writable(lens) || (!lens.required && !holds_free_text(lens))) continue;
        const auto value = sample(lens);
        const bool is_put = value && model::put(lens, *value, made.body);
        if (!is_put && lens.required) made.missing = lens.path;
    }
    for (const auto& [path, value] : data_type.on_create) made.body.set_path(path, value);
    for (const auto& [path, value] : data_type.where) made.body.set_path(path, value);
    return made;
}

std::string seconds(Duration time) {
    return fmt::format("{}.{}s", time.ms / 1000, time.ms % 1000 / 100);
}

}  // namespace

report::LiveFindings LagExperiment::run(bool may_write) {
    for (const model::DataType& data_type : workspace_.data_types) {
        const bool is_line = data_type.is_nested() || bool(data_type.parent);
        if (data_type.share && !is_line) try_data_type(data_type, may_write);
    }
    return std::move(found_);
}

void LagExperiment::tell(Verdict verdict, const model::DataType& data_type, std::string what,
                         std::string text, std::string right) {
    found_.push_back(
        {verdict, data_type.full_name, std::move(what), std::move(text), std::move(right)});
}

void LagExperiment::try_data_type(const model::DataType& data_type, bool may_write) {
    const Sample made = test_record(data_type);
    if (data_type.lines_required || !made.missing.empty()) {
        const std::string lacks = data_type.lines_required ? "its lines" : made.missing;
        return tell(Verdict::open, data_type, "experiment",
                    fmt::format("no test record can be made: nobody knows a value for {}", lacks),
                    "measure it by hand");
    }
    if (!may_write) {
        return tell(
            Verdict::open, data_type, "experiment",
            fmt::format("would create {} there, and change it once", json::write(made.body)),
            "--write allows it; the record has to be removed by hand");
    }
    measure(data_type, made.body);
}

void LagExperiment::measure(const model::DataType& data_type, const Value& body) {
    const auto created = caller_.ask(sync::CreateCall{data_type.resource, body, "entente-test"});
    const bool is_made = created && created->outcome == sync::Outcome::ok;
    if (!is_made || created->records.empty()) {
        return tell(Verdict::wrong, data_type, "experiment",
                    is_made ? "the answer to the create shows no record"
                            : fmt::format("the test record was not created: {}",
                                          created ? created->message : created.error().text),
                    "look whether it is there all the same, and remove it");
    }
    const sync::SeenRecord& record = created->records.front();
    tell(Verdict::ok, data_type, "experiment",
         fmt::format("the test record is {}", record.external_id), "remove it there");
    measure_visibility(data_type, record.external_id, body);
    measure_lag(data_type, record);
}

void LagExperiment::measure_visibility(const model::DataType& data_type, const std::string& id,
                                       const Value& body) {
    const auto& resource = workspace_.resource(data_type.resource);
    const auto field = std::ranges::find_if(resource.search, [&](const auto& one) {
        const Value* value = body.at_path(one.path);
        return value != nullptr && value->is_text() && !value->as_text().empty();
    });
    if (field == resource.search.end()) return;
    const sync::SearchCall search{data_type.resource, {{field->path, *body.at_path(field->path)}}};
    const Instant created = caller_.now();
    std::optional<Duration> seen;
    while (!seen && caller_.now() - created < patience) {
        const auto answer = caller_.ask(search);
        const bool is_there =
            answer && std::ranges::find(answer->records, id, &sync::SeenRecord::external_id) !=
                          answer->records.end();
        if (is_there) {
            seen = caller_.now() - created;
        } else {
            caller_.wait_until(caller_.now() + look_every);
        }
    }
    const Duration declared = resource.visible_after;
    // What one look takes is not known better.
    const bool is_right = seen && seen->ms <= declared.ms + look_every.ms;
    tell(is_right ? Verdict::ok : Verdict::wrong, data_type, "visible_after",
         seen ? fmt::format("found after {}, declared {}", seconds(*seen), seconds(declared))
              : fmt::format("not found in {}", seconds(patience)),
         is_right ? "" : "declare the longest time that is ever seen");
}

void LagExperiment::measure_lag(const model::DataType& data_type, const sync::SeenRecord& made) {
    const auto named = std::ranges::find_if(data_type.map, [](const model::Mapping& mapping) {
        return mapping.lens.access == model::Access::write && holds_free_text(mapping.lens);
    });
    const auto& rest = workspace_.system(data_type.system).rest;
    if (named == data_type.map.end() || rest.update_full) return;
    Value change = Value::object();
    if (!model::put(named->lens, Value(test_name_after), change)) return;
    const bool is_named = !rest.precondition_header.empty();
    const auto updated = caller_.ask(sync::UpdateCall{data_type.resource, made.external_id, change,
                                                      is_named ? made.etag : std::string()});
    if (!updated || updated->outcome != sync::Outcome::ok) {
        return tell(Verdict::wrong, data_type, "lag",
                    fmt::format("the test record could not be changed: {}",
                                updated ? updated->message : updated.error().text),
                    "is `update` how this system is written?");
    }
    const Value wanted(test_name_after);
    const Instant changed = caller_.now();
    Duration last_old{0};  // when the older state was last seen
    bool is_new = false;
    while (!is_new && caller_.now() - changed < patience) {
        const auto answer = caller_.ask(sync::ReadCall{data_type.resource, made.external_id});
        const bool is_read = answer && !answer->records.empty();
        const auto shown = is_read ? model::get(named->lens, answer->records.front().body)
                                   : Result<std::optional<Value>>(std::nullopt);
        is_new = shown && *shown && model::equivalent(named->lens, **shown, wanted);
        if (is_new) break;
        last_old = caller_.now() - changed;
        caller_.wait_until(caller_.now() + look_every);
    }
    const bool is_right = is_new && last_old.ms <= rest.lag.ms + look_every.ms;
    tell(is_right ? Verdict::ok : Verdict::wrong, data_type, "lag",
         is_new ? fmt::format("an older state was shown for {}, declared {}", seconds(last_old),
                              seconds(rest.lag))
                : fmt::format("the change is not shown in {}", seconds(patience)),
         is_right ? "" : "declare the longest time that is ever seen in `modified: {lag: ...}`");
}

}  // namespace entente::run
