// Values, entity properties, shadows, holds and intent parts as compact blobs; docs/STORE.md has them byte by byte. Used
// by the tables of this folder only. Properties, systems and data types are written as persistent numbers, so a blob
// outlives any change of the configuration. Decoding is defensive: false for bytes that cannot be, never undefined.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/names.hpp"
#include "sync/state.hpp"

namespace entente::store {

// First byte of every blob.
inline constexpr std::uint8_t blob_version = 1;

// Whether what belongs to retired properties comes back too, in the slots behind the configured ones: a rewrite
// must carry it, everybody else must not see it.
enum class Retired { dropped, kept };

// Requires: nesting of at most limits::json_depth_max, which every value that was read satisfies.
std::string encode_value(const Value& value);
bool decode_value(std::string_view blob, Value& out);

// Requires: no more properties than the model has slots.
std::string encode_properties(const NameTable& names, ModelIndex model,
                              std::span<const sync::EntityProperty> properties);
// Ensures: as many as the model has properties (or slots), whatever is in the blob.
bool decode_properties(const NameTable& names, ModelIndex model, Retired retired,
                       std::string_view blob, std::vector<sync::EntityProperty>& out);

std::string encode_shadows(const NameTable& names, ModelIndex model,
                           std::span<const sync::Shadow> shadows);
bool decode_shadows(const NameTable& names, ModelIndex model, Retired retired,
                    std::string_view blob, std::vector<sync::Shadow>& out);

// Holds of retired properties come back with a property behind the configured ones when they are kept.
std::string encode_held(const NameTable& names, ModelIndex model, std::span<const sync::Held> held);
bool decode_held(const NameTable& names, ModelIndex model, Retired retired, std::string_view blob,
                 std::vector<sync::Held>& out);

std::string encode_parts(const NameTable& names, std::span<const sync::IntentPart> parts);
// Parts of retired data types are left out.
bool decode_parts(const NameTable& names, std::string_view blob,
                  std::vector<sync::IntentPart>& out);

std::string encode_ids(std::span<const RecordId> ids);
bool decode_ids(std::string_view blob, std::vector<RecordId>& out);

// 16 bytes each, nothing else: no version byte, the table's schema has it. Requires: none is zero.
std::string encode_digests(std::span<const Digest> digests);
bool decode_digests(std::string_view blob, std::vector<Digest>& out);

}  // namespace entente::store
