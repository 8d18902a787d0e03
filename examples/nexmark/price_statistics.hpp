// Of the bids on an auction in a day: how many, and at which prices.
#pragma once

#include <algorithm>
#include <cstdint>

#include "result_rows.hpp"

namespace nexmark {

struct AuctionDay {
  std::int64_t auction = 0;
  std::int64_t day = 0;  ///< as wide as the auction: a key without padding
  friend bool operator==(const AuctionDay&, const AuctionDay&) = default;
};

struct PriceStatistics {
  Counts bids;
  std::int64_t least = 0;
  std::int64_t greatest = 0;
  std::int64_t sum = 0;

  void add(std::int64_t price) {
    least = bids.all == 0 ? price : std::min(least, price);
    greatest = std::max(greatest, price);
    sum += price;
    ++bids.all;
    ++bids.of_rank[rank_of(price)];
  }
};

inline AuctionStatisticsRow auction_statistics_row(const AuctionDay& key, const PriceStatistics& of) {
  return {key.auction,
          day_text(static_cast<std::int32_t>(key.day)),
          of.bids.all,
          of.bids.of_rank[0],
          of.bids.of_rank[1],
          of.bids.of_rank[2],
          of.least,
          of.greatest,
          of.sum / of.bids.all,
          of.sum};
}

}  // namespace nexmark
