// Windows to try out: readings of a file, cut into windows per key.
//
//   readings  -->  parse  -->  event time  --by key-->  windows  --+-->  rows
//                                                                  +--late-->  late lines
#include <variant>

#include "labs/reading.hpp"
#include "row.hpp"
#include "window_flag.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  std::string input;
  std::string output = "-";
  std::string late_output;
  std::string window;
  std::string aggregate = "count";
  sw::Duration out_of_order = 0s;
  sw::Duration lateness = 0s;
  sw::Duration granularity = 1ms;
  std::int64_t parallelism = 1;
  std::optional<window_lab::Windows> windows;

  sw::CommandLine command_line("window_lab", "Cuts the readings of a file into windows, and tells what is in each.");
  command_line.option("--input", input,
                      "Readings as JSON lines, {\"key\":\"a\",\"time\":1700000000123,\"value\":1.5}: file:PATH",
                      lab::check_input);
  command_line.option("--output", output, "Where the rows go: PATH, dir:PATH or - for standard output",
                      sw::check_text_target);
  command_line.option("--late", late_output, "Where the lines go that came too late: PATH or dir:PATH",
                      lab::check_late);
  command_line.option("--window", window, window_lab::window_help, [&](const std::string& text) -> std::string {
    try {
      windows = window_lab::windows_of(text);
      return {};
    } catch (const std::invalid_argument& mistake) {
      return std::string(window_lab::window_help) + " (" + mistake.what() + ")";
    }
  });
  command_line.option("--aggregate", aggregate, "What to tell of a window: count,sum,min,max,avg or some of them",
                      [](const std::string& text) {
                        return window_lab::columns_of(text) ? "" : "some of count,sum,min,max,avg, separated by commas";
                      });
  command_line.option("--out-of-order", out_of_order,
                      "How much later than others with a later time a reading may come");
  command_line.option("--lateness", lateness, "How long after its end a window still takes readings");
  command_line.option("--granularity", granularity, "Watermarks are rounded down to a multiple of this", 1us);
  command_line.option("--parallelism", parallelism, "Instances of the window operator", 1, 128);
  command_line.require("--input");
  command_line.require("--window");
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"window_lab"};
  const sw::SideOutput<lab::LinedReading> late("late");
  const auto keyed = lab::readings_from(job, "readings", input, !late_output.empty(), out_of_order, granularity)
                         .key_by(&lab::LinedReading::key, {.parallelism = static_cast<int>(parallelism)});
  const window_lab::RowText row_text(*window_lab::columns_of(aggregate));
  std::visit(
      [&](const auto& kind) {
        auto windowed = keyed.window(kind).allowed_lateness(lateness);
        if (!late_output.empty()) windowed = windowed.late(late);
        const auto rows = windowed.aggregate("windows", window_lab::Statistics{});
        rows.sink("rows", sw::write_text(output, row_text));
        if (!late_output.empty())
          rows.side(late).sink(
              "late lines", sw::write_text(late_output, [](const lab::LinedReading& reading) { return reading.line; }));
      },
      *windows);
  return sw::run(job, command_line);
}
