// q16, channel statistics: as q15, by channel and day, and the last minute of the day with a bid.
#include <algorithm>

#include "bid_statistics.hpp"
#include "queries.hpp"
#include "table.hpp"

namespace nexmark {

namespace {

struct ChannelBid {
  Text<15> channel;
  PricedBid bid;
};

constexpr auto channel_day_of = [](const ChannelBid& one) -> ChannelDay {
  return {one.channel, day_of(one.bid.dateTime)};
};

struct ChannelCounts {
  ChannelDay key;
  std::int32_t minute;
  StatisticsCounts counts;
};

struct OfChannelAndDay {
  struct State {
    BidStatistics statistics;
    std::int32_t last_minute = 0;
  };
  static void add(State& state, const ChannelBid& one) {
    state.statistics.add(one.bid);
    state.last_minute = std::max(state.last_minute, minute_of(one.bid.dateTime));
  }
  static ChannelCounts row(const ChannelDay& key, const State& state) {
    return {key, state.last_minute, counts_of(state.statistics)};
  }
};

}  // namespace

void q16(const Setup& setup) {
  setup.bids()
      .map("channel and bid", [](const Bid& bid) { return ChannelBid{bid.channel, priced_bid(bid)}; })
      .event_time([](const ChannelBid& one) { return one.bid.dateTime; }, watermarks())
      .key_by(channel_day_of, setup.grouping())
      .apply("statistics", Table<ChannelBid, ChannelDay, OfChannelAndDay>(setup.changes))
      .map("row",
           [](const ChannelCounts& one) {
             return channel_statistics_row(one.key.channel.view(), one.key.day, one.minute, one.counts);
           })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
