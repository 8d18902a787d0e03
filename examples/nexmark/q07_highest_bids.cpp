// q7, highest bid: of each window of ten seconds, all bids with the highest price.
#include <ranges>
#include <vector>

#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

constexpr sw::Duration length = 10s;

/// Lets through what no bid of the same window and instance has outbid before. Only a few need to be brought together then. What
/// it remembers saves work and changes no result: it need not survive a restart.
class NotOutbid {
 public:
  bool operator()(const Bid& bid) {
    const std::int64_t window = bid.dateTime.time_since_epoch() / length;
    if (window == window_ && bid.price < highest_) return false;
    window_ = window;
    highest_ = bid.price;
    return true;
  }

 private:
  std::int64_t window_ = 0;
  std::int64_t highest_ = 0;
};

struct HighestBids {
  using State = std::vector<FullOffer>;
  static void add(State& state, const FullOffer& bid) {
    if (!state.empty() && bid.price < state.front().price) return;
    if (!state.empty() && bid.price > state.front().price) state.clear();
    state.push_back(bid);
  }
  static void combine(State& state, const State& later) {
    for (const FullOffer& bid : later) add(state, bid);
  }
  static const State& result(const State& state) { return state; }
};

}  // namespace

void q7(const Setup& setup) {
  setup.bids()
      .event_time(&Bid::dateTime, watermarks())
      .filter("not outbid", NotOutbid())
      .map("offer", full_offer_of)
      .window(sw::tumbling(length))
      .aggregate("highest bids", HighestBids())
      .flat_map("row",
                [](const auto& window) {
                  return std::views::transform(window.value, [start = window.start](const FullOffer& bid) {
                    return highest_bid_row(start, bid);
                  });
                })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
