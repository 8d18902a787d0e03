// q2, selection: the bids on some auctions.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q2(const Setup& setup) {
  setup.bids()
      .filter("some auctions", [](const Bid& bid) { return bid.auction % 123 == 0; })
      .map("row", [](const Bid& bid) { return PriceRow{bid.auction, bid.price}; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
