// Loops over single bids.
#include "bid_rows.hpp"
#include "loops.hpp"

namespace nexmark {

void loop_q0(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) { out.add(passed_row(bid, bid.price)); });
}

void loop_q1(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) { out.add(passed_row(bid, in_euros(bid.price))); });
}

void loop_q2(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) {
    if (bid.auction % 123 == 0) out.add(PriceRow{bid.auction, bid.price});
  });
}

void loop_q14(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) {
    if (in_price_range(bid.price)) out.add(calculated_row(bid));
  });
}

void loop_q21(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) {
    if (const auto row = channel_row(bid)) out.add(*row);
  });
}

void loop_q22(const Feed& feed, RowCount& out) {
  feed.each_bid([&](const Bid& bid) { out.add(directory_row(bid)); });
}

}  // namespace nexmark
