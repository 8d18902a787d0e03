// q4, average price for a category: of what its auctions have brought so far.
#include "queries.hpp"
#include "result_rows.hpp"
#include "table.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

using Winners = WinningPrices;

struct AveragePrice {
  struct State {
    std::int64_t sum = 0;
    std::int64_t count = 0;
  };
  static void add(State& state, const Winners::Won& won) {
    state.sum += won.bid.price;
    ++state.count;
  }
  static CategoryRow row(std::int64_t category, const State& state) { return {category, state.sum / state.count}; }
};

}  // namespace

void q4(const Setup& setup) {
  setup.events()
      .flat_map("auctions and bids", terms_or_offer_of)
      .event_time(Winners::time_of, watermarks())
      .key_by(Winners::auction_of, setup.grouping())
      .apply("winning bids", Winners())
      .key_by([](const Winners::Won& won) { return won.auction.category; }, setup.grouping())
      .apply("average prices", Table<Winners::Won, std::int64_t, AveragePrice>(setup.changes))
      .sink("rows", setup.rows);
}

}  // namespace nexmark
