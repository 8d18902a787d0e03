// The windows of the book's seventh chapter: transactions of a user in windows of five seconds, two seconds of patience.
//
//   transactions  -->  parse  -->  event time  --by user-->  5 s windows  --+-->  results
//                                                                           +--late-->  late transactions
#include <charconv>
#include <optional>
#include <roads/road_options.hpp>
#include <streamwork/streamwork.hpp>
#include <string>
#include <vector>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

struct Transaction {
  std::int64_t user = 1;
  double amount = 0;
  sw::EventTime time;
};

struct Received {
  std::int64_t user;
  sw::EventTime start;
  sw::EventTime end;
  std::int64_t count;
  std::vector<Transaction> transactions;
};

double number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw sw::BadEvent(
        "a transaction has the form {amount} or {amount},{seconds from now}, for example 42.00 or 42.00,-3");
  }
  return number;
}

/// A line is an amount and, perhaps, how many seconds from now it happens.
std::optional<Transaction> transaction_of(const sw::Line& line) {
  const std::string_view text = line.text;
  if (text.find_first_not_of(" \t") == std::string_view::npos) return std::nullopt;
  const std::size_t comma = text.find(',');
  const double offset = comma == std::string_view::npos ? 0 : number_of(text.substr(comma + 1));
  constexpr double most_seconds = 1e9;
  if (!(offset >= -most_seconds && offset <= most_seconds)) throw sw::BadEvent("the time offset is out of range");
  const auto now = sw::SystemClock::instance().now().time_since_epoch();
  const auto distance = std::chrono::duration_cast<sw::Duration>(std::chrono::duration<double>(offset));
  return Transaction{1, number_of(text.substr(0, comma)), sw::EventTime(now + distance)};
}

}  // namespace

int main(int argc, char** argv) {
  std::string input = "tcp:127.0.0.1:9990";
  std::string output = "-";
  std::string late_output = "/dev/null";
  std::int64_t parallelism = 2;
  sw::CommandLine command_line("windowing_test", "Shows the transactions of each user in windows of five seconds.");
  roads::add_input_option(command_line, "--input", input);
  command_line.option("--output", output, "PATH | -: where results go, as JSON lines", sw::check_text_target);
  command_line.option("--late", late_output, "PATH | -: where transactions go that came too late",
                      sw::check_text_target);
  command_line.option("--parallelism", parallelism, "instances of the windows", 1, 128);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"windowing_test"};
  const sw::SideOutput<Transaction> late("late");
  // The patience is that of event time, not of the clock on the wall: a stopped input closes no window, a replay loses
  // nothing. After ten quiet seconds event time goes on with the clock, so that the last windows come out too.
  const auto windows = roads::lines_from(job, "transaction source", input)
                           .flat_map("transaction source: parse", transaction_of, {.bad_events = sw::skip_bad_events()})
                           .event_time(&Transaction::time, sw::bounded_out_of_order(2s),
                                       {.idle_after = 10s, .follow_wall_clock_when_idle = true})
                           .key_by(&Transaction::user, {.parallelism = static_cast<int>(parallelism)})
                           .window(sw::tumbling(5s))
                           .late(late)
                           .process("test windowed analyzer", [](std::int64_t user, const sw::TimeWindow& window,
                                                                 const std::vector<Transaction>& transactions) {
                             return Received{user, window.start, window.end,
                                             static_cast<std::int64_t>(transactions.size()), transactions};
                           });
  windows.map("received", [](const sw::WindowResult<std::int64_t, Received>& result) { return result.value; })
      .sink("results", sw::write_json_lines(output));
  windows.side(late).sink("late transactions", sw::write_json_lines(late_output));
  return sw::run(job, command_line);
}
