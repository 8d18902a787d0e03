// Loops that keep a table, and give out every change of it.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "bid_statistics.hpp"
#include "loops.hpp"
#include "price_statistics.hpp"
#include "result_rows.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

/// Of two numbers; the map itself spreads the bits.
struct PairHash {
  std::size_t operator()(const AuctionDay& key) const { return both(key.auction, key.day); }
  std::size_t operator()(const BidderAuction& key) const { return both(key.bidder, key.auction); }
  std::size_t operator()(const ChannelDay& key) const {
    return both(static_cast<std::int64_t>(std::hash<std::string_view>()(key.channel.view())), key.day);
  }

 private:
  static std::size_t both(std::int64_t a, std::int64_t b) {
    return static_cast<std::size_t>(a) * 0x9E3779B97F4A7C15U ^ static_cast<std::size_t>(b);
  }
};

}  // namespace

void loop_q15(const Feed& feed, RowCount& out) {
  boost::unordered_flat_map<std::int32_t, BidStatistics> days;
  feed.each_bid([&](const Bid& bid) {
    const std::int32_t day = day_of(bid.dateTime);
    BidStatistics& statistics = days[day];
    statistics.add(priced_bid(bid));
    out.add(statistics_row(day, counts_of(statistics)));
  });
}

void loop_q16(const Feed& feed, RowCount& out) {
  struct OfChannel {
    BidStatistics statistics;
    std::int32_t last_minute = 0;
  };
  boost::unordered_flat_map<ChannelDay, OfChannel, PairHash> channels;
  feed.each_bid([&](const Bid& bid) {
    const ChannelDay key{bid.channel, day_of(bid.dateTime)};
    OfChannel& of = channels[key];
    of.statistics.add(priced_bid(bid));
    of.last_minute = std::max(of.last_minute, minute_of(bid.dateTime));
    out.add(channel_statistics_row(key.channel.view(), key.day, of.last_minute, counts_of(of.statistics)));
  });
}

void loop_q17(const Feed& feed, RowCount& out) {
  boost::unordered_flat_map<AuctionDay, PriceStatistics, PairHash> auctions;
  feed.each_bid([&](const Bid& bid) {
    const AuctionDay key{bid.auction, day_of(bid.dateTime)};
    PriceStatistics& prices = auctions[key];
    prices.add(bid.price);
    out.add(auction_statistics_row(key, prices));
  });
}

void loop_q18(const Feed& feed, RowCount& out) {
  boost::unordered_flat_map<BidderAuction, Bid, PairHash> last;
  feed.each_bid([&](const Bid& bid) {
    const auto [found, is_new] = last.try_emplace(BidderAuction{bid.bidder, bid.auction}, bid);
    if (!is_new && later(bid, found->second)) found->second = bid;
    out.add(bid_row(found->second));
  });
}

void loop_q19(const Feed& feed, RowCount& out) {
  constexpr std::size_t most = 10;
  boost::unordered_flat_map<std::int64_t, std::vector<Bid>> auctions;
  feed.each_bid([&](const Bid& bid) {
    std::vector<Bid>& bids = auctions[bid.auction];
    const auto place = std::upper_bound(bids.begin(), bids.end(), bid, better<Bid>);
    auto rank = static_cast<std::size_t>(place - bids.begin());
    if (rank == most) return;
    if (bids.size() == most) bids.pop_back();
    bids.insert(bids.begin() + static_cast<std::ptrdiff_t>(rank), bid);
    for (; rank < bids.size(); ++rank) out.add(ranked_bid_row(bids[rank], static_cast<std::int64_t>(rank + 1)));
  });
}

}  // namespace nexmark
