// q18, last bid: of each bidder on each auction.
#include <optional>

#include "queries.hpp"
#include "result_rows.hpp"
#include "table.hpp"

namespace nexmark {

namespace {

struct Last {
  using State = std::optional<Bid>;
  static void add(State& state, const Bid& bid) {
    if (!state || later(bid, *state)) state = bid;
  }
  static Bid row(const BidderAuction&, const State& state) { return *state; }
};

}  // namespace

void q18(const Setup& setup) {
  setup.bids()
      .event_time(&Bid::dateTime, watermarks())
      .key_by([](const Bid& bid) { return BidderAuction{bid.bidder, bid.auction}; }, setup.grouping())
      .apply("last bids", Table<Bid, BidderAuction, Last>(setup.changes))
      .map("row", bid_row)
      .sink("rows", setup.rows);
}

}  // namespace nexmark
