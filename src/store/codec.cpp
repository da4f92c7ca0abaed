#include "store/codec.hpp"

#include <algorithm>

#include "store/digest_bytes.hpp"
#include "store/entry_codec.hpp"

namespace entente::store {
namespace {

bool is_default(const sync::EntityProperty& p) {
    return p.value.is_null() && !p.origin && p.revision == sync::Revision{};
}

bool is_default(const sync::Shadow& s) {
    return !s.value && s.revision == sync::Revision{};
}

// Begins a blob. What is stored of the first byte's version must never change.
ByteWriter begin_blob() {
    ByteWriter out;
    out.byte(blob_version);
    return out;
}

ByteReader begin_reading(std::string_view blob) {
    ByteReader in(blob);
    if (in.byte() != blob_version) in.refuse();
    return in;
}

bool is_whole_blob(const ByteReader& in) {
    return in.ok() && in.at_end();
}

template <class T>
std::size_t count_to_write(std::span<const T> list) {
    return static_cast<std::size_t>(
        std::ranges::count_if(list, [](const T& t) { return !is_default(t); }));
}

// Where a decoded property goes: its slot, or nowhere (another model's, or retired and not asked for).
enum class Target { slot, nowhere, unknown };
Target target_of(const NameTable& names, ModelIndex model, std::int64_t number, std::size_t slots,
                 std::size_t& slot) {
    const NameTable::Place* place = names.property(number);
    if (place == nullptr) return Target::unknown;
    if (place->model != model || place->slot >= slots) return Target::nowhere;
    slot = place->slot;
    return Target::slot;
}

std::size_t slots_of(const NameTable& names, ModelIndex model, Retired retired) {
    return retired == Retired::kept ? names.slot_count(model) : names.property_count(model);
}

void write_sent(ByteWriter& out, const NameTable& names, const sync::IntentPart& part) {
    out.number(part.sent.size());
    if (part.sent.empty()) return;
    CHECK(part.data_type, "what is sent belongs to a data type");
    const ModelIndex model = names.model_of(part.data_type);
    EntryWriter entries(out, names);
    for (const sync::Sent& sent : part.sent) {
        entries.head(
            {names.number(model, sent.property.at()), EntryKind::value, sent.revision, {}});
        write_value(out, sent.value);
        write_value(out, sent.written);
    }
}

void read_sent(ByteReader& in, const NameTable& names, sync::IntentPart& part) {
    EntryReader entries(in, names);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        Entry entry = entries.head();
        sync::Sent sent;
        sent.value = read_value(in);
        sent.written = read_value(in);
        sent.revision = std::move(entry.revision);
        if (!in.ok() || !part.data_type) continue;
        std::size_t slot = 0;
        const ModelIndex model = names.model_of(part.data_type);
        const Target target =
            target_of(names, model, entry.number, names.property_count(model), slot);
        if (target == Target::unknown) in.refuse();
        if (target != Target::slot) continue;
        sent.property = PropertyIndex{static_cast<std::int32_t>(slot)};
        part.sent.push_back(std::move(sent));
    }
}

}  // namespace

std::string encode_value(const Value& value) {
    ByteWriter out = begin_blob();
    write_value(out, value);
    return out.take();
}

bool decode_value(std::string_view blob, Value& out) {
    ByteReader in = begin_reading(blob);
    out = read_value(in);
    return is_whole_blob(in);
}

std::string encode_properties(const NameTable& names, ModelIndex model,
                              std::span<const sync::EntityProperty> properties) {
    ByteWriter out = begin_blob();
    out.number(count_to_write(properties));
    EntryWriter entries(out, names);
    for (std::size_t slot = 0; slot < properties.size(); ++slot) {
        const sync::EntityProperty& p = properties[slot];
        if (is_default(p)) continue;
        const EntryKind kind = p.value.is_null() ? EntryKind::null : EntryKind::value;
        entries.head({names.number(model, slot), kind, p.revision, p.origin});
        if (kind == EntryKind::value) write_value(out, p.value);
    }
    return out.take();
}

bool decode_properties(const NameTable& names, ModelIndex model, Retired retired,
                       std::string_view blob, std::vector<sync::EntityProperty>& out) {
    out.clear();
    out.resize(slots_of(names, model, retired));
    ByteReader in = begin_reading(blob);
    EntryReader entries(in, names);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        Entry entry = entries.head();
        Value value;
        if (entry.kind == EntryKind::value) value = read_value(in);
        if (entry.kind == EntryKind::unset) in.refuse();
        if (!in.ok()) return false;
        std::size_t slot = 0;
        const Target target = target_of(names, model, entry.number, out.size(), slot);
        if (target == Target::unknown) return false;
        if (target == Target::slot)
            out[slot] = {std::move(value), std::move(entry.revision), entry.origin};
    }
    return is_whole_blob(in);
}

std::string encode_shadows(const NameTable& names, ModelIndex model,
                           std::span<const sync::Shadow> shadows) {
    ByteWriter out = begin_blob();
    out.number(count_to_write(shadows));
    EntryWriter entries(out, names);
    for (std::size_t slot = 0; slot < shadows.size(); ++slot) {
        const sync::Shadow& s = shadows[slot];
        if (is_default(s)) continue;
        EntryKind kind = EntryKind::unset;
        if (s.value) kind = s.value->is_null() ? EntryKind::null : EntryKind::value;
        entries.head({names.number(model, slot), kind, s.revision, {}});
        if (kind == EntryKind::value) write_value(out, *s.value);
    }
    return out.take();
}

bool decode_shadows(const NameTable& names, ModelIndex model, Retired retired,
                    std::string_view blob, std::vector<sync::Shadow>& out) {
    out.clear();
    out.resize(slots_of(names, model, retired));
    ByteReader in = begin_reading(blob);
    EntryReader entries(in, names);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        Entry entry = entries.head();
        sync::Shadow shadow;
        if (entry.kind == EntryKind::value) shadow.value = read_value(in);
        if (entry.kind == EntryKind::null) shadow.value.emplace();
        shadow.revision = std::move(entry.revision);
        if (!in.ok()) return false;
        std::size_t slot = 0;
        const Target target = target_of(names, model, entry.number, out.size(), slot);
        if (target == Target::unknown) return false;
        if (target == Target::slot) out[slot] = std::move(shadow);
    }
    return is_whole_blob(in);
}

std::string encode_held(const NameTable& names, ModelIndex model,
                        std::span<const sync::Held> held) {
    ByteWriter out = begin_blob();
    out.number(held.size());
    for (const sync::Held& h : held) {
        out.number(static_cast<std::uint64_t>(names.number(model, h.property.at())));
        out.number(h.rev);
        out.text(h.reason);
    }
    // What older stores do not have follows, as far as there is any.
    const auto is_offered = [](const sync::Held& h) { return h.offers != sync::Offers{}; };
    if (std::ranges::none_of(held, is_offered)) return out.take();
    for (const sync::Held& h : held) {
        out.integer(h.offers.next.ms);
        out.integer(h.offers.pause.ms);
        out.integer(h.offers.made);
        out.integer(h.offers.lasted.ms);
    }
    return out.take();
}

bool decode_held(const NameTable& names, ModelIndex model, Retired retired, std::string_view blob,
                 std::vector<sync::Held>& out) {
    out.clear();
    ByteReader in = begin_reading(blob);
    const std::size_t count = in.count();
    std::vector<bool> is_known;  // else of a property that is retired
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const auto number = static_cast<std::int64_t>(in.number(INT64_MAX));
        sync::Held held;
        held.rev = static_cast<std::uint32_t>(in.number(UINT32_MAX));
        held.reason = in.text();
        if (!in.ok()) return false;
        std::size_t slot = 0;
        const Target target =
            target_of(names, model, number, slots_of(names, model, retired), slot);
        if (target == Target::unknown) return false;
        held.property = PropertyIndex{static_cast<std::int32_t>(slot)};
        is_known.push_back(target == Target::slot);
        if (is_known.back()) out.push_back(std::move(held));
    }
    auto into = out.begin();
    for (std::size_t i = 0; i < count && in.ok() && !in.at_end(); ++i) {
        sync::Offers offers;
        offers.next.ms = in.integer();
        offers.pause.ms = in.integer();
        offers.made = static_cast<int>(in.integer());
        offers.lasted.ms = in.integer();
        if (is_known[i]) (into++)->offers = offers;
    }
    return is_whole_blob(in);
}

std::string encode_parts(const NameTable& names, std::span<const sync::IntentPart> parts) {
    ByteWriter out = begin_blob();
    out.number(parts.size());
    for (const sync::IntentPart& part : parts) {
        out.integer(part.entity.value);
        out.number(static_cast<std::uint64_t>(names.number(part.data_type)));
        out.integer(part.link.value);
        write_sent(out, names, part);
    }
    return out.take();
}

bool decode_parts(const NameTable& names, std::string_view blob,
                  std::vector<sync::IntentPart>& out) {
    out.clear();
    ByteReader in = begin_reading(blob);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        sync::IntentPart part;
        part.entity.value = in.integer();
        const auto number = static_cast<std::int64_t>(in.number(INT64_MAX));
        part.link.value = in.integer();
        const auto data_type = names.data_type(number);
        if (!data_type.known) in.refuse();
        part.data_type = data_type.index;
        read_sent(in, names, part);
        const bool is_retired = number != NameTable::none && !part.data_type;
        if (in.ok() && !is_retired) out.push_back(std::move(part));
    }
    return is_whole_blob(in);
}

std::string encode_ids(std::span<const RecordId> ids) {
    ByteWriter out = begin_blob();
    out.number(ids.size());
    for (const RecordId id : ids) out.integer(id.value);
    return out.take();
}

bool decode_ids(std::string_view blob, std::vector<RecordId>& out) {
    out.clear();
    ByteReader in = begin_reading(blob);
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) out.push_back({in.integer()});
    return is_whole_blob(in);
}

std::string encode_digests(std::span<const Digest> digests) {
    std::string out;
    for (const Digest& digest : digests) {
        CHECK(digest != Digest{}, "the zero digest is no match key");
        out += DigestBytes(digest).bytes();
    }
    return out;
}

bool decode_digests(std::string_view blob, std::vector<Digest>& out) {
    out.clear();
    for (; blob.size() >= 16; blob.remove_prefix(16))
        digest_from(blob.substr(0, 16), out.emplace_back());
    return blob.empty();
}

}  // namespace entente::store
