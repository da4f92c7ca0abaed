#include "store/key_table.hpp"

#include <algorithm>

#include "store/codec.hpp"
#include "store/digest_bytes.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view merged_noun = "record with its keys in match_keys";
// A commit takes this part of a merge, and two keys for every one that came in since the last: a merge ends before there
// is enough for the next, and no commit pays for all of it.
constexpr std::size_t slices_max = 32;
constexpr std::size_t slice_per_added = 2;

}  // namespace

KeyTable::KeyTable(Session& session, std::size_t recent_max)
    : session_(session),
      recent_max_(recent_max),
      select_keys_(*session.connection, sql::select_record_keys),
      insert_keys_(*session.connection, sql::insert_record_keys),
      update_keys_(*session.connection, sql::update_record_keys),
      delete_keys_(*session.connection, sql::delete_record_keys),
      newer_keys_(*session.connection, sql::select_newer_keys),
      counter_(*session.connection, sql::select_counter),
      put_counter_(*session.connection, sql::put_counter),
      carriers_(*session.connection, sql::select_carriers),
      insert_(*session.connection, sql::insert_match_key),
      delete_(*session.connection, sql::delete_match_key) {}

void KeyTable::load() {
    if (is_loaded_) return;
    RecordId merged;
    if (Rows row = counter_.rows(merged_noun); row.next()) merged.value = row.integer(0);
    recent_.restart(merged);
    std::vector<Digest> keys;
    for (Rows row = newer_keys_.rows(merged.value); row.next();) {
        const RecordId record{row.integer(0)};
        if (!decode_digests(row.blob(2), keys)) {
            session_.connection->poison_corrupt("record_keys", record.value,
                                                "the keys cannot be read");
        }
        for (const Digest& key : keys) recent_.add({key, record}, row.integer(1));
    }
    is_loaded_ = !session_.connection->poisoned();
}

// After a merge that a crash cut short a key may be in memory and in the table: each record is told once.
std::vector<std::vector<sync::Carrier>> KeyTable::carriers(std::span<const Digest> keys,
                                                           int limit) {
    load();
    std::vector<std::vector<sync::Carrier>> out(keys.size());
    if (session_.connection->poisoned()) return out;
    std::vector<RecentKeys::Entry> found;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        found.clear();
        recent_.find(keys[i], found);
        const DigestBytes key(keys[i]);
        for (Rows row = carriers_.rows(Blob{key.bytes()}); row.next();) {
            found.push_back({{keys[i], {row.integer(0)}}, row.integer(1)});
        }
        std::ranges::sort(found, {}, &RecentKeys::Entry::carried);
        const auto repeated = std::ranges::unique(found, {}, &RecentKeys::Entry::carried);
        found.erase(repeated.begin(), repeated.end());
        for (const RecentKeys::Entry& entry : found) {
            if (std::ssize(out[i]) >= limit_of(limit)) break;
            const RecordId record = entry.carried.record;
            const auto resource = session_.index_of(session_.names.resource(entry.resource),
                                                    "match_keys", record.value);
            if (resource) out[i].push_back({record, resource});
        }
    }
    return out;
}

std::vector<std::vector<Digest>> KeyTable::keys_of(std::span<const RecordId> records) {
    std::vector<std::vector<Digest>> out;
    out.reserve(records.size());
    for (const RecordId record : records) out.push_back(keys_of(record));
    return out;
}

std::vector<Digest> KeyTable::keys_of(RecordId record) {
    std::vector<Digest> keys;
    Rows row = select_keys_.rows(record.value);
    if (row.next() && !decode_digests(row.blob(0), keys)) {
        session_.connection->poison_corrupt("record_keys", record.value, "the keys cannot be read");
    }
    return keys;
}

void KeyTable::add(const CarriedKey& carried, std::int64_t resource) {
    if (recent_.is_for_table(carried.record)) {
        insert_.run(Blob{DigestBytes(carried.key).bytes()}, carried.record.value, resource);
    } else {
        recent_.add(carried, resource);
        ++added_;
    }
}

// It may be in the table even when it is in memory: its slice is merged, or was before a crash.
void KeyTable::remove(const CarriedKey& carried) {
    recent_.remove(carried);
    delete_.run(Blob{DigestBytes(carried.key).bytes()}, carried.record.value);
}

void KeyTable::set(RecordId record, ResourceIndex resource, std::span<const Digest> keys,
                   bool fresh) {
    CHECK(record && resource, "keys are carried by a record of a resource");
    load();
    const std::vector<Digest> had = fresh ? std::vector<Digest>() : keys_of(record);
    if (std::ranges::equal(had, keys)) return;
    const std::int64_t number = session_.names.number(resource);
    for (const Digest& key : had) {
        if (std::ranges::find(keys, key) == keys.end()) remove({key, record});
    }
    for (const Digest& key : keys) {
        if (std::ranges::find(had, key) == had.end()) add({key, record}, number);
    }
    const std::string bytes = encode_digests(keys);
    if (keys.empty()) {
        delete_keys_.run(record.value);
    } else if (had.empty()) {
        insert_keys_.run(record.value, number, Blob{bytes});
    } else {
        update_keys_.run(Blob{bytes}, record.value);
    }
}

void KeyTable::merge_some() {
    if (!is_loaded_) return;
    if (!recent_.is_merging()) {
        if (recent_.size() < recent_max_) return;
        recent_.freeze();
    }
    for (const RecentKeys::Entry& entry :
         recent_.slice(1 + recent_max_ / slices_max + slice_per_added * added_)) {
        if (entry.resource == 0) continue;
        const DigestBytes key(entry.carried.key);
        insert_.run(Blob{key.bytes()}, entry.carried.record.value, entry.resource);
    }
    added_ = 0;
    if (recent_.is_merged()) put_counter_.run(merged_noun, recent_.finish().value);
}

}  // namespace entente::store
