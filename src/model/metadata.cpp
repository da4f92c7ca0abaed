#include "model/metadata.hpp"

#include <algorithm>

namespace entente::model {
namespace {

// A type that extends itself would have no end.
constexpr int bases_max = 32;

}  // namespace

const MetadataSet* Metadata::find_set(std::string_view name) const {
    const auto found = std::ranges::find(sets, name, &MetadataSet::name);
    return found == sets.end() ? nullptr : &*found;
}

const MetadataType* Metadata::find_records(std::string_view name) const {
    const auto type_named = [this](const std::string& full) {
        const auto found = types.find(full);
        return found == types.end() ? nullptr : &found->second;
    };
    if (const MetadataSet* set = find_set(name)) return type_named(set->type);
    for (const auto& [full, type] : types) {
        for (const MetadataNavigation& navigation : type.navigations) {
            if (navigation.is_collection && navigation.name == name) {
                return type_named(navigation.type);
            }
        }
    }
    return nullptr;
}

std::vector<MetadataProperty> Metadata::properties_of(const MetadataType& type) const {
    std::vector<MetadataProperty> all = type.properties;
    std::string base = type.base;
    for (int i = 0; i < bases_max; ++i) {
        const auto found = types.find(base);
        if (found == types.end()) break;
        const auto& own = found->second.properties;
        all.insert(all.begin(), own.begin(), own.end());
        base = found->second.base;
    }
    return all;
}

std::vector<std::string> Metadata::key_of(const MetadataType& type) const {
    const MetadataType* at = &type;
    for (int i = 0; i < bases_max && at->key.empty(); ++i) {
        const auto found = types.find(at->base);
        if (found == types.end()) break;
        at = &found->second;
    }
    return at->key;
}

std::optional<MetadataProperty> Metadata::find_property(const MetadataType& type,
                                                        std::string_view path) const {
    const std::vector<MetadataProperty> all = properties_of(type);
    if (const auto found = std::ranges::find(all, path, &MetadataProperty::name);
        found != all.end()) {
        return *found;
    }
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto outer = std::ranges::find(all, path.substr(0, dot), &MetadataProperty::name);
    if (outer == all.end()) return std::nullopt;
    const auto inner = types.find(outer->type);
    if (inner == types.end()) return std::nullopt;
    return find_property(inner->second, path.substr(dot + 1));
}

}  // namespace entente::model
