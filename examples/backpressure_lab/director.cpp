#include "director.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

namespace lab {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

void slow_down(Plant& plant, bool first, bool second) {
  plant.slowed[0] = first;
  plant.slowed[1] = second;
}

/// What happens in a second of a scene.
struct Scene {
  const char* title;
  std::function<void(Plant&, int second)> play;
};

const std::array<Scene, 6> scenes = {{
    {"all is well: the work could take almost twice what the sensors bring",
     [](Plant& plant, int) { slow_down(plant, false, false); }},
    {"instance 1 of 'work' is ten times as slow", [](Plant& plant, int) { slow_down(plant, false, true); }},
    {"it recovers", [](Plant& plant, int) { slow_down(plant, false, false); }},
    {"it is slow every other second: thrashing",
     [](Plant& plant, int second) { slow_down(plant, false, second % 2 == 0); }},
    {"both are slow: too much for good", [](Plant& plant, int) { slow_down(plant, true, true); }},
    {"they recover", [](Plant& plant, int) { slow_down(plant, false, false); }},
}};

/// Prints what has come how far in the last second.
class Report {
 public:
  explicit Report(const Plant& plant) : plant_(plant) {}

  void print() {
    const std::uint64_t measured = plant_.measured;
    const std::uint64_t stored = plant_.stored;
    std::fprintf(stderr, "%4d s   measured %6llu/s   stored %6llu/s   age of the last one %6.2f s\n", ++seconds_,
                 static_cast<unsigned long long>(measured - measured_),
                 static_cast<unsigned long long>(stored - stored_), static_cast<double>(plant_.age_us) / 1e6);
    measured_ = measured;
    stored_ = stored;
  }

 private:
  const Plant& plant_;
  int seconds_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t stored_ = 0;
};

void play(Plant& plant, std::chrono::milliseconds length, const std::stop_token& over) {
  Report report(plant);
  const Steady::time_point begin = Steady::now();
  std::size_t scene = scenes.size();
  for (int second = 0; !over.stop_requested(); ++second) {
    const std::size_t now = std::min<std::size_t>(scenes.size() - 1, static_cast<std::size_t>(second * 1s / length));
    if (now != scene) std::fprintf(stderr, "-- %s\n", scenes[now].title);
    scene = now;
    scenes[now].play(plant, second);
    while (Steady::now() < begin + (second + 1) * 1s && !over.stop_requested()) std::this_thread::sleep_for(10ms);
    if (!over.stop_requested()) report.print();
  }
}

}  // namespace

Director::Director(Plant& plant, std::chrono::milliseconds scene) : plant_(plant) {
  if (scene > 0ms) thread_ = std::jthread([this, scene](const std::stop_token& over) { play(plant_, scene, over); });
}

void offer_experiments(streamwork::Job& job, Plant& plant) {
  job.experiment(
      {.name = "Slow one instance",
       .description = "Instance 1 of 'work' takes 2 ms for a measurement instead of 0.2.",
       .watch = "Its queue fills up. With --overload block the sensors have to wait, both instances get less, and "
                "instance 0 is mostly idle: one slow instance slows all down.",
       .begin = [&plant] { slow_down(plant, false, true); },
       .end = [&plant] { slow_down(plant, false, false); }});
  job.experiment(
      {.name = "Slow both",
       .description = "Both instances take 2 ms: together they manage some 900 measurements a second.",
       .watch =
           "The capacity of 'work' is less than what the sensors bring. Back-pressure cannot help a job that is too "
           "small for good; only more instances can, faster work, or leaving something out.",
       .begin = [&plant] { slow_down(plant, true, true); },
       .end = [&plant] { slow_down(plant, false, false); }});
}

}  // namespace lab
