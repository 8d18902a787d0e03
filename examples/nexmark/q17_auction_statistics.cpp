// q17, auction statistics: of each auction and day, how many bids and at which prices.
#include "bid_statistics.hpp"
#include "price_statistics.hpp"
#include "queries.hpp"
#include "table.hpp"

namespace nexmark {

namespace {

struct AuctionPrices {
  AuctionDay key;
  PriceStatistics prices;
};

struct OfAuctionAndDay {
  using State = PriceStatistics;
  static void add(State& state, const PricedBid& bid) { state.add(bid.price); }
  static AuctionPrices row(const AuctionDay& key, const State& state) { return {key, state}; }
};

}  // namespace

void q17(const Setup& setup) {
  setup.bids()
      .map("priced bid", priced_bid)
      .event_time(&PricedBid::dateTime, watermarks())
      .key_by([](const PricedBid& bid) { return AuctionDay{bid.auction, day_of(bid.dateTime)}; }, setup.grouping())
      .apply("statistics", Table<PricedBid, AuctionDay, OfAuctionAndDay>(setup.changes))
      .map("row", [](const AuctionPrices& one) { return auction_statistics_row(one.key, one.prices); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
