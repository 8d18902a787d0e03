// q11, user sessions: how many bids a bidder makes without a pause of more than ten seconds.
#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

void q11(const Setup& setup) {
  setup.bids()
      .map("bidder", [](const Bid& bid) { return BidderTime{bid.bidder, bid.dateTime}; })
      .event_time(&BidderTime::dateTime, watermarks())
      .key_by(&BidderTime::bidder, setup.grouping())
      .window(sw::session(10s))
      .aggregate("sessions", sw::count())
      .map("row", [](const auto& one) { return SessionRow{one.key, one.value, one.start, one.end}; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
