// Loops that bring auctions together with bids and people.
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "loops.hpp"
#include "result_rows.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

/// The auctions that are open, and the best bids so far. Events come in the order of time, so a bid that is there before its
/// auction belongs to it only if both have the same millisecond.
template <class AuctionPart, class BidPart, class Won>
class OpenAuctions {
 public:
  explicit OpenAuctions(Won won) : won_(std::move(won)) {}

  void add(const AuctionPart& auction) {
    advance(auction.dateTime);
    Open& open = open_[auction.id];
    open.auction = auction;
    closing_.emplace(auction.expires, auction.id);
    for (const BidPart& bid : of_this_instant_) {
      if (bid.auction == auction.id) offer(open, bid);
    }
  }
  void add(const BidPart& bid) {
    advance(bid.dateTime);
    if (const auto found = open_.find(bid.auction); found != open_.end()) {
      offer(found->second, bid);
    } else {
      of_this_instant_.push_back(bid);
    }
  }
  void close_until(sw::EventTime watermark) {
    while (!closing_.empty() && std::get<0>(closing_.top()) < watermark) {
      const auto found = open_.find(std::get<1>(closing_.top()));
      if (found->second.best) won_(found->second.auction, *found->second.best);
      open_.erase(found);
      closing_.pop();
    }
  }

 private:
  struct Open {
    AuctionPart auction;
    std::optional<BidPart> best;
  };
  using Closing = std::tuple<sw::EventTime, std::int64_t>;

  static void offer(Open& open, const BidPart& bid) {
    if (in_time(open.auction, bid) && (!open.best || better(bid, *open.best))) open.best = bid;
  }
  void advance(sw::EventTime time) {
    if (time == now_) return;
    now_ = time;
    of_this_instant_.clear();
    close_until(time - std::chrono::seconds(4));
  }

  Won won_;
  sw::EventTime now_{};
  boost::unordered_flat_map<std::int64_t, Open> open_;
  std::priority_queue<Closing, std::vector<Closing>, std::greater<>> closing_;
  std::vector<BidPart> of_this_instant_;
};

template <class AuctionPart, class BidPart, class AuctionOf, class BidOf, class Won>
void winners(const Feed& feed, AuctionOf auction_of, BidOf bid_of, Won won) {
  OpenAuctions<AuctionPart, BidPart, Won> open(std::move(won));
  feed.each([&](const Event& event) {
    if (const auto* bid = std::get_if<Bid>(&event)) {
      open.add(bid_of(*bid));
    } else if (const auto* auction = std::get_if<Auction>(&event)) {
      open.add(auction_of(*auction));
    }
  });
  open.close_until(sw::EventTime::max());
}

}  // namespace

void loop_q3(const Feed& feed, RowCount& out) {
  boost::unordered_flat_map<std::int64_t, Seller> sellers;
  boost::unordered_flat_map<std::int64_t, std::vector<std::int64_t>> waiting;
  feed.each([&](const Event& event) {
    if (const auto* person = std::get_if<Person>(&event); person != nullptr && is_local(*person)) {
      const Seller& seller =
          sellers.emplace(person->id, Seller{person->id, person->name, person->city, person->state}).first->second;
      if (const auto found = waiting.find(person->id); found != waiting.end()) {
        for (const std::int64_t auction : found->second) out.add(suggestion_row(seller, auction));
        waiting.erase(found);
      }
    } else if (const auto* auction = std::get_if<Auction>(&event); auction != nullptr && is_suggested(*auction)) {
      if (const auto found = sellers.find(auction->seller); found != sellers.end()) {
        out.add(suggestion_row(found->second, auction->id));
      } else {
        waiting[auction->seller].push_back(auction->id);
      }
    }
  });
}

void loop_q4(const Feed& feed, RowCount& out) {
  struct Total {
    std::int64_t sum = 0;
    std::int64_t count = 0;
  };
  boost::unordered_flat_map<std::int64_t, Total> totals;
  winners<AuctionTerms, Offer>(feed, terms_of, offer_of, [&](const AuctionTerms& auction, const Offer& bid) {
    Total& total = totals[auction.category];
    total.sum += bid.price;
    ++total.count;
    out.add(CategoryRow{auction.category, total.sum / total.count});
  });
}

void loop_q9(const Feed& feed, RowCount& out) {
  winners<Auction, FullOffer>(
      feed, [](const Auction& auction) -> const Auction& { return auction; }, full_offer_of,
      [&](const Auction& auction, const FullOffer& bid) { out.add(winner_row(auction, bid)); });
}

void loop_q20(const Feed& feed, RowCount& out) {
  boost::unordered_flat_map<std::int64_t, std::optional<Auction>> auctions;  // without a value: of another category
  boost::unordered_flat_map<std::int64_t, std::vector<Bid>> early;
  feed.each([&](const Event& event) {
    if (const auto* bid = std::get_if<Bid>(&event)) {
      const auto found = auctions.find(bid->auction);
      if (found == auctions.end()) {
        early[bid->auction].push_back(*bid);
      } else if (found->second) {
        out.add(expanded_bid_row(*bid, *found->second));
      }
    } else if (const auto* auction = std::get_if<Auction>(&event)) {
      auctions[auction->id] = is_suggested(*auction) ? std::optional<Auction>(*auction) : std::nullopt;
      if (const auto found = early.find(auction->id); found != early.end()) {
        if (is_suggested(*auction)) {
          for (const Bid& waiting : found->second) out.add(expanded_bid_row(waiting, *auction));
        }
        early.erase(found);
      }
    }
  });
}

}  // namespace nexmark
