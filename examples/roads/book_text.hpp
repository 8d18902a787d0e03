// What the jobs of the book print for a person: each vehicle as it arrives, and then the counts it has changed.
//
//   SensorReader :: instance 0 --> car
//   VehicleCounter :: instance 0 -->
//     car: 3
//     truck: 1
#pragma once

#include <cstdint>
#include <map>
#include <roads/vehicle.hpp>
#include <streamwork/streamwork.hpp>
#include <string>
#include <utility>

namespace roads {

namespace sw = streamwork;

/// "SensorReader :: instance 0 --> ", or without the instance where there is only one.
inline std::string says(const std::string& component, std::int64_t instance, bool tells_instance) {
  return component + (tells_instance ? " :: instance " + std::to_string(instance) : "") + " --> ";
}

/// An operator that says which vehicle has arrived. It has the instances of the stream that it is applied to.
class ArrivalText {
 public:
  ArrivalText(std::string component, bool tells_instance)
      : component_(std::move(component)), tells_instance_(tells_instance) {}
  void open(sw::OperatorContext& context) { prefix_ = "\n" + says(component_, context.instance(), tells_instance_); }
  void apply(const Vehicle& vehicle, sw::Output<std::string>& out) { out.emit(prefix_ + vehicle.type); }

 private:
  std::string component_;
  bool tells_instance_;
  std::string prefix_;
};

/// A function for `sw::write_text`: all counts of an instance, sorted by type, when one of them has changed.
class CountText {
 public:
  explicit CountText(bool tells_instance) : tells_instance_(tells_instance) {}

  template <class Count>
  std::string operator()(const Count& count) {
    std::string text = says(count.component(), count.instance, tells_instance_);
    std::map<std::string, std::int64_t>& counts = counts_[text];
    counts[count.type] = count.count;
    for (const auto& [type, number] : counts) text += "\n  " + type + ": " + std::to_string(number);
    return text;
  }

 private:
  bool tells_instance_;
  std::map<std::string, std::map<std::string, std::int64_t>> counts_;  // of each component and instance
};

}  // namespace roads
