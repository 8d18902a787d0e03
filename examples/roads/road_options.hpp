// What the jobs of the road have in common: their command line, and what follows from it: where vehicles come from and
// where counts go.
#pragma once

#include <cstdint>
#include <roads/book_text.hpp>
#include <roads/vehicle.hpp>
#include <streamwork/streamwork.hpp>
#include <string>

namespace roads {

namespace sw = streamwork;

/// Values are as written on the command line; what stands here are the defaults.
struct RoadOptions {
  std::string input = "tcp:127.0.0.1:9990";  ///< tcp[:HOST:PORT], file:PATH or -
  std::string output = "-";                  ///< PATH or -
  std::int64_t source_parallelism = 1;
  std::int64_t parallelism = 1;
  std::string grouping = "fields";  ///< shuffle or fields

  /// REQUIRES: lives as long as `command_line`.
  void add_to(sw::CommandLine& command_line);

  bool by_fields() const { return grouping == "fields"; }
  bool parallel() const { return source_parallelism > 1 || parallelism > 1; }
  /// For `key_by` and `shuffle`.
  sw::GroupingOptions instances() const { return {.parallelism = static_cast<int>(parallelism)}; }
  /// Whether a person reads the results as they come, instead of a program.
  bool read_by_a_person() const;
};

/// Adds an option whose value is an input: "--input", "--input2".
void add_input_option(sw::CommandLine& command_line, const std::string& name, std::string& input);

/// The vehicles of an input: a source called `name`, of so many instances. Those of a TCP input read one port each,
/// PORT and the ones behind it; those of a file share its lines.
sw::Stream<Vehicle> vehicles_from(sw::Job& job, const std::string& name, const std::string& input,
                                  std::int64_t parallelism);

/// The lines of an input, read by so many instances in the same way.
sw::Stream<sw::Line> lines_from(sw::Job& job, const std::string& name, const std::string& input,
                                std::int64_t parallelism = 1);
/// Whether an input has an end of its own: a file does, what comes over the network or from a terminal may go on for ever.
bool ends_by_itself(const std::string& input);

/// For a person, prints what arrives at a component; a program is not interested.
void show_arrivals(const sw::Stream<Vehicle>& vehicles, const std::string& component, const RoadOptions& options);

/// Ends a stream of counts at the output: as JSON lines, or in words for a person.
template <class Count>
void write_counts(const sw::Stream<Count>& counts, const RoadOptions& options) {
  if (options.read_by_a_person()) {
    counts.sink("results", sw::write_text("-", CountText(options.parallel())));
  } else {
    counts.sink("results", sw::write_json_lines(options.output));
  }
}

}  // namespace roads
