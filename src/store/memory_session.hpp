// What all tables of one memory store share: the configuration's names, the first thing that went wrong in the open
// transaction, and the list of the tables' parts, so that none can be forgotten when a transaction ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/names.hpp"

namespace entente::store {

// A container of rows that can take back what the open transaction changed.
class MemoryPart {
public:
    virtual ~MemoryPart() = default;
    virtual void keep() = 0;
    virtual void roll_back() = 0;
    // Takes over the rows of the same part of another store, without copying them.
    virtual void share(const MemoryPart& other) = 0;
};

struct MemorySession {
    Names names;
    std::optional<Error> error;
    std::vector<MemoryPart*> parts;  // in the order of their construction, the same in every store

    // A change of something that is not there, and one that would make a second of what must be one. The first is told
    // by commit; from then on every part is empty and stays so.
    void poison_missing(std::string_view table, std::int64_t id);
    void poison_repeated(std::string_view table, std::int64_t id, std::string_view what);

    std::size_t property_count(ModelIndex model) const;
    ModelIndex model_of(DataTypeIndex data_type) const;
    ResourceIndex resource_of(DataTypeIndex data_type) const;
};

}  // namespace entente::store
