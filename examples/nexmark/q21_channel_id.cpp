// q21, channel id: the bids whose channel has an id, in a table or in their url.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q21(const Setup& setup) { setup.bids().flat_map("with an id", channel_row).sink("rows", setup.rows); }

}  // namespace nexmark
