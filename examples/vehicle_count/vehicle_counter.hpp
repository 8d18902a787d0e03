// The operator of the vehicle count, once for each grouping.
#pragma once

#include <cstdint>
#include <roads/vehicle.hpp>
#include <streamwork/streamwork.hpp>
#include <string>
#include <unordered_map>

namespace sw = streamwork;

/// The how-manieth of its type a vehicle is, at this instance of the counter.
struct VehicleCount {
  std::int64_t instance;
  std::string type;
  std::int64_t count;

  std::string component() const { return "VehicleCounter"; }
};

/// Behind `key_by(&Vehicle::type)`. The engine keeps one count per key; `*count_` is that of the vehicle at hand.
class VehicleCounter {
 public:
  void open(sw::OperatorContext& context) {
    instance_ = context.instance();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(const roads::Vehicle& vehicle, sw::Output<VehicleCount>& out) {
    out.emit({instance_, vehicle.type, ++*count_});
  }

 private:
  std::int64_t instance_ = 0;
  sw::ValueState<std::int64_t> count_;
};

/// Behind `shuffle()`. There is no key, so each instance keeps a table of what it happened to see.
class ShuffledVehicleCounter {
 public:
  void open(sw::OperatorContext& context) { instance_ = context.instance(); }
  void apply(const roads::Vehicle& vehicle, sw::Output<VehicleCount>& out) {
    out.emit({instance_, vehicle.type, ++counts_[vehicle.type]});
  }

 private:
  std::int64_t instance_ = 0;
  std::unordered_map<std::string, std::int64_t> counts_;
};
