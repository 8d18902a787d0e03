// The stores of a job whose state is not all in memory.
// Thread rule: pure functions but for files.
#pragma once

#include <memory>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/state_options.hpp>
#include <streamwork/typed/row_store.hpp>

namespace streamwork::job {

/// nullptr if state is in memory. Throws `std::invalid_argument` and `std::runtime_error` if it cannot be where it should.
/// REQUIRES: nobody else uses the directory of the checkpoints.
std::shared_ptr<typed::RowStores> open_row_stores(const StateOptions& state, const CheckpointOptions& checkpoints);

}  // namespace streamwork::job
