// Slices of overlapping windows whose aggregates can be taken apart again.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <streamwork/stored.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class State>
struct Slice {
  std::int64_t start;
  State state;
};

/// Slices that few events go into any more, of aggregates whose combination can be undone: what a window adds up to becomes
/// that of the next one by what has come and what has gone ("subtract on evict", as in Tangwongsan, Hirzel, Schneider 2017).
template <class Aggregate>
class SliceSum {
  using State = typename Aggregate::State;

 public:
  bool empty() const { return head_ == slices_.size(); }
  std::int64_t first() const { return slices_[head_].start; }
  /// The last slice. REQUIRES: there is one.
  std::int64_t last() const { return slices_.back().start; }

  template <class Made>
  State& at(std::int64_t start, Made&& made) {
    const std::size_t place = place_of(start);
    // What it is a part of no longer holds: only of events behind the watermark.
    if (place >= sum_begin_ && place < sum_end_) begin_sum(head_);
    if (place == slices_.size() || slices_[place].start != start) {
      slices_.insert(slices_.begin() + static_cast<std::ptrdiff_t>(place), Slice<State>{start, State()});
      if (place < sum_begin_) {
        ++sum_begin_;
        ++sum_end_;
      }
      made();
    }
    return slices_[place].state;
  }

  /// Adds a slice behind the last one.
  void push_back(Slice<State> slice) {
    if (2 * head_ > slices_.size()) drop_dead();
    slices_.push_back(std::move(slice));
  }

  const std::int64_t* first_from(std::int64_t from) const {
    const std::size_t place = place_of(from);
    return place == slices_.size() ? nullptr : &slices_[place].start;
  }

  template <class Use>
  void over(const Aggregate& aggregate, std::int64_t from, std::int64_t to, Use&& use) {
    const std::size_t begin = place_of(from);
    if (begin == slices_.size() || slices_[begin].start >= to) return;
    if (begin >= sum_end_ || begin < sum_begin_) begin_sum(begin);
    for (; sum_end_ < slices_.size() && slices_[sum_end_].start < to; ++sum_end_)
      aggregate.combine(sum_, slices_[sum_end_].state);
    while (slices_[sum_end_ - 1].start >= to) aggregate.uncombine(sum_, slices_[--sum_end_].state);
    for (; sum_begin_ < begin; ++sum_begin_) aggregate.uncombine(sum_, slices_[sum_begin_].state);
    use(std::as_const(sum_));
  }

  void drop_first(const Aggregate& aggregate) {
    if (sum_begin_ == head_ && sum_end_ > head_) aggregate.uncombine(sum_, slices_[sum_begin_++].state);
    slices_[head_++].state = State();
    sum_begin_ = std::max(sum_begin_, head_);
    sum_end_ = std::max(sum_end_, head_);
    if (head_ == slices_.size()) drop_dead();
  }

  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"slices">(self.slices_), stored<"head">(self.head_));
  }
  /// False if the first slice is none of them.
  bool restored() const { return head_ <= slices_.size(); }

 private:
  void begin_sum(std::size_t place) {
    sum_ = State();
    sum_begin_ = sum_end_ = place;
  }
  /// Of the first slice from `from` on.
  std::size_t place_of(std::int64_t from) const {
    // Most windows begin with the first one, most events of an older slice belong to the last.
    if (head_ == slices_.size() || slices_[head_].start >= from) return head_;
    if (slices_.back().start < from) return slices_.size();
    const auto rest = slices_.begin() + static_cast<std::ptrdiff_t>(head_);
    return static_cast<std::size_t>(std::ranges::lower_bound(rest, slices_.end(), from, {}, &Slice<State>::start) -
                                    slices_.begin());
  }
  /// Frees what was dropped from the front.
  void drop_dead() {
    slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(head_));
    sum_begin_ = std::max(sum_begin_, head_) - head_;
    sum_end_ = std::max(sum_end_, head_) - head_;
    head_ = 0;
  }

  std::vector<Slice<State>> slices_;
  State sum_{};           ///< of the slices from `sum_begin_` on and before `sum_end_`
  std::size_t head_ = 0;  ///< slices before it were dropped
  std::size_t sum_begin_ = 0;
  std::size_t sum_end_ = 0;
};

}  // namespace streamwork::typed
