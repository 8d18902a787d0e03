#include "plant.hpp"

#include <streamwork/clock.hpp>
#include <thread>

namespace lab {

namespace sw = streamwork;

void Work::apply(const Measurement& measurement, sw::Output<Measurement>& out) {
  std::this_thread::sleep_for(plant_->slowed[instance_] ? slow : fast);
  out.emit(measurement);
}

void Store::write(const Measurement& measurement) {
  const auto age = sw::SystemClock::instance().steady_now() - measurement.due;
  plant_->age_us = std::chrono::duration_cast<std::chrono::microseconds>(age).count();
  ++plant_->stored;
}

}  // namespace lab
