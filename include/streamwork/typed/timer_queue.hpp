// The timers of an operator instance: which keys are due when.
//
// The row of a key holds the truth (`RowTimers`); the queue orders it: for each time, the rows in the order in which they
// were set. A cancelled timer stays in the queue and is passed over when its time comes. Most timers share their time with
// many others (the end of a window), so that setting one is an append.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <streamwork/stored.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// The times at which one key wants to be called, in ticks.
class RowTimers {
 public:
  RowTimers() = default;
  RowTimers(RowTimers&&) = default;
  RowTimers& operator=(RowTimers&&) = default;
  /// What is copied is not in any queue yet.
  RowTimers(const RowTimers& other)
      : more_(other.more_ ? std::make_unique<std::vector<std::int64_t>>(*other.more_) : nullptr),
        first_(other.first_),
        count_(other.count_) {}
  RowTimers& operator=(const RowTimers&) = delete;
  ~RowTimers() = default;

  bool empty() const { return count_ == 0; }
  /// False if it is there already.
  bool add(std::int64_t time) {
    if (count_ == 0) {
      first_ = time;
    } else {
      if (contains(time)) return false;
      if (!more_) more_ = std::make_unique<std::vector<std::int64_t>>();
      more_->push_back(time);
    }
    ++count_;
    return true;
  }
  /// False if it was not there.
  bool remove(std::int64_t time) {
    if (count_ == 0) return false;
    if (first_ == time) {
      if (count_ > 1) {
        first_ = more_->back();
        more_->pop_back();
      }
    } else {
      if (count_ == 1) return false;
      const auto found = std::ranges::find(*more_, time);
      if (found == more_->end()) return false;
      *found = more_->back();
      more_->pop_back();
    }
    --count_;
    return true;
  }
  bool contains(std::int64_t time) const {
    return count_ > 0 && (first_ == time || (count_ > 1 && std::ranges::find(*more_, time) != more_->end()));
  }
  /// Calls `visit(time)` for each.
  template <class Visit>
  void for_each(Visit&& visit) const {
    if (count_ > 0) visit(first_);
    if (count_ > 1) std::ranges::for_each(*more_, visit);
  }

  // What a checkpoint holds of it.
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"count">(self.count_), stored<"first">(self.first_), stored<"more">(self.more_));
  }
  bool restored() const { return count_ == (more_ ? more_->size() : 0) + (count_ > 0 ? 1 : 0); }

  /// Entries of the queue that point to this row.
  std::uint32_t queued() const { return queued_; }
  void set_queued(std::uint32_t entries) { queued_ = entries; }

 private:
  // 24 bytes: with a key and an open window of a few bytes, a row is one cache line.
  std::unique_ptr<std::vector<std::int64_t>> more_;
  std::int64_t first_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t queued_ = 0;
};

/// Entries by time; for equal times in the order in which they were added.
template <class Entry>
class TimeBuckets {
 public:
  void add(std::int64_t time, Entry entry) {
    if (last_ == nullptr || last_time_ != time) {
      last_ = &buckets_[time];
      last_time_ = time;
    }
    last_->entries.push_back(entry);
  }

  /// Calls `take(time, entry, ahead)` for the next entry with a time of at most `limit`; `ahead` are those behind it with the
  /// same time. False: there is none.
  template <class Take>
  bool take(std::int64_t limit, Take&& take) {
    while (!buckets_.empty() && buckets_.begin()->first <= limit) {
      auto& [time, bucket] = *buckets_.begin();
      if (bucket.next < bucket.entries.size()) {
        const Entry entry = bucket.entries[bucket.next++];
        take(time, entry, std::span<const Entry>(bucket.entries).subspan(bucket.next));
        return true;
      }
      if (last_ == &bucket) last_ = nullptr;
      buckets_.erase(buckets_.begin());
    }
    return false;
  }

  std::optional<std::int64_t> next_time() const {
    return buckets_.empty() ? std::nullopt : std::optional(buckets_.begin()->first);
  }

 private:
  struct Bucket {
    std::vector<Entry> entries;
    std::size_t next = 0;  ///< those before it were taken
  };

  std::map<std::int64_t, Bucket> buckets_;
  // The bucket added to last: most often the next one too.
  Bucket* last_ = nullptr;
  std::int64_t last_time_ = 0;
};

class TimerQueue {
 public:
  struct Due {
    std::int64_t time;
    std::byte* row;
  };
  using HashOf = std::uint32_t (*)(const std::byte* row);

  void add(std::int64_t time, std::byte* row) {
    if (hash_of_ != nullptr) [[unlikely]]
      return hashes_.add(time, hash_of_(row));
    rows_.add(time, row);
  }

  /// The next entry with a time of at most `limit`, in the order of times and, for equal times, of setting.
  std::optional<Due> take(std::int64_t limit) {
    std::optional<Due> due;
    rows_.take(limit, [&](std::int64_t time, std::byte* row, std::span<std::byte* const> ahead) {
      constexpr std::size_t distance = 8;
      if (distance <= ahead.size()) __builtin_prefetch(ahead[distance - 1], 1);
      due = Due{time, row};
    });
    return due;
  }

  /// The earliest time there is an entry for.
  std::optional<std::int64_t> next_time() const { return by_hash() ? hashes_.next_time() : rows_.next_time(); }

  // For rows that come and go: entries are hashes of keys, four bytes each.

  void keep_hashes(HashOf hash_of) { hash_of_ = hash_of; }
  bool by_hash() const { return hash_of_ != nullptr; }
  /// As `take` of `TimeBuckets`.
  template <class Take>
  bool take_hash(std::int64_t limit, Take&& take) {
    return hashes_.take(limit, std::forward<Take>(take));
  }

 private:
  TimeBuckets<std::byte*> rows_;
  TimeBuckets<std::uint32_t> hashes_;
  HashOf hash_of_ = nullptr;
};

}  // namespace streamwork::typed
