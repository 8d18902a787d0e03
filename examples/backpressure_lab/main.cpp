// Sensors that measure at a fixed rate, and work that does not always keep up: chapter 9 of the book, to be looked at.
//
//   sensors  -->  overload (a buffer and a policy)  -->  by sensor  -->  work x2  -->  store
#include <chrono>
#include <streamwork/streamwork.hpp>

#include "director.hpp"
#include "plant.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

/// "block", "drop_newest", "drop_oldest", "sample:10"
struct PolicyOption {
  static std::optional<sw::OverloadPolicy> read(const std::string& text, std::uint32_t buffer) {
    if (text == "block") return sw::block(buffer);
    if (text == "drop_newest") return sw::drop_newest(buffer);
    if (text == "drop_oldest") return sw::drop_oldest(buffer);
    const std::string digits = text.starts_with("sample:") ? text.substr(7) : "";
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos) return {};
    const unsigned long one_in = std::stoul(digits);
    if (one_in == 0) return {};
    return sw::sample_one_in(static_cast<std::uint32_t>(one_in), buffer);
  }
  static std::string check(const std::string& text) {
    return read(text, 1) ? "" : "block, drop_newest, drop_oldest or sample:N";
  }
};

}  // namespace

int main(int argc, char** argv) {
  std::string overload = "block";
  std::int64_t buffer = 1000;
  std::int64_t rate = 4000;
  std::int64_t measurements = 240'000;
  sw::Duration scene = 10s;
  sw::CommandLine command_line("backpressure_lab", "Plays what happens when a part of a job is too slow.");
  command_line.option("--overload", overload, "block | drop_newest | drop_oldest | sample:N", PolicyOption::check);
  command_line.option("--buffer", buffer, "measurements that may wait", 1, 10'000'000);
  command_line.option("--sensor-rate", rate, "measurements a second", 1, 100'000);
  command_line.option("--measurements", measurements, "number of measurements", 1, 1'000'000'000);
  command_line.option("--scene", scene, "how long each scene takes; 0s: none is played, break it yourself");
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  lab::Plant plant;
  sw::Job job{"backpressure_lab"};
  job.source("sensors", sw::generate<lab::Measurement>(
                            [&plant](std::uint64_t number, sw::SteadyTime due) {
                              ++plant.measured;
                              return lab::Measurement{static_cast<std::int64_t>(number),
                                                      static_cast<std::int64_t>(number % 1000), due};
                            },
                            {.count = static_cast<std::uint64_t>(measurements), .rate = static_cast<double>(rate)}))
      .on_overload("overload", *PolicyOption::read(overload, static_cast<std::uint32_t>(buffer)))
      .key_by(&lab::Measurement::sensor, {.parallelism = lab::instances})
      .apply("work", lab::Work(plant), {.blocking = true})
      .sink("store", lab::Store(plant));
  lab::offer_experiments(job, plant);
  const lab::Director director(plant, std::chrono::duration_cast<std::chrono::milliseconds>(scene));
  return sw::run(job, command_line);
}
