// Joins to try out: readings of two files, matched by key and time.
//
//   left   -->  parse  -->  event time  --by key--+
//                                                 +-->  join  --+-->  rows
//   right  -->  parse  -->  event time  --by key--+             +--late-->  late lines
#include <optional>
#include <variant>

#include "join_flag.hpp"
#include "labs/reading.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

using Late = std::variant<lab::LinedReading, lab::LinedReading>;

template <class... Cases>
struct OneOf : Cases... {
  using Cases::operator()...;
};

/// {"key":"a","left":{…},"right":null}: the readings are written as they were read, with all their fields.
struct RowText {
  template <class Row>
  std::string operator()(const Row& row) const {
    std::string line = "{\"key\":";
    sw::append_json(line, row.key);
    if constexpr (requires { row.start; }) {
      line += ",\"start\":";
      sw::append_json(line, row.start);
      line += ",\"end\":";
      sw::append_json(line, row.end);
    }
    line += ",\"left\":" + (row.left ? row.left->line : std::string("null"));
    return line + ",\"right\":" + (row.right ? row.right->line : std::string("null")) + "}";
  }
};

struct Options {
  std::string left;
  std::string right;
  std::string output = "-";
  std::string late_output;
  std::string join;
  std::string type = "inner";
  sw::Duration out_of_order = 0s;
  sw::Duration granularity = 1ms;
  std::int64_t parallelism = 1;
  std::optional<join_lab::Join> parsed_join;

  sw::JoinType join_type() const {
    if (type == "left") return sw::JoinType::left;
    if (type == "right") return sw::JoinType::right;
    return type == "full" ? sw::JoinType::full : sw::JoinType::inner;
  }

  void add_to(sw::CommandLine& command_line) {
    command_line.option("--left", left,
                        "Left readings as JSON lines, {\"key\":\"a\",\"time\":1700000000123,\"value\":1.5}: file:PATH",
                        lab::check_input);
    command_line.option("--right", right, "Right readings, in the same form: file:PATH", lab::check_input);
    command_line.option("--join", join, join_lab::join_help, [this](const std::string& text) -> std::string {
      try {
        parsed_join = join_lab::join_of(text);
        return {};
      } catch (const std::invalid_argument& mistake) {
        return std::string(join_lab::join_help) + " (" + mistake.what() + ")";
      }
    });
    command_line.choice("--type", type, "Which readings without a match come out too",
                        {"inner", "left", "right", "full"});
    command_line.option("--output", output, "Where the rows go: PATH, dir:PATH or - for standard output",
                        sw::check_text_target);
    command_line.option("--late", late_output, "Where the lines go that came too late: PATH or dir:PATH",
                        lab::check_late);
    command_line.option("--out-of-order", out_of_order,
                        "How much later than others with a later time a reading may come");
    command_line.option("--granularity", granularity, "Watermarks are rounded down to a multiple of this", 1us);
    command_line.option("--parallelism", parallelism, "Instances of the join", 1, 128);
    for (const char* needed : {"--left", "--right", "--join"}) command_line.require(needed);
  }
};

void write_late(const sw::Stream<Late>& late, const std::string& path) {
  late.sink("late lines", sw::write_text(path, [](const Late& reading) {
              return std::visit([](const lab::LinedReading& either) { return either.line; }, reading);
            }));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  sw::CommandLine command_line("join_lab", "Joins the readings of two files.");
  options.add_to(command_line);
  command_line.check([&]() -> std::string {
    const bool with_table = options.parsed_join && options.parsed_join->index() >= 2;
    if (!with_table || !sw::keeps_right(options.join_type())) return {};
    return "--type '" + options.type + "' with --join " + options.join + ": expected inner or left";
  });
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"join_lab"};
  const sw::GroupingOptions instances{.parallelism = static_cast<int>(options.parallelism)};
  const auto readings = [&](const std::string& name, const std::string& input) {
    return lab::readings_from(job, name, input, true, options.out_of_order, options.granularity)
        .key_by(&lab::LinedReading::key, instances);
  };
  const sw::SideOutput<Late> late("late");
  auto joined = sw::join(readings("left", options.left), readings("right", options.right));
  if (!options.late_output.empty()) joined = joined.late(late);

  const auto write = [&](const auto& rows) {
    rows.sink("rows", sw::write_text(options.output, RowText{}));
    if (!options.late_output.empty()) write_late(rows.side(late), options.late_output);
  };
  const sw::JoinType type = options.join_type();
  std::visit(
      OneOf{[&](const join_lab::Windowed& join) { write(joined.windowed("join", join.windows, type)); },
            [&](const join_lab::Interval& join) { write(joined.interval("join", join.lower, join.upper, type)); },
            [&](const join_lab::AsOf&) { write(joined.as_of("join", type)); },
            [&](const join_lab::Table&) { write(joined.latest("join", sw::TableWait::the_whole, type)); }},
      *options.parsed_join);
  return sw::run(job, command_line);
}
