// How much the vehicles of each zone emit: vehicles meet the temperature of their zone, a table looks up what they emit at that
// temperature, and windows add it up.
//
//   vehicles      -->  parse  -->  event time  --by zone--+
//                                                         +-->  join  -->  emission resolver  --by zone-->  5 s windows
//   temperatures  -->  parse  -->  event time  --by zone--+
#include <roads/road_options.hpp>
#include <streamwork/streamwork.hpp>

#include "emission_table.hpp"
#include "events.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

using Joined = sw::JoinResult<std::int64_t, emission::Vehicle, emission::Temperature>;

/// Where no thermometer has told anything yet, as in the book.
constexpr double default_temperature = 60;

emission::Emission resolve(const Joined& joined) {
  const double temperature = joined.right ? joined.right->temperature : default_temperature;
  return {joined.key, emission::emission_of(*joined.left, temperature)};
}

struct ZoneEmission {
  std::int64_t zone;
  sw::EventTime start;
  sw::EventTime end;
  double emission;
};

}  // namespace

int main(int argc, char** argv) {
  std::string vehicle_input = "tcp:127.0.0.1:9990";
  std::string temperature_input = "tcp:127.0.0.1:9991";
  std::string output = "-";
  std::int64_t parallelism = 2;
  sw::CommandLine command_line("emission", "Adds up what vehicles emit, by zone and five seconds.");
  roads::add_input_option(command_line, "--vehicles", vehicle_input);
  roads::add_input_option(command_line, "--temperatures", temperature_input);
  command_line.option("--output", output, "PATH | -: where results go, as JSON lines", sw::check_text_target);
  command_line.option("--parallelism", parallelism, "instances that join and add up", 1, 128);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"emission"};
  const sw::GroupingOptions instances{.parallelism = static_cast<int>(parallelism)};
  const sw::BadEventPolicy skip = sw::skip_bad_events();
  // A thermometer that says nothing holds nobody back for long, and quiet roads do not keep a window open. A file is never quiet,
  // however slowly it is read.
  const sw::EventTimeOptions quiet{.idle_after = 5s, .follow_wall_clock_when_idle = true};
  const auto time_of = [&](const std::string& input) {
    return roads::ends_by_itself(input) ? sw::EventTimeOptions() : quiet;
  };
  const auto vehicles = roads::lines_from(job, "vehicles", vehicle_input)
                            .flat_map("vehicles: parse", emission::vehicle_of, {.bad_events = skip})
                            .event_time(&emission::Vehicle::time, sw::bounded_out_of_order(2s), time_of(vehicle_input))
                            .key_by(&emission::Vehicle::zone, instances);
  const auto temperatures =
      roads::lines_from(job, "temperatures", temperature_input)
          .flat_map("temperatures: parse", emission::temperature_of, {.bad_events = skip})
          .event_time(&emission::Temperature::time, sw::bounded_out_of_order(2s), time_of(temperature_input))
          .key_by(&emission::Temperature::zone, instances);
  // A file of temperatures is a table that is there from the start; thermometers that go on reporting are met as they come.
  const sw::TableWait wait = roads::ends_by_itself(temperature_input) ? sw::TableWait::the_whole : sw::TableWait::no;
  // While vehicles wait, no window closes behind them. One that comes too late must not be in time for it by that.
  sw::join(vehicles, temperatures)
      .on_time_only()
      .latest("event joiner", wait, sw::JoinType::left)
      .map("emission resolver", resolve)
      .key_by(&emission::Emission::zone, instances)
      .window(sw::tumbling(5s))
      .aggregate("windowed aggregator", sw::sum(&emission::Emission::emission))
      .map("total",
           [](const sw::WindowResult<std::int64_t, double>& window) {
             return ZoneEmission{window.key, window.start, window.end, window.value};
           })
      .sink("results", sw::write_json_lines(output));
  return sw::run(job, command_line);
}
