// q22, url directories: every bid with three pieces of its url.
#include "bid_rows.hpp"
#include "queries.hpp"

namespace nexmark {

void q22(const Setup& setup) { setup.bids().map("directories", directory_row).sink("rows", setup.rows); }

}  // namespace nexmark
