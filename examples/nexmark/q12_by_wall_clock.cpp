// q12, windows of processing time: how many bids of a bidder arrive in ten seconds of the wall clock.
#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

void q12(const Setup& setup) {
  setup.bids()
      .map("bidder", [](const Bid& bid) { return BidderTime{bid.bidder, bid.dateTime}; })
      .key_by(&BidderTime::bidder, setup.grouping())
      .window(sw::by_wall_clock(sw::tumbling(10s)))
      .aggregate("bids of a window", sw::count())
      .map("row", [](const auto& one) { return SessionRow{one.key, one.value, one.start, one.end}; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
