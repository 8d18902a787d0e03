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
///
/// Times that are near each other share a bucket, so that adding one is most often an append, whether many entries have one time
/// (the end of a window) or each its own (the end of a session). A bucket of one time holds no times. One of several is put
/// in order when it comes first.
template <class Entry>
class TimeBuckets {
 public:
  void add(std::int64_t time, Entry entry) {
    const std::int64_t number = time >> bits;
    if (last_ == nullptr || last_number_ != number) {
      last_ = &buckets_[number];
      last_number_ = number;
    }
    last_->add(time, entry);
  }

  /// Calls `take(time, entry, ahead)` for the next entry with a time of at most `limit`; `ahead` are those behind it with the
  /// same time, if it is known which. False: there is none.
  template <class Take>
  bool take(std::int64_t limit, Take&& take) {
    while (!buckets_.empty()) {
      Bucket& first = buckets_.begin()->second;
      if (!first.empty()) return first.take(limit, take);
      if (last_ == &first) last_ = nullptr;
      buckets_.erase(buckets_.begin());
    }
    return false;
  }

  std::optional<std::int64_t> next_time() const {
    for (const auto& [number, bucket] : buckets_) {
      if (!bucket.empty()) return bucket.least();
    }
    return std::nullopt;
  }

 private:
  /// Some 16 ms in ticks: a watermark mostly passes several buckets, and a bucket fits into a cache.
  static constexpr int bits = 14;

  struct Timed {
    std::int64_t time;
    Entry entry;
  };

  class Bucket {
   public:
    bool empty() const { return taken_ == (timed_.empty() ? entries_.size() : timed_.size()); }
    /// REQUIRES: not empty.
    std::int64_t least() const { return least_; }

    void add(std::int64_t time, Entry entry) {
      const bool first = empty();
      if (first) clear();
      if (timed_.empty()) {
        if (first || time == least_) {
          least_ = time;
          return entries_.push_back(entry);
        }
        tell_times();
      }
      add_timed({time, entry});
    }

    template <class Take>
    bool take(std::int64_t limit, Take&& take) {
      if (least_ > limit) return false;
      if (timed_.empty()) {
        const Entry entry = entries_[taken_++];
        take(least_, entry, std::span<const Entry>(entries_).subspan(taken_));
        return true;
      }
      put_in_order();
      const Timed next = timed_[taken_++];
      if (!empty()) least_ = timed_[taken_].time;
      take(next.time, next.entry, std::span<const Entry>());
      return true;
    }

   private:
    void clear() {
      entries_.clear();
      timed_.clear();
      taken_ = 0;
      in_order_ = true;
    }
    void tell_times() {
      timed_.reserve(2 * (entries_.size() - taken_ + 1));
      for (std::size_t i = taken_; i < entries_.size(); ++i) timed_.push_back({least_, entries_[i]});
      entries_ = {};
      taken_ = 0;
    }
    void add_timed(const Timed& added) {
      least_ = std::min(least_, added.time);
      const bool behind_all = added.time >= timed_.back().time;
      // While it is taken from it stays in order.
      if (!behind_all && in_order_ && taken_ > 0) {
        const auto rest = timed_.begin() + static_cast<std::ptrdiff_t>(taken_);
        timed_.insert(std::upper_bound(rest, timed_.end(), added.time, before), added);
        return;
      }
      in_order_ = in_order_ && behind_all;
      timed_.push_back(added);
    }
    void put_in_order() {
      if (in_order_) return;
      std::ranges::stable_sort(timed_, {}, &Timed::time);
      in_order_ = true;
    }
    static bool before(std::int64_t time, const Timed& other) { return time < other.time; }

    std::vector<Entry> entries_;  ///< all of time `least_`; or none
    std::vector<Timed> timed_;
    std::size_t taken_ = 0;
    std::int64_t least_ = 0;  ///< of those that were not taken
    bool in_order_ = true;
  };

  std::map<std::int64_t, Bucket> buckets_;
  // The bucket added to last: most often the next one too.
  Bucket* last_ = nullptr;
  std::int64_t last_number_ = 0;
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
