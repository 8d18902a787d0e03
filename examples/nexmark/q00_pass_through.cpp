// q0, pass through: every bid, some of its columns. What a source and a sink cost.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q0(const Setup& setup) {
  setup.bids().map("row", [](const Bid& bid) { return passed_row(bid, bid.price); }).sink("rows", setup.rows);
}

}  // namespace nexmark
