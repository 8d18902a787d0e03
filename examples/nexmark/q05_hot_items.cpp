// q5, hot items: of each window of ten seconds the auctions with the most bids, all of them if several are equal.
#include <vector>

#include "hot_counts.hpp"
#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

using HotItems = std::vector<HotItemRow>;

/// The hottest of a part of the auctions. What overlapping windows share is counted once, since it can be taken away again.
struct OfAPart {
  using State = HotCounts;
  static void add(State& state, const AuctionTime& bid) { state.add(bid.auction); }
  static void combine(State& state, const State& later) { state.combine(later); }
  static void uncombine(State& state, const State& part) { state.uncombine(part); }
  static HotItems result(const State& state, std::int64_t, const sw::TimeWindow& window) {
    HotItems rows;
    for (const std::int64_t auction : state.hottest()) rows.push_back({window.start, auction, state.most()});
    return rows;
  }
};

/// The hottest of all parts.
struct OfAll {
  using State = HotItems;
  static void add(State& state, const sw::WindowResult<std::int64_t, HotItems>& part) { combine(state, part.value); }
  static void combine(State& state, const State& other) {
    if (other.empty() || (!state.empty() && other.front().num < state.front().num)) return;
    if (!state.empty() && other.front().num > state.front().num) state.clear();
    state.insert(state.end(), other.begin(), other.end());
  }
  static const State& result(const State& state) { return state; }
};

}  // namespace

void q5(const Setup& setup) {
  constexpr sw::Duration length = 10s;
  const int parts = setup.parallelism;
  setup.bids()
      .map("auction", [](const Bid& bid) { return AuctionTime{bid.auction, bid.dateTime}; })
      .event_time(&AuctionTime::dateTime, watermarks())
      .key_by([parts](const AuctionTime& bid) { return bid.auction % parts; }, setup.grouping())
      .window(sw::sliding(length, setup.slide))
      .aggregate("hottest of a part", OfAPart())
      // The results of a window have its last instant as their time: those of one end are in one of these windows.
      .window(sw::tumbling(setup.slide).offset(length))
      .aggregate("hottest", OfAll())
      .flat_map("row", [](const auto& window) { return window.value; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
