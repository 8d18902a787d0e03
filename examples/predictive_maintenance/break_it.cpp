#include "break_it.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

namespace maintenance {

namespace {

using namespace std::chrono_literals;

/// Some three hundred levels come every second.
constexpr auto slow_write = 200ms;
/// Longer than the longest window stays open.
constexpr sw::Duration offline = 30min;
constexpr std::int64_t machines_per_gateway = 6;
constexpr std::int64_t readings_of_a_broken_sensor = 20;

}  // namespace

Reading Faults::deliver(Reading reading) {
  if (late_gateway && reading.machine % machines_per_gateway == 0) reading.time -= offline;
  if (broken_readings > 0 && broken_readings-- > 0) reading.vibration = std::numeric_limits<double>::quiet_NaN();
  return reading;
}

void offer_experiments(sw::Job& job, const std::shared_ptr<Faults>& faults) {
  job.experiment(
      {.name = "Slow the sink",
       .description = "'historian' takes 200 ms for each wear level: it manages 5 a second, and some 300 come.",
       .watch = "Its queue fills up, then whoever fills it has to wait, and so on up to the source: "
                "back-pressure. Nothing is lost; undo it, and the readings that had to wait come in a rush.",
       .begin = [faults] { faults->slow_historian = true; },
       .end = [faults] { faults->slow_historian = false; }});
  job.experiment({.name = "Send late data",
                  .description = "Every sixth machine was offline, and from now on sends readings half an hour old.",
                  .watch = "'rolling statistics' counts them as late: the windows they belong to have given out their "
                           "results. Open it to see some of them. Undo it, and the count stands still.",
                  .begin = [faults] { faults->late_gateway = true; },
                  .end = [faults] { faults->late_gateway = false; }});
  job.experiment({.name = "Poison an event",
                  .description = "A broken sensor sends 20 readings whose vibration is no number.",
                  .watch = "'plausible' refuses them and counts them as bad, and the job goes on. Open it to see which "
                           "events they were, and why they were refused.",
                  .begin = [faults] { faults->broken_readings = readings_of_a_broken_sensor; }});
  job.experiment({.name = "Crash an operator",
                  .description = "'wear watch' throws an exception that nobody expects.",
                  .watch = "The job fails, waits two seconds, and begins again from its last checkpoint: state is what "
                           "it was then, and the readings since then are read once more. Nothing is lost.",
                  .begin = [faults] { faults->crash = true; }});
}

Reading plausible(const Reading& reading) {
  if (!std::isfinite(reading.vibration) || reading.vibration < 0)
    throw sw::BadEvent("the vibration is not a number of mm/s, at least 0");
  return reading;
}

void FragileWearWatch::apply(const KnownWindow& window, sw::Output<Anomaly>& out) {
  if (faults_->crash.exchange(false)) throw std::runtime_error("somebody has pulled the plug");
  WearWatch::apply(window, out);
}

void Historian::write(const WearLevel& level) {
  if (faults_->slow_historian) std::this_thread::sleep_for(slow_write);
  newest_.insert_or_assign(level.machine, level);
}

}  // namespace maintenance
