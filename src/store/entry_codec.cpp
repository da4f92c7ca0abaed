#include "store/entry_codec.hpp"

#include "base/limits.hpp"

namespace entente::store {
namespace {

// The bits of an entry's first byte; the two lowest are its EntryKind.
namespace bit {
constexpr std::uint8_t kind = 0x03;
constexpr std::uint8_t next_number = 0x04;   // one more than the number before
constexpr std::uint8_t never_edited = 0x08;  // nothing of the revision follows
constexpr std::uint8_t next_rev = 0x10;
constexpr std::uint8_t same_stamp = 0x20;
constexpr std::uint8_t has_line = 0x40;
constexpr std::uint8_t same_origin = 0x80;
}  // namespace bit

// The bits of a stamp's first byte.
namespace stamp_bit {
constexpr std::uint8_t t_is_l = 0x01;
constexpr std::uint8_t has_c = 0x02;
constexpr std::uint8_t has_system = 0x04;
constexpr std::uint8_t has_data_type = 0x08;
constexpr std::uint8_t all = 0x0f;
}  // namespace stamp_bit

enum class ValueKind : std::uint8_t { null, no, yes, whole, decimal, text, list, object };

// A list in a list in a list: as deep as JSON may be, plus the value that holds it.
constexpr int depth_max = limits::json_depth_max + 1;

void write_decimal(ByteWriter& out, const Decimal& decimal) {
    if (decimal.decimals() == 0) {
        if (const Result<std::int64_t> whole = decimal.to_int()) {
            out.byte(std::to_underlying(ValueKind::whole));
            out.integer(*whole);
            return;
        }
    }
    out.byte(std::to_underlying(ValueKind::decimal));
    out.text(decimal.text());
}

void write_value_at(ByteWriter& out, const Value& value, int depth) {
    CHECK(depth <= depth_max, "values nest no deeper than what was read");
    if (value.is_null()) {
        out.byte(std::to_underlying(ValueKind::null));
    } else if (value.is_bool()) {
        out.byte(std::to_underlying(value.as_bool() ? ValueKind::yes : ValueKind::no));
    } else if (value.is_decimal()) {
        write_decimal(out, value.as_decimal());
    } else if (value.is_text()) {
        out.byte(std::to_underlying(ValueKind::text));
        out.text(value.as_text());
    } else if (value.is_list()) {
        out.byte(std::to_underlying(ValueKind::list));
        out.number(value.as_list().size());
        for (const Value& element : value.as_list()) write_value_at(out, element, depth + 1);
    } else {
        out.byte(std::to_underlying(ValueKind::object));
        out.number(value.as_object().size());
        for (const auto& [key, member] : value.as_object()) {
            out.text(key);
            write_value_at(out, member, depth + 1);
        }
    }
}

Value read_value_at(ByteReader& in, int depth);

Value read_decimal(ByteReader& in) {
    Result<Decimal> decimal = Decimal::parse(in.text());
    if (decimal) return *decimal;
    in.refuse();
    return {};
}

Value read_list(ByteReader& in, int depth) {
    Value::List list;
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) list.push_back(read_value_at(in, depth + 1));
    return list;
}

Value read_object(ByteReader& in, int depth) {
    Value::Object object;
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        std::string key(in.text());
        object.emplace_back(std::move(key), read_value_at(in, depth + 1));
    }
    return object;
}

Value read_value_at(ByteReader& in, int depth) {
    if (depth > depth_max) in.refuse();
    switch (static_cast<ValueKind>(in.byte())) {
        case ValueKind::null:
            return {};
        case ValueKind::no:
            return false;
        case ValueKind::yes:
            return true;
        case ValueKind::whole:
            return in.integer();
        case ValueKind::decimal:
            return read_decimal(in);
        case ValueKind::text:
            return in.text();
        case ValueKind::list:
            return read_list(in, depth);
        case ValueKind::object:
            return read_object(in, depth);
    }
    in.refuse();
    return {};
}

}  // namespace

void write_value(ByteWriter& out, const Value& value) {
    write_value_at(out, value, 0);
}

Value read_value(ByteReader& in) {
    return read_value_at(in, 0);
}

void EntryWriter::head(const Entry& entry) {
    CHECK(entry.number > 0, "what is written has a number in the store");
    const sync::Revision& revision = entry.revision;
    const bool never_edited = revision == sync::Revision{};
    const bool next_number = entry.number == number_ + 1;
    const bool next_rev = revision.rev == rev_ + 1;
    const bool same_stamp = revision.stamp == stamp_;
    const bool same_origin = entry.origin == origin_;

    auto flags = std::to_underlying(entry.kind);
    if (next_number) flags |= bit::next_number;
    if (same_origin) flags |= bit::same_origin;
    if (never_edited) {
        flags |= bit::never_edited;
    } else {
        if (next_rev) flags |= bit::next_rev;
        if (same_stamp) flags |= bit::same_stamp;
        if (!revision.line.empty()) flags |= bit::has_line;
    }
    out_.byte(flags);
    if (!next_number) out_.number(static_cast<std::uint64_t>(entry.number));
    if (!same_origin) out_.integer(entry.origin.value);
    number_ = entry.number;
    origin_ = entry.origin;
    if (never_edited) return;
    if (!next_rev) out_.number(revision.rev);
    if (!same_stamp) stamp(revision.stamp);
    if (!revision.line.empty()) line(revision.line);
    rev_ = revision.rev;
    stamp_ = revision.stamp;
}

void EntryWriter::stamp(const sync::Stamp& stamp) {
    std::uint8_t flags = 0;
    if (stamp.t == stamp.l) flags |= stamp_bit::t_is_l;
    if (stamp.c != 0) flags |= stamp_bit::has_c;
    if (stamp.author.system) flags |= stamp_bit::has_system;
    if (stamp.author.data_type) flags |= stamp_bit::has_data_type;
    out_.byte(flags);
    out_.integer(stamp.l.ms);
    if (stamp.t != stamp.l) out_.integer(stamp.t.ms);
    if (stamp.c != 0) out_.number(stamp.c);
    if (stamp.author.system)
        out_.number(static_cast<std::uint64_t>(names_.number(stamp.author.system)));
    if (stamp.author.data_type)
        out_.number(static_cast<std::uint64_t>(names_.number(stamp.author.data_type)));
}

void EntryWriter::line(const std::vector<sync::LineEdit>& line) {
    out_.number(line.size());
    for (const sync::LineEdit& edit : line) {
        out_.number(edit.rev);
        out_.number(static_cast<std::uint64_t>(names_.number(edit.system)));
    }
}

Entry EntryReader::head() {
    Entry entry;
    const std::uint8_t flags = in_.byte();
    if ((flags & bit::kind) > std::to_underlying(EntryKind::value)) in_.refuse();
    entry.kind = static_cast<EntryKind>(flags & bit::kind);
    number_ = (flags & bit::next_number) != 0 ? number_ + 1
                                              : static_cast<std::int64_t>(in_.number(INT32_MAX));
    if ((flags & bit::same_origin) == 0) origin_.value = in_.integer();
    entry.number = number_;
    entry.origin = origin_;
    if ((flags & bit::never_edited) != 0) return entry;
    rev_ = (flags & bit::next_rev) != 0 ? rev_ + 1
                                        : static_cast<std::uint32_t>(in_.number(UINT32_MAX));
    if ((flags & bit::same_stamp) == 0) stamp_ = stamp();
    entry.revision = {rev_, stamp_, {}};
    if ((flags & bit::has_line) != 0) entry.revision.line = line();
    return entry;
}

// A system that is no longer configured reads as nobody: its edits stay, their author cannot be named any more.
SystemIndex EntryReader::system() {
    const auto found = names_.system(static_cast<std::int64_t>(in_.number(INT32_MAX)));
    if (!found.known) in_.refuse();
    return found.index;
}

sync::Stamp EntryReader::stamp() {
    const std::uint8_t flags = in_.byte();
    if ((flags & ~stamp_bit::all) != 0) in_.refuse();
    sync::Stamp out;
    out.l.ms = in_.integer();
    out.t = (flags & stamp_bit::t_is_l) != 0 ? out.l : Instant{in_.integer()};
    if ((flags & stamp_bit::has_c) != 0) out.c = static_cast<std::uint32_t>(in_.number(UINT32_MAX));
    if ((flags & stamp_bit::has_system) != 0) out.author.system = system();
    if ((flags & stamp_bit::has_data_type) == 0) return out;
    const auto data_type = names_.data_type(static_cast<std::int64_t>(in_.number(INT32_MAX)));
    if (!data_type.known) in_.refuse();
    out.author.data_type = data_type.index;
    return out;
}

std::vector<sync::LineEdit> EntryReader::line() {
    std::vector<sync::LineEdit> out;
    const std::size_t count = in_.count();
    for (std::size_t i = 0; i < count && in_.ok(); ++i) {
        const auto rev = static_cast<std::uint32_t>(in_.number(UINT32_MAX));
        out.push_back({rev, system()});
    }
    return out;
}

}  // namespace entente::store
