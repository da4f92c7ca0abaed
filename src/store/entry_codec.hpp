// One property's entry inside a blob: which property, what kind of value, and of which edit it is. Neighbours usually
// share everything (one stamp for a whole record, revisions counting up), so an entry says in one byte what it has
// in common with the entry before it and spells out only the rest.
#pragma once

#include "store/bytes.hpp"
#include "store/names.hpp"
#include "sync/state.hpp"

namespace entente::store {

enum class EntryKind : std::uint8_t { unset = 0, null = 1, value = 2 };

struct Entry {
    std::int64_t number = 0;  // of the property
    EntryKind kind = EntryKind::unset;
    sync::Revision revision;
    LinkId origin;
};

class EntryWriter {
public:
    // Requires: both outlive the writer.
    EntryWriter(ByteWriter& out, const NameTable& names) : out_(out), names_(names) {}
    void head(const Entry& entry);

private:
    void stamp(const sync::Stamp& stamp);
    void line(const std::vector<sync::LineEdit>& line);

    ByteWriter& out_;
    const NameTable& names_;
    std::int64_t number_ = 0;
    std::uint32_t rev_ = 0;
    sync::Stamp stamp_;
    LinkId origin_;
};

class EntryReader {
public:
    EntryReader(ByteReader& in, const NameTable& names) : in_(in), names_(names) {}
    Entry head();

private:
    SystemIndex system();
    sync::Stamp stamp();
    std::vector<sync::LineEdit> line();

    ByteReader& in_;
    const NameTable& names_;
    std::int64_t number_ = 0;
    std::uint32_t rev_ = 0;
    sync::Stamp stamp_;
    LinkId origin_;
};

void write_value(ByteWriter& out, const Value& value);
Value read_value(ByteReader& in);

}  // namespace entente::store
