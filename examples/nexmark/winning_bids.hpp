// Who won an auction: the highest bid between its beginning and its end; of equal ones the earliest, then the one with the
// least number.
//
// An auction and the bids on it come in any order. A bid that is there before its auction waits for it, but only until event
// time has passed it: an auction that it belongs to began no later than the bid. So the state of an auction lives as long as
// the auction, and that of a bid on one that is over, or never begins, a moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "event.hpp"

namespace nexmark {

template <class BidPart>
bool better(const BidPart& a, const BidPart& b) {
  if (a.price != b.price) return a.price > b.price;
  if (a.dateTime != b.dateTime) return a.dateTime < b.dateTime;
  return a.number < b.number;
}

template <class AuctionPart, class BidPart>
bool in_time(const AuctionPart& auction, const BidPart& bid) {
  return auction.dateTime <= bid.dateTime && bid.dateTime <= auction.expires;
}

/// Of auctions and bids, what a query needs.
template <class AuctionPart, class BidPart>
class WinningBids {
 public:
  using Either = std::variant<AuctionPart, BidPart>;
  struct Won {
    AuctionPart auction;
    BidPart bid;
  };

  static constexpr auto time_of = [](const Either& either) -> sw::EventTime {
    return std::visit([](const auto& one) { return one.dateTime; }, either);
  };
  static constexpr auto auction_of = [](const Either& either) -> std::int64_t {
    if (const auto* bid = std::get_if<BidPart>(&either)) return bid->auction;
    return std::get_if<AuctionPart>(&either)->id;
  };

  void open(sw::OperatorContext& context) {
    auction_ = context.value_state<std::optional<AuctionPart>>("auction");
    best_ = context.value_state<std::optional<BidPart>>("best bid");
    early_ = context.list_state<BidPart>("early bids");
    key_ = context.current_key<std::int64_t>();
    timers_ = context.event_timers();
  }

  void apply(const Either& either, sw::Output<Won>&) {
    if (const auto* bid = std::get_if<BidPart>(&either)) return take(*bid);
    *auction_ = *std::get_if<AuctionPart>(&either);
    timers_.set(just_after((*auction_)->expires));
    for (const BidPart& bid : early_.values()) offer(bid);
    early_.clear();
  }

  void on_timer(sw::EventTime time, sw::Output<Won>& out) {
    if (*auction_ && (*auction_)->expires < time) {
      if (*best_) out.emit({*std::move(*auction_), *std::move(*best_)});
      auction_.clear();
      best_.clear();
    }
    if (*auction_) return;
    forget_early(time);
    key_.forget();  // unless there are timers left
  }

 private:
  /// The watermark has come to this time when nothing more of `time` can come.
  static sw::EventTime just_after(sw::EventTime time) { return time + std::chrono::milliseconds(1); }

  /// Those whose time is over.
  void forget_early(sw::EventTime time) {
    std::vector<BidPart> rest;
    for (const BidPart& bid : early_.values()) {
      if (bid.dateTime >= time) rest.push_back(bid);
    }
    early_.replace(std::move(rest));
  }
  void take(const BidPart& bid) {
    if (*auction_) return offer(bid);
    early_.add(bid);
    timers_.set(just_after(bid.dateTime));
  }
  void offer(const BidPart& bid) {
    if (in_time(**auction_, bid) && (!*best_ || better(bid, **best_))) *best_ = bid;
  }

  sw::ValueState<std::optional<AuctionPart>> auction_;
  sw::ValueState<std::optional<BidPart>> best_;
  sw::ListState<BidPart> early_;
  sw::CurrentKey<std::int64_t> key_;
  sw::EventTimers timers_;
};

/// Of auctions and bids as much as the price takes.
using WinningPrices = WinningBids<AuctionTerms, Offer>;
inline constexpr auto terms_or_offer_of = [](const Event& event) -> std::optional<WinningPrices::Either> {
  if (const auto* bid = std::get_if<Bid>(&event)) return offer_of(*bid);
  if (const auto* auction = std::get_if<Auction>(&event)) return terms_of(*auction);
  return std::nullopt;
};

}  // namespace nexmark
