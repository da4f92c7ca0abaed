#include "sync/project.hpp"

#include "base/json.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {

Projection project(const Step& step, const model::DataType& data_type, const Value& body) {
    Projection out;
    out.values.resize(step.model_of(data_type).properties.size());
    for (const model::Mapping& mapping : data_type.map) {
        auto got = model::get(mapping.lens, body);
        if (got && (*got || !SEEDED(null_for_missing)))
            out.values[mapping.property.at()] = std::move(*got);
        else if (got || SEEDED(drift_is_empty))
            out.values[mapping.property.at()] = Value();
        else
            out.unreadable.emplace_back(mapping.property, got.error().message());
    }
    return out;
}

bool meets(const model::DataType& data_type, const Value& body) {
    for (const auto& [path, wanted] : data_type.where) {
        const Value* found = body.at_path(path);
        if (!found || !(*found == wanted)) return false;
    }
    return true;
}

Digest body_digest(const Step& step, ResourceIndex resource, std::string_view body) {
    std::uint64_t mapping = 0;
    for (const model::DataType& d : step.workspace.data_types)
        if (d.resource == resource) mapping = mapping * 31 + d.fingerprint.low;
    return digest_of(body, mapping);
}

EntityId resolve(Step& step, const model::DataType&, const model::Mapping& mapping,
                 const std::string& external_id) {
    for (DataTypeIndex d : mapping.refers_to) {
        const WorkRecord* record = step.work.find_record(step.data_type(d).resource, external_id);
        if (!record) continue;
        const WorkLink* link = step.work.link(record->id, d);
        if (link && link->state == LinkState::live) return link->entity;
    }
    return {};
}

std::optional<std::string> external_id_of(Step& step, const model::DataType&,
                                          const model::Mapping& mapping, EntityId entity) {
    for (DataTypeIndex d : mapping.refers_to) {
        const WorkLink* link = step.work.link_in(entity, d);
        if (link && link->state == LinkState::live)
            return step.work.record(link->record).external_id;
    }
    return std::nullopt;
}

Value key_value(const model::Resource& resource, const std::string& external_id) {
    const auto number = Decimal::parse(external_id);
    return resource.key_is_integer && number ? Value(*number) : Value(external_id);
}

bool is_reference(const Step& step, const model::DataType& data_type, PropertyIndex p) {
    return step.model_of(data_type)[p].type == model::PropertyType::reference;
}

std::optional<Value> expressed(Step& step, const model::DataType& in, const model::Mapping& mapping,
                               const Value& value, EntityId* awaits) {
    if (value.is_null() || !is_reference(step, in, mapping.property)) return value;
    const auto id = value.as_decimal().to_int();
    CHECK(id.has_value(), "an entity holds a reference as an entity id");
    const EntityId target{*id};
    if (auto external = external_id_of(step, in, mapping, target))
        return Value(std::move(*external));
    if (awaits) *awaits = target;
    return std::nullopt;
}

std::optional<Value> lifted(Step& step, const model::DataType& from, const model::Mapping& mapping,
                            const Value& shown) {
    if (shown.is_null() || !is_reference(step, from, mapping.property)) return shown;
    const EntityId target = resolve(step, from, mapping, shown.as_text());
    if (!target) return std::nullopt;
    return Value(target.value);
}

bool equal_here(const model::Mapping& mapping, const Value& a, const Value& b) {
    return model::equivalent(mapping.lens, a, b);
}

}  // namespace entente::sync
