// A stream splits: the bridge sends each vehicle down one road and a clone of it down another, a side output of the
// bridge (the book's channel). Each road leads to its own toll booth.
//
//   road  -->  bridge  --+---------shuffle grouping------------>  booth/shuffle grouping  -------+-->  results
//                        +--clone--fields or shuffle grouping-->  booth clone/fields grouping  --+
#include <roads/road_options.hpp>
#include <roads/toll_booth.hpp>
#include <streamwork/streamwork.hpp>

namespace sw = streamwork;

int main(int argc, char** argv) {
  roads::RoadOptions options{.parallelism = 2};
  sw::CommandLine command_line("stream_split", "Counts vehicles at one toll booth, their clones at another.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"stream_split"};
  const sw::Stream<roads::Vehicle> bridge =
      roads::vehicles_from(job, "road", options.input, options.source_parallelism).apply("bridge", roads::Bridge{});
  const sw::Stream<roads::Vehicle> clones = bridge.side(roads::clone_road);
  const sw::Stream<roads::TollCount> booth =
      bridge.shuffle(options.instances()).apply("booth/shuffle grouping", roads::ShuffledTollBooth{});
  const sw::Stream<roads::TollCount> booth_clone =
      roads::toll_booth("booth clone/" + options.grouping + " grouping", clones, options);

  roads::show_arrivals(bridge, "bridge (bridge)", options);
  roads::write_counts(sw::merge(booth, booth_clone), options);
  return sw::run(job, command_line);
}
