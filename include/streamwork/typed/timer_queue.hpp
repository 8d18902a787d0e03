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

class TimerQueue {
 public:
  struct Due {
    std::int64_t time;
    std::byte* row;
  };

  void add(std::int64_t time, std::byte* row) {
    if (last_ == nullptr || last_time_ != time) {
      last_ = &buckets_[time];
      last_time_ = time;
    }
    last_->rows.push_back(row);
  }

  /// The next entry with a time of at most `limit`, in the order of times and, for equal times, of setting.
  std::optional<Due> take(std::int64_t limit) {
    while (!buckets_.empty() && buckets_.begin()->first <= limit) {
      auto& [time, bucket] = *buckets_.begin();
      if (bucket.next < bucket.rows.size()) {
        constexpr std::size_t ahead = 8;
        if (bucket.next + ahead < bucket.rows.size()) __builtin_prefetch(bucket.rows[bucket.next + ahead], 1);
        return Due{time, bucket.rows[bucket.next++]};
      }
      if (last_ == &bucket) last_ = nullptr;
      buckets_.erase(buckets_.begin());
    }
    return std::nullopt;
  }

  /// The earliest time there is an entry for.
  std::optional<std::int64_t> next_time() const {
    return buckets_.empty() ? std::nullopt : std::optional(buckets_.begin()->first);
  }

 private:
  struct Bucket {
    std::vector<std::byte*> rows;
    std::size_t next = 0;  ///< those before it were taken
  };

  std::map<std::int64_t, Bucket> buckets_;
  // The bucket added to last: most often the next one too.
  Bucket* last_ = nullptr;
  std::int64_t last_time_ = 0;
};

}  // namespace streamwork::typed
