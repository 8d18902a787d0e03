// q1, currency: every bid with its price in euros.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q1(const Setup& setup) {
  setup.bids()
      .map("in euros", [](const Bid& bid) { return passed_row(bid, in_euros(bid.price)); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
