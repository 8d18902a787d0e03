// Of bids: how many there are, of all prices and of each rank of prices, and how many bidders and auctions have them.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>

#include "event.hpp"
#include "result_rows.hpp"

namespace nexmark {

/// What is needed of a bid.
struct PricedBid {
  std::int64_t auction = 0;
  std::int64_t bidder = 0;
  std::int64_t price = 0;
  sw::EventTime dateTime{};
};
inline constexpr auto priced_bid = [](const Bid& bid) -> PricedBid {
  return {bid.auction, bid.bidder, bid.price, bid.dateTime};
};

struct ChannelDay {
  Text<15> channel;
  std::int32_t day = 0;
  friend bool operator==(const ChannelDay&, const ChannelDay&) = default;
};
inline std::uint64_t stable_hash_value(const ChannelDay& key) {
  return sw::stable_hash(std::pair(key.channel.view(), key.day));
}

/// Counts different ids: in all, and of each rank. Of an id it keeps in which ranks it was.
class DistinctIds {
 public:
  void add(std::int64_t id, std::size_t rank) {
    std::uint8_t& ranks = ranks_[id];
    if (ranks == 0) ++counts_.all;
    const auto bit = static_cast<std::uint8_t>(1U << rank);
    if ((ranks & bit) == 0) ++counts_.of_rank[rank];
    ranks |= bit;
  }
  const Counts& counts() const { return counts_; }
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(sw::stored<"ranks">(self.ranks_), sw::stored<"counts">(self.counts_));
  }

 private:
  boost::unordered_flat_map<std::int64_t, std::uint8_t> ranks_;
  Counts counts_;
};

struct BidStatistics {
  Counts bids;
  DistinctIds bidders;
  DistinctIds auctions;

  void add(const PricedBid& bid) {
    const std::size_t rank = rank_of(bid.price);
    ++bids.all;
    ++bids.of_rank[rank];
    bidders.add(bid.bidder, rank);
    auctions.add(bid.auction, rank);
  }
};

/// What a row says of them.
struct StatisticsCounts {
  Counts bids;
  Counts bidders;
  Counts auctions;
};
inline StatisticsCounts counts_of(const BidStatistics& of) {
  return {of.bids, of.bidders.counts(), of.auctions.counts()};
}

inline StatisticsRow statistics_row(std::int32_t day, const StatisticsCounts& of) {
  return {day_text(day),         of.bids.all,     of.bids.of_rank[0],     of.bids.of_rank[1],
          of.bids.of_rank[2],    of.bidders.all,  of.bidders.of_rank[0],  of.bidders.of_rank[1],
          of.bidders.of_rank[2], of.auctions.all, of.auctions.of_rank[0], of.auctions.of_rank[1],
          of.auctions.of_rank[2]};
}
inline ChannelStatisticsRow channel_statistics_row(std::string_view channel, std::int32_t day, std::int32_t minute,
                                                   const StatisticsCounts& of) {
  return {channel,
          day_text(day),
          minute_text(minute),
          of.bids.all,
          of.bids.of_rank[0],
          of.bids.of_rank[1],
          of.bids.of_rank[2],
          of.bidders.all,
          of.bidders.of_rank[0],
          of.bidders.of_rank[1],
          of.bidders.of_rank[2],
          of.auctions.all,
          of.auctions.of_rank[0],
          of.auctions.of_rank[1],
          of.auctions.of_rank[2]};
}

}  // namespace nexmark
