// What was aggregated for one key, slice by slice, in the order of time.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/stored.hpp>
#include <streamwork/typed/slice_sum.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// For windows that are one slice each. Most keys have one open window at a time, which lies in the row itself.
template <class Aggregate>
class SingleSlices {
  using State = typename Aggregate::State;
  using Slices = std::vector<Slice<State>>;

 public:
  SingleSlices() = default;
  SingleSlices(const SingleSlices& other)
      : first_(other.first_),
        more_(other.more_ ? std::make_unique<Slices>(*other.more_) : nullptr),
        used_(other.used_) {}
  SingleSlices(SingleSlices&&) = default;
  SingleSlices& operator=(const SingleSlices&) = delete;
  SingleSlices& operator=(SingleSlices&&) = default;
  ~SingleSlices() = default;

  bool empty() const { return !used_; }
  /// The first slice. REQUIRES: there is one.
  std::int64_t first() const { return first_.start; }

  /// The state of the slice that begins at `start`, which is made if need be: then `made` is called.
  template <class Made>
  State& at(std::int64_t start, Made&& made) {
    if (used_ && first_.start == start) [[likely]]
      return first_.state;
    return at_another(start, std::forward<Made>(made));
  }

  /// The first slice from `from` on, or nullptr.
  const std::int64_t* first_from(std::int64_t from) const {
    if (used_ && first_.start >= from) return &first_.start;
    if (!more_) return nullptr;
    const auto found = std::ranges::lower_bound(*more_, from, {}, &Slice<State>::start);
    return found == more_->end() ? nullptr : &found->start;
  }

  /// Calls `use(state)` for what was aggregated from `from` on and before `to`, if there is anything: one slice.
  template <class Use>
  void over(const Aggregate&, std::int64_t from, std::int64_t, Use&& use) {
    if (used_ && first_.start == from) return use(std::as_const(first_.state));
    if (!more_) return;
    const auto found = std::ranges::lower_bound(*more_, from, {}, &Slice<State>::start);
    if (found != more_->end() && found->start == from) use(std::as_const(found->state));
  }

  /// Drops the first slice. REQUIRES: there is one.
  void drop_first(const Aggregate&) {
    if (more_ && !more_->empty()) {
      first_ = std::move(more_->front());
      more_->erase(more_->begin());
    } else {
      first_.state = State();
      used_ = false;
    }
  }

  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"used">(self.used_), stored<"first">(self.first_), stored<"more">(self.more_));
  }

 private:
  /// `made` by value: its address would keep what it holds in memory where `at` is called.
  template <class Made>
  [[gnu::noinline]] State& at_another(std::int64_t start, Made made) {
    if (!used_) {
      used_ = true;
      first_.start = start;
      made();
      return first_.state;
    }
    if (!more_) more_ = std::make_unique<Slices>();
    if (start < first_.start) {
      more_->insert(more_->begin(), std::exchange(first_, Slice<State>{start, State()}));
      made();
      return first_.state;
    }
    auto place = std::ranges::lower_bound(*more_, start, {}, &Slice<State>::start);
    if (place == more_->end() || place->start != start) {
      place = more_->insert(place, Slice<State>{start, State()});
      made();
    }
    return place->state;
  }

  Slice<State> first_{};
  std::unique_ptr<Slices> more_;
  bool used_ = false;
};

/// Slices that few events go into any more: what overlapping windows share is aggregated once, in two stacks. The slices
/// up to a seam carry what they and all behind them up to the seam add up to; those from the seam on, up to the end of the
/// window asked for last, are one running total. A window is one of the former with the latter, so that each costs the
/// same however many slices it has (two-stack sliding windows, as in Tangwongsan, Hirzel, Schneider 2017).
template <class Aggregate>
class SliceStacks {
  using State = typename Aggregate::State;

 public:
  bool empty() const { return head_ == slices_.size(); }
  std::int64_t first() const { return slices_[head_].start; }
  /// The last slice. REQUIRES: there is one.
  std::int64_t last() const { return slices_.back().start; }

  template <class Made>
  State& at(std::int64_t start, Made&& made) {
    auto place = lower_bound(start);
    if (place == slices_.end() || place->start != start) {
      if (mostly_dead()) {
        drop_dead();
        place = lower_bound(start);
      }
      place = slices_.insert(place, Slice<State>{start, State()});
      made();
    }
    // What was added up already no longer holds. Only events behind the watermark come here.
    if (static_cast<std::size_t>(place - slices_.begin()) < added_up_) added_up_ = seam_ = 0;
    return place->state;
  }

  /// Adds a slice behind the last one.
  void push_back(Slice<State> slice) {
    if (mostly_dead()) drop_dead();
    slices_.push_back(std::move(slice));
  }

  const std::int64_t* first_from(std::int64_t from) const {
    const auto found = lower_bound(from);
    return found == slices_.end() ? nullptr : &found->start;
  }

  template <class Use>
  void over(const Aggregate& aggregate, std::int64_t from, std::int64_t to, Use&& use) {
    const auto begin = static_cast<std::size_t>(lower_bound(from) - slices_.begin());
    if (begin == slices_.size() || slices_[begin].start >= to) return;
    // A late event asks again for windows before the one asked for last.
    const bool behind =
        (added_up_ > begin && slices_[added_up_ - 1].start >= to) || (seam_ > begin && suffix_begin_ > begin);
    if (behind) return use(plain_total(aggregate, begin, to));
    if (begin >= seam_) move_seam(aggregate, begin, to);
    for (; added_up_ < slices_.size() && slices_[added_up_].start < to; ++added_up_)
      aggregate.combine(running_, slices_[added_up_].state);
    if (added_up_ == seam_) return use(std::as_const(suffixes_[begin - suffix_begin_]));
    State all = suffixes_[begin - suffix_begin_];
    aggregate.combine(all, running_);
    use(std::as_const(all));
  }

  void drop_first(const Aggregate&) {
    slices_[head_].state = State();
    ++head_;
    if (head_ == slices_.size()) drop_dead();
  }

  /// With what was added up already: floating-point numbers that were added up anew could differ in the last digit.
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"slices">(self.slices_), stored<"suffixes">(self.suffixes_),
                      stored<"running">(self.running_), stored<"head">(self.head_),
                      stored<"suffix_begin">(self.suffix_begin_), stored<"seam">(self.seam_),
                      stored<"added_up">(self.added_up_));
  }
  /// False if the places do not lie in the slices.
  bool restored() const {
    const std::size_t size = slices_.size();
    if (head_ > size || added_up_ > size || seam_ > added_up_) return false;
    return seam_ == 0 || (suffix_begin_ <= seam_ && suffixes_.size() == seam_ - suffix_begin_);
  }

 private:
  auto lower_bound(std::int64_t start) { return lower_bound(slices_, head_, start); }
  auto lower_bound(std::int64_t start) const { return lower_bound(slices_, head_, start); }
  template <class Slices>
  static auto lower_bound(Slices& slices, std::size_t head, std::int64_t start) {
    // Most windows begin with the first slice, most events that are late for the newest one belong to the last.
    const auto first = slices.begin() + static_cast<std::ptrdiff_t>(head);
    if (first == slices.end() || first->start >= start) return first;
    if (slices.back().start < start) return slices.end();
    if (slices.back().start == start) return slices.end() - 1;
    return std::ranges::lower_bound(first, slices.end(), start, {}, &Slice<State>::start);
  }

  /// Puts the seam behind the last slice before `to`.
  void move_seam(const Aggregate& aggregate, std::size_t begin, std::int64_t to) {
    std::size_t end = begin;
    while (end < slices_.size() && slices_[end].start < to) ++end;
    suffixes_.assign(end - begin, State());
    suffix_begin_ = begin;
    for (std::size_t i = end; i-- > begin;) {
      State& suffix = suffixes_[i - begin];
      suffix = slices_[i].state;
      if (i + 1 < end) aggregate.combine(suffix, suffixes_[i + 1 - begin]);
    }
    seam_ = added_up_ = end;
    running_ = State();
  }

  /// For a window that begins or ends before the one asked for last.
  State plain_total(const Aggregate& aggregate, std::size_t begin, std::int64_t to) const {
    State all = slices_[begin].state;
    for (std::size_t i = begin + 1; i < slices_.size() && slices_[i].start < to; ++i)
      aggregate.combine(all, slices_[i].state);
    return all;
  }

  bool mostly_dead() const { return head_ > 0 && 2 * head_ >= slices_.size(); }
  /// Frees what was dropped from the front.
  void drop_dead() {
    slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(head_));
    const auto move = [this](std::size_t& place) { place = place > head_ ? place - head_ : 0; };
    if (suffix_begin_ < head_) {
      const std::size_t dropped = std::min(head_ - suffix_begin_, suffixes_.size());
      suffixes_.erase(suffixes_.begin(), suffixes_.begin() + static_cast<std::ptrdiff_t>(dropped));
    }
    move(suffix_begin_);
    move(seam_);
    move(added_up_);
    head_ = 0;
  }

  std::vector<Slice<State>> slices_;
  std::vector<State> suffixes_;  ///< by slice, from `suffix_begin_` up to the seam
  State running_{};              ///< from the seam up to `added_up_`
  std::size_t head_ = 0;         ///< slices before it were dropped
  std::size_t suffix_begin_ = 0;
  std::size_t seam_ = 0;
  std::size_t added_up_ = 0;
};

/// For windows of many slices. The newest slice, which most events go into, lies in the row itself. `Older`: what holds the
/// others.
template <class Aggregate, template <class> class Older = SliceStacks>
class SharedSlices {
  using State = typename Aggregate::State;

 public:
  bool empty() const { return !has_newest_ && older_.empty(); }
  std::int64_t first() const { return older_.empty() ? newest_.start : older_.first(); }

  template <class Made>
  State& at(std::int64_t start, Made&& made) {
    if (has_newest_ && newest_.start == start) [[likely]]
      return newest_.state;
    return at_another(start, std::forward<Made>(made));
  }

  const std::int64_t* first_from(std::int64_t from) const {
    if (const std::int64_t* found = older_.first_from(from)) return found;
    return has_newest_ && newest_.start >= from ? &newest_.start : nullptr;
  }

  template <class Use>
  void over(const Aggregate& aggregate, std::int64_t from, std::int64_t to, Use&& use) {
    if (has_newest_ && newest_.start < to) put_by_newest();
    older_.over(aggregate, from, to, use);
  }

  void drop_first(const Aggregate& aggregate) {
    if (!older_.empty()) return older_.drop_first(aggregate);
    newest_.state = State();
    has_newest_ = false;
  }

  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"has_newest">(self.has_newest_), stored<"newest">(self.newest_),
                      stored<"older">(self.older_));
  }
  /// False if the newest slice is not.
  bool restored() const { return !has_newest_ || older_.empty() || older_.last() < newest_.start; }

 private:
  template <class Made>
  [[gnu::noinline]] State& at_another(std::int64_t start, Made made) {
    const bool behind_all = has_newest_ ? start > newest_.start : older_.empty() || start > older_.last();
    if (!behind_all) return older_.at(start, made);
    if (has_newest_) put_by_newest();
    newest_.start = start;
    has_newest_ = true;
    made();
    return newest_.state;
  }
  void put_by_newest() {
    older_.push_back(std::exchange(newest_, Slice<State>{}));
    has_newest_ = false;
  }

  Slice<State> newest_{};  ///< behind all others
  bool has_newest_ = false;
  Older<Aggregate> older_;
};

}  // namespace streamwork::typed
