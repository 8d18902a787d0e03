// q13, bounded side input: every bid with what a table, known beforehand, says of its auction.
#include <memory>
#include <string>
#include <unordered_map>

#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q13(const Setup& setup) {
  auto table = std::make_shared<SideTable>();
  for (std::int64_t key = 0; key < side_table_size; ++key) table->emplace(key, std::to_string(key));
  setup.bids()
      .map("look up",
           [table = std::shared_ptr<const SideTable>(table)](const Bid& bid) {
             return SideInputRow{bid.auction, bid.bidder, bid.price, bid.dateTime,
                                 table->at(bid.auction % side_table_size)};
           })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
