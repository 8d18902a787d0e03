// q14, calculation: bids of some prices, with the time of day and a count of letters.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q14(const Setup& setup) {
  setup.bids()
      .filter("price range", [](const Bid& bid) { return in_price_range(bid.price); })
      .map("calculate", calculated_row)
      .sink("rows", setup.rows);
}

}  // namespace nexmark
