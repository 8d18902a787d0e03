// The toll booths and the bridge of the book's fourth chapter.
#pragma once

#include <cstdint>
#include <roads/road_options.hpp>
#include <roads/vehicle.hpp>
#include <streamwork/streamwork.hpp>
#include <string>
#include <unordered_map>

namespace roads {

namespace sw = streamwork;

/// What a toll booth says about each vehicle: the how-manieth of its type it is, at this instance of the booth.
struct TollCount {
  std::string booth;
  std::int64_t instance;
  std::string type;
  std::int64_t count;

  std::string component() const { return "toll booth (" + booth + ")"; }
};

/// A toll booth behind `key_by(&Vehicle::type)`: the engine keeps one count per type.
class TollBooth {
 public:
  void open(sw::OperatorContext& context) {
    booth_ = context.vertex();
    instance_ = context.instance();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(const Vehicle& vehicle, sw::Output<TollCount>& out) {
    out.emit({booth_, instance_, vehicle.type, ++*count_});
  }

 private:
  std::string booth_;
  std::int64_t instance_ = 0;
  sw::ValueState<std::int64_t> count_;
};

/// A toll booth behind `shuffle()`: there is no key, so each instance keeps a table of what it has seen.
class ShuffledTollBooth {
 public:
  void open(sw::OperatorContext& context) {
    booth_ = context.vertex();
    instance_ = context.instance();
  }
  void apply(const Vehicle& vehicle, sw::Output<TollCount>& out) {
    out.emit({booth_, instance_, vehicle.type, ++counts_[vehicle.type]});
  }

 private:
  std::string booth_;
  std::int64_t instance_ = 0;
  std::unordered_map<std::string, std::int64_t> counts_;
};

/// The toll booth called `name`, behind the grouping that the command line asks for.
inline sw::Stream<TollCount> toll_booth(const std::string& name, const sw::Stream<Vehicle>& vehicles,
                                        const RoadOptions& options) {
  if (options.by_fields()) return vehicles.key_by(&Vehicle::type, options.instances()).apply(name, TollBooth{});
  return vehicles.shuffle(options.instances()).apply(name, ShuffledTollBooth{});
}

/// The road on which a bridge's clones drive on (a side output; the book's channel).
inline const sw::SideOutput<Vehicle> clone_road{"clone"};

/// Lets each vehicle pass, and sends a clone of it down the clone road.
class Bridge {
 public:
  void open(sw::OperatorContext& context) { clones_ = &context.side_output(clone_road); }
  void apply(const Vehicle& vehicle, sw::Output<Vehicle>& out) {
    out.emit(vehicle);
    clones_->emit({vehicle.type + " clone"});
  }

 private:
  sw::Output<Vehicle>* clones_ = nullptr;
};

}  // namespace roads
