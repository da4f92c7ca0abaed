#include "sync/keys.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/follow.hpp"
#include "sync/seeded_bugs.hpp"

namespace entente::sync {

bool match_values_differ(const Step& step, ResourceIndex resource, const Value& before,
                         const Value& after) {
    for (const DataTypeIndex d : step.workspace.data_types_of(resource)) {
        const model::DataType& data_type = step.data_type(d);
        if (meets(data_type, before) != meets(data_type, after)) return true;
        for (const auto& rule : step.model_of(data_type).match)
            for (PropertyIndex p : rule) {
                const model::Mapping* mapping = data_type.mapping(p);
                if (mapping && differ_at(before, after, mapping->lens.path)) return true;
            }
        for (const model::Mapping& mapping : data_type.map)
            if (step.model_of(data_type)[mapping.property].identifies &&
                differ_at(before, after, mapping.lens.path))
                return true;
    }
    return false;
}

void set_keys(Step& step, WorkRecord& record, const Value& body, bool fresh) {
    for (const DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        const model::DataType& data_type = step.data_type(d);
        if (data_type.parent || !meets(data_type, body)) continue;
        step.keys[record.id] =
            match_digests(step, data_type, project(step, data_type, body).values);
        if (fresh) step.keys_fresh.insert(record.id);
        return;
    }
}

void rekey(Step& step, WorkRecord& record) {
    const Value body = stored_body(record);
    set_keys(step, record, body, false);
}

int carriers_asked(const Step& step) {
    return (limits::match_carriers_max + 1) * static_cast<int>(step.workspace.resources.size());
}

std::vector<Digest> match_digests(const Step& step, const model::DataType& data_type,
                                  const model::Canonical& values) {
    std::vector<Digest> keys;
    if (data_type.parent) return keys;
    const model::Model& model = step.model_of(data_type);
    const model::Canonical& compared = SEEDED(folded_keys) ? seeded::folded(model, values) : values;
    for (const model::MatchKey& key : model::match_keys(model, compared, step.workspace.country))
        keys.push_back(key.digest);
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

}  // namespace entente::sync
