// q15, bidding statistics by day.
#include "bid_statistics.hpp"
#include "queries.hpp"
#include "table.hpp"

namespace nexmark {

namespace {

struct DayCounts {
  std::int32_t day;
  StatisticsCounts counts;
};

struct OfDay {
  using State = BidStatistics;
  static void add(State& state, const PricedBid& bid) { state.add(bid); }
  static DayCounts row(std::int32_t day, const State& state) { return {day, counts_of(state)}; }
};

}  // namespace

void q15(const Setup& setup) {
  setup.bids()
      .map("priced bid", priced_bid)
      .event_time(&PricedBid::dateTime, watermarks())
      .key_by([](const PricedBid& bid) { return day_of(bid.dateTime); }, setup.grouping())
      .apply("statistics", Table<PricedBid, std::int32_t, OfDay>(setup.changes))
      .map("row", [](const DayCounts& one) { return statistics_row(one.day, one.counts); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
