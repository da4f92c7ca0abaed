#include "store/recent_keys.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace entente::store {

namespace {

constexpr std::size_t buckets_min = 1024;

}  // namespace

void RecentKeys::restart(RecordId in_table_up_to) {
    recent_.clear();
    older_.clear();
    buckets_.assign(buckets_min, 0);
    frozen_.clear();
    merged_ = 0;
    frozen_up_to_ = in_table_up_to;
}

void RecentKeys::add(const CarriedKey& carried, std::int64_t resource) {
    if (recent_.size() >= buckets_.size()) grow();
    std::uint32_t& newest = buckets_[bucket_of(carried.key)];
    recent_.push_back({carried, resource});
    older_.push_back(newest);
    newest = static_cast<std::uint32_t>(recent_.size());
}

void RecentKeys::grow() {
    CHECK(recent_.size() < UINT32_MAX / 2, "recent keys are merged long before they are so many");
    buckets_.assign(std::max(buckets_min, buckets_.size() * 2), 0);
    for (std::size_t i = 0; i < recent_.size(); ++i) {
        std::uint32_t& newest = buckets_[bucket_of(recent_[i].carried.key)];
        older_[i] = newest;
        newest = static_cast<std::uint32_t>(i + 1);
    }
}

std::vector<RecentKeys::Entry>::iterator RecentKeys::first_frozen(const CarriedKey& carried) {
    return std::ranges::lower_bound(frozen_, carried, {}, &Entry::carried);
}

std::vector<RecentKeys::Entry>::const_iterator RecentKeys::first_frozen(
    const CarriedKey& carried) const {
    return std::ranges::lower_bound(frozen_, carried, {}, &Entry::carried);
}

void RecentKeys::remove(const CarriedKey& carried) {
    if (!buckets_.empty()) {
        for (std::uint32_t i = buckets_[bucket_of(carried.key)]; i != 0; i = older_[i - 1]) {
            if (recent_[i - 1].carried == carried) recent_[i - 1].resource = 0;
        }
    }
    const auto frozen = first_frozen(carried);
    for (auto it = frozen; it != frozen_.end() && it->carried == carried; ++it) it->resource = 0;
}

void RecentKeys::find(const Digest& key, std::vector<Entry>& out) const {
    if (!buckets_.empty()) {
        for (std::uint32_t i = buckets_[bucket_of(key)]; i != 0; i = older_[i - 1]) {
            const Entry& entry = recent_[i - 1];
            if (entry.carried.key == key && entry.resource != 0) out.push_back(entry);
        }
    }
    for (auto it = first_frozen({key, RecordId{}}); it != frozen_.end() && it->carried.key == key;
         ++it) {
        if (it->resource != 0) out.push_back(*it);
    }
}

void RecentKeys::freeze() {
    CHECK(frozen_.empty(), "one merge at a time");
    frozen_ = std::move(recent_);
    std::ranges::sort(frozen_, {}, &Entry::carried);
    for (const Entry& entry : frozen_)
        frozen_up_to_ = std::max(frozen_up_to_, entry.carried.record);
    merged_ = 0;
    recent_.clear();
    older_.clear();
    buckets_.assign(buckets_min, 0);
}

std::span<const RecentKeys::Entry> RecentKeys::slice(std::size_t count) {
    const std::size_t taken = std::min(count, frozen_.size() - merged_);
    const std::span<const Entry> out(frozen_.data() + merged_, taken);
    merged_ += taken;
    return out;
}

RecordId RecentKeys::finish() {
    frozen_.clear();
    frozen_.shrink_to_fit();
    merged_ = 0;
    return frozen_up_to_;
}

}  // namespace entente::store
