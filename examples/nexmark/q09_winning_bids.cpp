// q9, winning bids: every auction that brought something, with the bid that won it, when it is over.
#include <optional>

#include "queries.hpp"
#include "result_rows.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

using Winners = WinningBids<Auction, FullOffer>;

constexpr auto either_of = [](const Event& event) -> std::optional<Winners::Either> {
  if (const auto* bid = std::get_if<Bid>(&event)) return full_offer_of(*bid);
  if (const auto* auction = std::get_if<Auction>(&event)) return *auction;
  return std::nullopt;
};

}  // namespace

void q9(const Setup& setup) {
  setup.events()
      .flat_map("auctions and bids", either_of)
      .event_time(Winners::time_of, watermarks())
      .key_by(Winners::auction_of, setup.grouping())
      .apply("winning bids", Winners())
      .map("row", [](const Winners::Won& won) { return winner_row(won.auction, won.bid); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
