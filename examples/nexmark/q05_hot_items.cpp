// q5, hot items: of each window of ten seconds the auctions with the most bids, all of them if several are equal.
#include <algorithm>
#include <vector>

#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

using BidCount = sw::WindowResult<std::int64_t, std::int64_t>;

/// The greatest counts of a window. All counts it is given are of one window.
struct Hottest {
  using State = std::vector<HotItemRow>;
  static void add(State& state, const BidCount& count) { add(state, HotItemRow{count.start, count.key, count.value}); }
  static void combine(State& state, const State& later) {
    for (const HotItemRow& row : later) add(state, row);
  }
  static const State& result(const State& state) { return state; }

 private:
  static void add(State& state, const HotItemRow& row) {
    if (!state.empty() && row.num < state.front().num) return;
    if (!state.empty() && row.num > state.front().num) state.clear();
    state.push_back(row);
  }
};

}  // namespace

void q5(const Setup& setup) {
  constexpr sw::Duration length = 10s;
  setup.bids()
      .map("auction", [](const Bid& bid) { return AuctionTime{bid.auction, bid.dateTime}; })
      .event_time(&AuctionTime::dateTime, watermarks())
      .key_by(&AuctionTime::auction, setup.grouping())
      .window(sw::sliding(length, setup.slide))
      .aggregate("bids of a window", sw::count())
      // The counts of a window have its last instant as their time: those of one end are in one of these windows.
      .window(sw::tumbling(setup.slide).offset(length))
      .aggregate("hottest", Hottest())
      .flat_map("row", [](const auto& window) { return window.value; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
