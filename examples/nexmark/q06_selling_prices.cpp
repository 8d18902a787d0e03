// q6, average selling price by seller: of the last ten auctions that brought something, in the order of their ends.
#include <algorithm>
#include <vector>

#include "queries.hpp"
#include "result_rows.hpp"
#include "winning_bids.hpp"

namespace nexmark {

namespace {

using Winners = WinningPrices;

struct Sale {
  sw::EventTime expires{};
  std::int64_t id = 0;
  std::int64_t price = 0;
};
bool earlier(const Sale& a, const Sale& b) { return a.expires != b.expires ? a.expires < b.expires : a.id < b.id; }

/// Sales of one seller come from several instances: they wait until all that ended as early are there.
class SellingPrices {
 public:
  explicit SellingPrices(std::int64_t length) : length_(static_cast<std::size_t>(length)) {}

  void open(sw::OperatorContext& context) {
    waiting_ = context.list_state<Sale>("waiting sales");
    last_ = context.list_state<std::int64_t>("last prices");
    seller_ = context.current_key<std::int64_t>();
    timers_ = context.event_timers();
    time_ = context.time();
  }
  void apply(const Winners::Won& won, sw::Output<SellerRow>&) {
    waiting_.add({won.auction.expires, won.auction.id, won.bid.price});
    timers_.set(time_.event_time());
  }
  void on_timer(sw::EventTime time, sw::Output<SellerRow>& out) {
    const auto is_over = [time](const Sale& sale) { return sale.expires < time; };
    std::vector<Sale> over(waiting_.values().begin(), waiting_.values().end());
    const auto rest = std::stable_partition(over.begin(), over.end(), is_over);
    waiting_.replace(std::vector<Sale>(rest, over.end()));
    over.erase(rest, over.end());
    std::ranges::sort(over, earlier);
    for (const Sale& sale : over) sell(sale, out);
  }

 private:
  void sell(const Sale& sale, sw::Output<SellerRow>& out) {
    std::vector<std::int64_t> prices(last_.values().begin(), last_.values().end());
    if (prices.size() == length_) prices.erase(prices.begin());
    prices.push_back(sale.price);
    std::int64_t sum = 0;
    for (const std::int64_t price : prices) sum += price;
    out.emit({*seller_, sum / static_cast<std::int64_t>(prices.size()), sale.expires, sale.id});
    last_.replace(std::move(prices));
  }

  std::size_t length_;
  sw::ListState<Sale> waiting_;
  sw::ListState<std::int64_t> last_;
  sw::CurrentKey<std::int64_t> seller_;
  sw::EventTimers timers_;
  sw::OperatorTime time_;
};

}  // namespace

void q6(const Setup& setup) {
  setup.events()
      .flat_map("auctions and bids", terms_or_offer_of)
      .event_time(Winners::time_of, watermarks())
      .key_by(Winners::auction_of, setup.grouping())
      .apply("winning bids", Winners())
      .key_by([](const Winners::Won& won) { return won.auction.seller; }, setup.grouping())
      .apply("selling prices", SellingPrices(setup.selling_prices))
      .sink("rows", setup.rows);
}

}  // namespace nexmark
