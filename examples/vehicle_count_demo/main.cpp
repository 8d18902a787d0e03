// The vehicle count on never-ending traffic that really travels over TCP.
//
//   sensors (a server)  ==TCP==>  sensor reader x2  --fields grouping-->  vehicle counter x2  -->  board
#include <cstdio>
#include <roads/vehicle.hpp>
#include <streamwork/streamwork.hpp>
#include <string>
#include <vector>
#include <vehicle_count/vehicle_counter.hpp>
#include <vehicle_count_demo/count_board.hpp>
#include <vehicle_count_demo/sensor_server.hpp>

namespace {

constexpr int parallelism = 2;

int run_demo(const sw::CommandLine& command_line, const std::string& output) {
  const SensorServer sensors(parallelism);
  sw::Job job{"vehicle_count_demo"};
  const sw::Stream<VehicleCount> counts =
      job.source("sensor reader", sw::tcp_lines(sensors.port()), {.parallelism = parallelism})
          .flat_map("sensor reader: parse", roads::vehicle_of)
          .key_by(&roads::Vehicle::type, {.parallelism = parallelism})
          .apply("vehicle counter", VehicleCounter{});
  counts.sink("board", CountBoard{});
  if (!output.empty()) counts.sink("results", sw::write_json_lines(output));

  if (command_line.explain().empty()) {
    std::fprintf(
        stderr,
        "The traffic of a made-up town (a day takes a minute) comes over TCP, ports %d and %d; two instances read\n"
        "it, two count it by type. A status line a second, the counts now and then; Ctrl-C ends it.\n",
        sensors.port(), sensors.port() + 1);
  }
  return sw::run(job, command_line);
}

}  // namespace

int main(int argc, char** argv) {
  std::string output;
  sw::CommandLine command_line("vehicle_count_demo", "Counts the never-ending traffic of a made-up town.");
  command_line.option("--output", output, "PATH | -: keep all results, as JSON lines", sw::check_text_target);
  std::vector<const char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, "--status");
  if (const auto exit_code = command_line.parse(static_cast<int>(arguments.size()), arguments.data()))
    return *exit_code;
  try {
    return run_demo(command_line, output);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vehicle_count_demo: %s\n", error.what());
    return 1;
  }
}
