#include "report/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"

namespace entente::report {

namespace {

std::string id_text(const Value* id) {
    if (!id || id->is_null()) return {};
    return id->is_text() ? id->as_text() : json::write(*id);
}

bool meets(const model::DataType& data_type, const Value& body) {
    return std::ranges::all_of(data_type.where, [&](const auto& condition) {
        const Value* found = body.at_path(condition.first);
        return found && *found == condition.second;
    });
}

FreshRecord projected(const model::Workspace& workspace, const model::DataType& data_type,
                      const Value& body) {
    FreshRecord record;
    record.values.resize(workspace.model(data_type.model).properties.size());
    for (const auto& mapping : data_type.map) {
        auto value = model::get(mapping.lens, body);
        if (value) {
            record.values[mapping.property.at()] = std::move(*value);
        } else if (record.unreadable.empty()) {
            record.unreadable = value.error().message();
        }
    }
    return record;
}

class Taking {
public:
    Taking(const model::Workspace& workspace, const std::set<DataTypeIndex>& wanted, Snapshot& into)
        : workspace_(workspace), wanted_(wanted), into_(into) {}

    void take(ResourceIndex resource, const sync::SeenRecord& seen) {
        for (const DataTypeIndex index : workspace_.data_types_of(resource)) {
            const auto& data_type = workspace_.data_type(index);
            if (!meets(data_type, seen.body)) continue;
            if (wanted_.contains(index)) {
                keep(index, seen.external_id, id_text(parent_of(data_type, seen.body)), seen.body);
            }
            for (const DataTypeIndex child : data_type.children) take_nested(child, seen);
        }
    }

private:
    const Value* parent_of(const model::DataType& data_type, const Value& body) const {
        return data_type.parent_at.empty() ? nullptr : body.at_path(data_type.parent_at);
    }

    void take_nested(DataTypeIndex index, const sync::SeenRecord& parent) {
        const auto& data_type = workspace_.data_type(index);
        if (!data_type.is_nested() || !wanted_.contains(index)) return;
        const Value* list = parent.body.at_path(data_type.nested_path);
        if (!list || !list->is_list()) return;
        const auto& resource = workspace_.resource(data_type.resource);
        for (const auto& element : list->as_list()) {
            // The same name that the engine gives a nested record (sync::nested_id).
            const std::string own = id_text(element.at_path(resource.key_at));
            if (meets(data_type, element)) {
                keep(index, fmt::format("{}/{}", parent.external_id, own), parent.external_id,
                     element);
            }
        }
    }

    void keep(DataTypeIndex index, std::string id, std::string parent, const Value& body) {
        auto record = projected(workspace_, workspace_.data_type(index), body);
        record.external_id = id;
        record.parent = std::move(parent);
        into_.data_types[index].insert_or_assign(std::move(id), std::move(record));
    }

    const model::Workspace& workspace_;
    const std::set<DataTypeIndex>& wanted_;
    Snapshot& into_;
};

}  // namespace

Result<Snapshot> read_snapshot(const model::Workspace& workspace,
                               const std::vector<DataTypeIndex>& data_types, Reader& reader) {
    Snapshot snapshot;
    const std::set<DataTypeIndex> wanted(data_types.begin(), data_types.end());
    std::set<ResourceIndex> resources;
    for (const DataTypeIndex index : wanted) {
        snapshot.data_types[index];  // an empty system is an empty list, not an unread one
        const ResourceIndex resource = workspace.data_type(index).resource;
        const ResourceIndex holder = workspace.resource(resource).nested_in;
        resources.insert(holder ? holder : resource);
    }
    Taking taking(workspace, wanted, snapshot);
    for (const ResourceIndex resource : resources) {
        TRY(snapshot.gets[resource], reader.read_all(resource, [&](const sync::SeenRecord& seen) {
            taking.take(resource, seen);
        }));
    }
    return snapshot;
}

}  // namespace entente::report
