// q19, top ten: the ten highest bids of each auction, with their ranks.
#include <algorithm>
#include <span>

#include "queries.hpp"
#include "result_rows.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

struct RankedBid {
  Bid bid;
  std::int64_t rank;
};

class TopBids {
 public:
  explicit TopBids(bool changes) : changes_(changes) {}

  void open(sw::OperatorContext& context) {
    bids_ = context.list_state<Bid>("highest bids");
    end_ = context.event_timers();
  }
  void apply(const Bid& bid, sw::Output<RankedBid>& out) {
    const std::size_t rank = insert(bid);
    if (rank == most) return;
    if (changes_) {
      give_out(rank, out);
    } else {
      end_.set(sw::EventTime::max());
    }
  }
  void on_timer(sw::EventTime, sw::Output<RankedBid>& out) { give_out(0, out); }

 private:
  static constexpr std::size_t most = 10;

  /// The place where the bid stands now; `most` if it has none.
  std::size_t insert(const Bid& bid) {
    const std::size_t size = bids_.size();
    if (size < most) bids_.add(bid);
    const std::span<Bid> bids = bids_.values_to_change();
    const auto place =
        std::upper_bound(bids.begin(), bids.begin() + static_cast<std::ptrdiff_t>(size), bid, better<Bid>);
    if (place == bids.end()) return most;
    std::move_backward(place, bids.end() - 1, bids.end());
    *place = bid;
    return static_cast<std::size_t>(place - bids.begin());
  }
  /// All bids from a place on: they have other ranks than before.
  void give_out(std::size_t from, sw::Output<RankedBid>& out) const {
    const std::span<const Bid> bids = bids_.values();
    for (std::size_t i = from; i < bids.size(); ++i) out.emit({bids[i], static_cast<std::int64_t>(i + 1)});
  }

  bool changes_;
  sw::ListState<Bid> bids_;
  sw::EventTimers end_;
};

}  // namespace

void q19(const Setup& setup) {
  setup.bids()
      .event_time(&Bid::dateTime, watermarks())
      .key_by(&Bid::auction, setup.grouping())
      .apply("highest bids", TopBids(setup.changes))
      .map("row", [](const RankedBid& one) { return ranked_bid_row(one.bid, one.rank); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
