// Plays the scenes of the lab while the job runs, and prints a line a second.
// Thread rule: made and destroyed by one thread; what it does is done by a thread of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <streamwork/job.hpp>
#include <thread>

#include "plant.hpp"

namespace lab {

class Director {
 public:
  /// `scene`: how long each takes; zero: none is played. REQUIRES: `plant` outlives it.
  Director(Plant& plant, std::chrono::milliseconds scene);

 private:
  Plant& plant_;
  std::jthread thread_;
};

/// The same for a person in front of the page, or with `streamwork experiment`.
void offer_experiments(streamwork::Job& job, Plant& plant);

}  // namespace lab
