// How many bids each auction has, and which have the most.
//
// Once it is asked which, the auctions of each count are kept side by side, and a change moves one of them from its place to another: so
// what a sliding window adds up to goes on by what has come and what has gone, and is never looked through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace nexmark {

namespace sw = streamwork;

class HotCounts {
 public:
  void add(std::int64_t auction, std::int64_t bids = 1) {
    Count& count = counts_[auction];
    if (indexed_) return move(auction, count, count.bids + bids);
    count.bids += bids;
  }
  void combine(const HotCounts& other) {
    index();
    for (const auto& [auction, count] : other.counts_) add(auction, count.bids);
  }
  /// REQUIRES: all of `part` is in it.
  void uncombine(const HotCounts& part) {
    index();
    for (const auto& [auction, count] : part.counts_) add(auction, -count.bids);
  }

  /// The greatest number of bids, and the auctions that have so many.
  std::int64_t most() const { return static_cast<std::int64_t>(by_count_.size()) - 1; }
  const std::vector<std::int64_t>& hottest() const { return by_count_.back(); }

  /// Slices are stored; what they add up to is added up again.
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(sw::stored<"counts">(self.counts_), sw::stored<"by_count">(self.by_count_),
                      sw::stored<"indexed">(self.indexed_));
  }

 private:
  struct Count {
    std::int64_t bids = 0;
    std::size_t place = 0;  ///< among the auctions of this count
  };

  void index() {
    if (indexed_) return;
    indexed_ = true;
    for (auto& [auction, count] : counts_) put(auction, count);
  }
  void move(std::int64_t auction, Count& count, std::int64_t bids) {
    if (count.bids > 0) take(count);
    count.bids = bids;
    if (bids > 0) {
      put(auction, count);
    } else {
      counts_.erase(auction);
    }
    while (!by_count_.empty() && by_count_.back().empty()) by_count_.pop_back();
  }
  void put(std::int64_t auction, Count& count) {
    const auto bids = static_cast<std::size_t>(count.bids);
    if (by_count_.size() <= bids) by_count_.resize(bids + 1);
    count.place = by_count_[bids].size();
    by_count_[bids].push_back(auction);
  }
  /// The last one of its count takes its place.
  void take(const Count& count) {
    std::vector<std::int64_t>& alike = by_count_[static_cast<std::size_t>(count.bids)];
    counts_.find(alike.back())->second.place = count.place;
    alike[count.place] = alike.back();
    alike.pop_back();
  }

  std::unordered_map<std::int64_t, Count> counts_;
  std::vector<std::vector<std::int64_t>> by_count_;  ///< up to the greatest count there is
  bool indexed_ = false;
};

}  // namespace nexmark
