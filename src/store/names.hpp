// The names of a loaded configuration, in the dense order of its indexes, and their translation to the persistent
// numbers of one store file. Indexes change when the configuration changes; numbers never do, and a number is never
// given to a second name. Every column and blob of the store holds numbers. Names no longer configured keep their
// number and their rows ("retired"): nothing of theirs is returned, nothing of theirs is lost.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "model/workspace.hpp"

namespace entente::store {

struct Names {
    std::vector<std::string> systems, resources, data_types, models;
    std::vector<std::vector<std::string>> properties;  // [model][property]
    std::vector<ModelIndex> data_type_models;  // by data type: whose properties its shadows hold
    std::vector<ResourceIndex> data_type_resources;  // by data type: whose records it counts
};

// Resources are "System.resource", data types their full names.
Names names_of(const model::Workspace& workspace);

enum class NameKind { system, resource, data_type, model, property };
std::string_view name_of(NameKind kind);

struct NumberedName {
    NameKind kind = NameKind::system;
    std::string within;  // a property's model; empty for the rest
    std::string name;
    std::int64_t number = 0;
};

// Pure: built from the configured names and the rows of the table `names`.
class NameTable {
public:
    static constexpr std::int64_t none = 0;     // no index: a person in Entente, no data type
    static constexpr std::int64_t absent = -1;  // configured, but the store has never heard of it

    NameTable() = default;
    NameTable(Names names, std::span<const NumberedName> stored);

    // Names that are configured and have no row yet, with the numbers they shall get.
    static std::vector<NumberedName> missing(const Names& names,
                                             std::span<const NumberedName> stored);

    const Names& names() const { return names_; }

    // `none` for a none() index. Requires: an index of this configuration.
    std::int64_t number(SystemIndex i) const { return number_in(systems_, i.value); }
    std::int64_t number(ResourceIndex i) const { return number_in(resources_, i.value); }
    std::int64_t number(DataTypeIndex i) const { return number_in(data_types_, i.value); }
    std::int64_t number(ModelIndex i) const { return number_in(models_, i.value); }
    std::int64_t number(ModelIndex model, std::size_t slot) const;

    // What a stored number stands for now: `known` is false for a number that was never given out, which is corruption;
    // a retired name gives none().
    template <class I>
    struct Found {
        I index;
        bool known = true;
    };
    Found<SystemIndex> system(std::int64_t number) const {
        return found_in<SystemIndex>(systems_, number);
    }
    Found<ResourceIndex> resource(std::int64_t number) const {
        return found_in<ResourceIndex>(resources_, number);
    }
    Found<DataTypeIndex> data_type(std::int64_t number) const {
        return found_in<DataTypeIndex>(data_types_, number);
    }
    Found<ModelIndex> model(std::int64_t number) const {
        return found_in<ModelIndex>(models_, number);
    }

    // Where a property stands. Retired properties of a configured model take the slots behind the configured ones, so
    // that a rewrite can carry what it does not understand.
    struct Place {
        ModelIndex model;
        std::size_t slot = 0;
    };
    // Null pointer: the number was never given out.
    const Place* property(std::int64_t number) const;
    std::size_t property_count(ModelIndex model) const {
        return names_.properties[model.at()].size();
    }
    std::size_t slot_count(ModelIndex model) const { return slots_[model.at()].size(); }
    bool has_retired_properties(ModelIndex model) const {
        return slot_count(model) > property_count(model);
    }

    ModelIndex model_of(DataTypeIndex data_type) const {
        return names_.data_type_models[data_type.at()];
    }
    ResourceIndex resource_of(DataTypeIndex data_type) const {
        return names_.data_type_resources[data_type.at()];
    }

private:
    struct Kind {
        std::vector<std::int64_t> numbers;  // by index
        std::vector<std::int32_t> indexes;  // by number; -1 retired or never given out
        std::vector<bool> given;            // by number
    };
    static Kind kind_of(NameKind kind, const std::vector<std::string>& names,
                        std::span<const NumberedName> stored);
    static std::int64_t number_in(const Kind& kind, std::int32_t index);
    template <class I>
    static Found<I> found_in(const Kind& kind, std::int64_t number) {
        if (number == none) return {};
        if (number < 0 || number >= static_cast<std::int64_t>(kind.given.size()))
            return {I::none(), false};
        const auto at = static_cast<std::size_t>(number);
        return {I{kind.indexes[at]}, kind.given[at]};
    }
    void place_properties(std::span<const NumberedName> stored);

    Names names_;
    Kind systems_, resources_, data_types_, models_;
    std::vector<std::vector<std::int64_t>> slots_;  // [model][slot] -> number, or absent
    std::vector<std::pair<bool, Place>> places_;    // by number: given out, and where
};

}  // namespace entente::store
