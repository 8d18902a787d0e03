// Streams merge: the vehicles of one bridge and the clones of another reach the same toll booth.
//
//   road1  -->  bridge1  ---------+
//                                 +--fields or shuffle grouping-->  booth  -->  results
//   road2  -->  bridge2  --clone--+
#include <cstdio>
#include <roads/road_options.hpp>
#include <roads/toll_booth.hpp>
#include <streamwork/streamwork.hpp>

namespace sw = streamwork;

int main(int argc, char** argv) {
  roads::RoadOptions options{.parallelism = 2};
  std::string input2 = "tcp:127.0.0.1:9991";
  sw::CommandLine command_line("stream_merge", "Counts the vehicles of two bridges at one toll booth: streams merge.");
  options.add_to(command_line);
  roads::add_input_option(command_line, "--input2", input2);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;
  if (options.input == "-" && input2 == "-") {
    std::fputs("stream_merge: --input and --input2 are both '-': standard input can be read only once\n", stderr);
    return 2;
  }

  sw::Job job{"stream_merge"};
  const sw::Stream<roads::Vehicle> bridge1 =
      roads::vehicles_from(job, "road1", options.input, options.source_parallelism).apply("bridge1", roads::Bridge{});
  const sw::Stream<roads::Vehicle> bridge2 =
      roads::vehicles_from(job, "road2", input2, options.source_parallelism).apply("bridge2", roads::Bridge{});
  const sw::Stream<roads::TollCount> booth =
      roads::toll_booth("booth", sw::merge(bridge1, bridge2.side(roads::clone_road)), options);
  bridge2.sink("nowhere", sw::discard());  // its other road: a stream that is not wanted says so

  roads::show_arrivals(bridge1, "bridge (bridge1)", options);
  roads::show_arrivals(bridge2, "bridge (bridge2)", options);
  roads::write_counts(booth, options);
  return sw::run(job, command_line);
}
