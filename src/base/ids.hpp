// Ids that cannot be mixed up: an EntityId is no RecordId although both are integers. Zero means
// none. Index types count the parts of one loaded configuration (0-based, `none()` = -1); they are
// translated to persistent numbers by the store, never saved as they are.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace entente {

template <class Tag>
struct Id {
    std::int64_t value = 0;
    explicit operator bool() const { return value != 0; }
    friend auto operator<=>(const Id&, const Id&) = default;
};

template <class Tag>
struct Index {
    std::int32_t value = -1;
    static constexpr Index none() { return {}; }
    explicit operator bool() const { return value >= 0; }
    std::size_t at() const { return static_cast<std::size_t>(value); }
    friend auto operator<=>(const Index&, const Index&) = default;
};

using EntityId = Id<struct EntityTag>;
using RecordId = Id<struct RecordTag>;
using LinkId = Id<struct LinkTag>;
using IntentId = Id<struct IntentTag>;

using SystemIndex = Index<struct SystemTag>;
using ResourceIndex = Index<struct ResourceTag>;
using DataTypeIndex = Index<struct DataTypeTag>;
using ModelIndex = Index<struct ModelTag>;
using PropertyIndex = Index<struct PropertyTag>;  // position in its model's list

}  // namespace entente

template <class Tag>
struct std::hash<entente::Id<Tag>> {
    std::size_t operator()(const entente::Id<Tag>& id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
