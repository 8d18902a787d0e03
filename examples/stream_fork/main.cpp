// A stream forks: each vehicle that crosses the bridge reaches both toll booths.
//
//   bridge  --+--shuffle grouping------------>  booth/shuffle grouping  -------+-->  results
//             +--fields or shuffle grouping-->  booth clone/fields grouping  --+
#include <roads/road_options.hpp>
#include <roads/toll_booth.hpp>
#include <streamwork/streamwork.hpp>

namespace sw = streamwork;

int main(int argc, char** argv) {
  roads::RoadOptions options{.parallelism = 2};
  sw::CommandLine command_line("stream_fork", "Counts each vehicle at two toll booths: a stream forks.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"stream_fork"};
  const sw::Stream<roads::Vehicle> bridge =
      roads::vehicles_from(job, "bridge", options.input, options.source_parallelism);
  const sw::Stream<roads::TollCount> booth =
      bridge.shuffle(options.instances()).apply("booth/shuffle grouping", roads::ShuffledTollBooth{});
  const sw::Stream<roads::TollCount> booth_clone =
      roads::toll_booth("booth clone/" + options.grouping + " grouping", bridge, options);

  roads::show_arrivals(bridge, "bridge (bridge)", options);
  roads::write_counts(sw::merge(booth, booth_clone), options);
  return sw::run(job, command_line);
}
