// What the parts of the job and the director share: how slow the work is at the moment, and what has come how far.
// Thread rule: all of it from any thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <streamwork/clock.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/sink.hpp>

namespace lab {

/// A measurement of a sensor that cannot wait: it is due when it is due.
struct Measurement {
  std::int64_t number = 0;
  std::int64_t sensor = 0;
  streamwork::SteadyTime due{};
};

constexpr int instances = 2;

/// Work on one measurement takes 0.2 ms, or ten times that: an instance manages some 4,000 a second, or 450.
constexpr std::chrono::microseconds fast{200};
constexpr std::chrono::microseconds slow{2000};

struct Plant {
  std::array<std::atomic<bool>, instances> slowed{};  ///< by instance of 'work'
  std::atomic<std::uint64_t> measured{0};             ///< by the sensors
  std::atomic<std::uint64_t> stored{0};
  std::atomic<std::int64_t> age_us{0};  ///< of the last measurement that was stored: how long it had been due
};

/// The part of the job that may be too slow.
class Work {
 public:
  explicit Work(Plant& plant) : plant_(&plant) {}
  void open(streamwork::OperatorContext& context) { instance_ = static_cast<std::size_t>(context.instance()); }
  void apply(const Measurement& measurement, streamwork::Output<Measurement>& out);

 private:
  Plant* plant_;
  std::size_t instance_ = 0;
};

/// Where measurements end.
class Store {
 public:
  explicit Store(Plant& plant) : plant_(&plant) {}
  void write(const Measurement& measurement);

 private:
  Plant* plant_;
};

}  // namespace lab
