// q20, expand bid: every bid on an auction of one category, with that auction. Auctions are kept for ever, and so are the
// bids whose auction has not come; it may come after them.
#include <optional>
#include <variant>

#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

/// An auction of another category, whose bids nobody waits for.
struct Unwanted {
  std::int64_t id = 0;
};
using Either = std::variant<Bid, Auction, Unwanted>;

constexpr auto either_of = [](const Event& event) -> std::optional<Either> {
  if (const auto* bid = std::get_if<Bid>(&event)) return *bid;
  const auto* auction = std::get_if<Auction>(&event);
  if (auction == nullptr) return std::nullopt;
  if (is_suggested(*auction)) return *auction;
  return Unwanted{auction->id};
};

constexpr auto auction_of = [](const Either& either) -> std::int64_t {
  if (const auto* bid = std::get_if<Bid>(&either)) return bid->auction;
  if (const auto* auction = std::get_if<Auction>(&either)) return auction->id;
  return std::get_if<Unwanted>(&either)->id;
};

struct ExpandedBid {
  Bid bid;
  Auction auction;
};

class Expansion {
 public:
  void open(sw::OperatorContext& context) {
    known_ = context.value_state<bool>("known");
    auction_ = context.value_state<std::optional<Auction>>("auction");
    early_ = context.list_state<Bid>("early bids");
  }
  void apply(const Either& either, sw::Output<ExpandedBid>& out) {
    if (const auto* bid = std::get_if<Bid>(&either)) {
      if (!*known_) return early_.add(*bid);
      if (*auction_) out.emit({*bid, **auction_});
      return;
    }
    *known_ = true;
    if (const auto* auction = std::get_if<Auction>(&either)) {
      *auction_ = *auction;
      for (const Bid& bid : early_.values()) out.emit({bid, *auction});
    }
    early_.clear();
  }

 private:
  sw::ValueState<bool> known_;
  sw::ValueState<std::optional<Auction>> auction_;
  sw::ListState<Bid> early_;
};

}  // namespace

void q20(const Setup& setup) {
  setup.events()
      .flat_map("auctions and bids", either_of)
      .key_by(auction_of, setup.grouping())
      .apply("expanded bids", Expansion())
      .map("row", [](const ExpandedBid& one) { return expanded_bid_row(one.bid, one.auction); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
