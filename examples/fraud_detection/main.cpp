// Finds fraudulent card transactions: three analyzers look at each account, their scores are joined per transaction.
//
//                                                     +--> average ticket ----------+
//   transactions --by account--> in order of time ----+--> proximity ---------------+--by transaction--> score
//                                                     +--> transactions per window -+                  aggregator --> alerts
#include <cmath>
#include <cstdio>
#include <memory>
#include <roads/road_options.hpp>

#include "average_ticket.hpp"
#include "in_order_of_time.hpp"
#include "proximity.hpp"
#include "report.hpp"
#include "score_aggregator.hpp"
#include "transactions_per_window.hpp"
#include "world.hpp"

namespace {

using namespace fraud;
using namespace std::chrono_literals;

struct Options {
  std::string input;
  std::int64_t seed = 1;
  std::int64_t events = 100'000;
  std::int64_t accounts = 300;
  sw::Duration out_of_order = 1min;
  std::int64_t parallelism = 1;
  std::string output = "-";
  std::string transactions;
  std::string report;

  bool generated() const { return input.empty(); }
  /// What is made up can be judged; of an input from outside only its owner knows whether it has labels.
  bool reports() const { return generated() || !report.empty(); }
  int instances() const { return static_cast<int>(parallelism); }

  void add_to(sw::CommandLine& command_line);
};

void Options::add_to(sw::CommandLine& command_line) {
  roads::add_input_option(command_line, "--input", input);
  command_line.option("--seed", seed, "Of the made-up transactions, without --input", 0, std::int64_t{1} << 62U);
  command_line.option("--events", events, "Number of made-up transactions", 1, 20'000'000);
  command_line.option("--accounts", accounts, "Number of made-up accounts", 1, 1'000'000);
  command_line.option("--out-of-order", out_of_order,
                      "How much later than others with a later time a transaction may come");
  command_line.option("--output", output, "Where the alerts go, as JSON lines: PATH, dir:PATH or - for standard output",
                      sw::check_text_target);
  command_line.option("--transactions", transactions, "Keeps the transactions, as JSON lines that --input reads: PATH");
  command_line.option("--report", report,
                      "Where the report goes: PATH or -; standard error unless given, nowhere with --input");
  command_line.option("--parallelism", parallelism, "Instances of each component", 1, 128);
}

/// What the report is made of.
struct Collection {
  sw::Collected<LabelledTransaction> transactions;
  sw::Collected<Alert> alerts;
  sw::Collected<Verdict> verdicts;
};

/// Nothing for a blank line; throws `sw::BadEvent` for what is no transaction.
std::optional<LabelledTransaction> transaction_of(const sw::Line& line) {
  std::optional<LabelledTransaction> transaction = sw::parse_json<LabelledTransaction>()(line.text);
  if (!transaction) return transaction;
  const auto within = [](const std::optional<double>& degrees, double most) {
    return !degrees || std::abs(*degrees) <= most;
  };
  if (!(transaction->amount > 0 && std::isfinite(transaction->amount)))
    throw sw::BadEvent("the amount of a transaction is a number above 0");
  if (!within(transaction->latitude, 90) || !within(transaction->longitude, 180) ||
      transaction->latitude.has_value() != transaction->longitude.has_value()) {
    throw sw::BadEvent("a place has a latitude of -90 to 90 and a longitude of -180 to 180 degrees");
  }
  return transaction;
}

/// With their times: a source that is read from several places tells how far each is only to what is in one loop with it, so this
/// stands in front of where the stream is used more than once.
sw::Stream<LabelledTransaction> transactions_of(sw::Job& job, const Options& options) {
  const auto timed = [&](auto&& stream) {
    return std::forward<decltype(stream)>(stream).event_time(&LabelledTransaction::time,
                                                             sw::bounded_out_of_order(options.out_of_order),
                                                             {.granularity = 1ms, .bad_events = sw::skip_bad_events()});
  };
  if (!options.generated()) {
    return timed(roads::lines_from(job, "transactions", options.input)
                     .flat_map("transactions: parse", transaction_of, {.bad_events = sw::skip_bad_events()}));
  }
  const auto world =
      std::make_shared<const World>(static_cast<std::uint64_t>(options.seed), options.accounts, options.events);
  return timed(
      job.source("transactions",
                 sw::generate<LabelledTransaction>([world](std::uint64_t number) { return world->transaction(number); },
                                                   {.count = world->size()}),
                 {.parallelism = options.instances()}));
}

/// The scores of all analyzers. From here on nobody knows the truth.
sw::Stream<Score> scores_of(const sw::Stream<LabelledTransaction>& transactions, const Options& options) {
  const sw::GroupingOptions spread{.parallelism = options.instances()};
  const auto by_account = transactions.map("without labels", &LabelledTransaction::unlabelled)
                              .key_by(&Transaction::account, spread)
                              .apply("in order of time", InOrderOfTime{})
                              .key_by(&Transaction::account, spread);
  const auto in_windows = by_account.window(sw::sliding(count_window, count_window_step))
                              .process("transactions per window", [](const std::string&, const sw::TimeWindow&,
                                                                     const std::vector<Transaction>& of_window) {
                                return scores_of_window(of_window);
                              });
  return sw::merge(
      by_account.apply("average ticket", AverageTicketAnalyzer{}), by_account.apply("proximity", ProximityAnalyzer{}),
      sw::Stream<Score>(in_windows.flat_map("count scores", [](const auto& window) { return window.value; })));
}

void write_job(sw::Job& job, const Options& options, const Collection& collection) {
  const sw::Stream<LabelledTransaction> transactions = transactions_of(job, options);
  const auto alerts =
      scores_of(transactions, options)
          .key_by([](const Score& score) { return score.transaction.id; }, {.parallelism = options.instances()})
          .apply("score aggregator", ScoreAggregator{});
  alerts.sink("alerts", sw::write_json_lines(options.output));
  if (!options.transactions.empty()) transactions.sink("keep", sw::write_json_lines(options.transactions));
  if (!options.reports()) return;
  transactions.sink("collect transactions", sw::collect(collection.transactions));
  alerts.sink("collect alerts", sw::collect(collection.alerts));
  alerts.side(verdicts).sink("collect verdicts", sw::collect(collection.verdicts));
}

int write_report(const std::string& report, const std::string& path) {
  std::FILE* file = path.empty() ? stderr : path == "-" ? stdout : std::fopen(path.c_str(), "w");
  bool written = file != nullptr && std::fputs(report.c_str(), file) >= 0 && std::fflush(file) == 0;
  if (file != nullptr && file != stderr && file != stdout) written = std::fclose(file) == 0 && written;
  if (!written) std::fprintf(stderr, "fraud_detection: the report cannot be written to '%s'\n", path.c_str());
  return written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  sw::CommandLine command_line("fraud_detection", "Finds fraudulent transactions of cards.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  const Collection collection;
  sw::Job job{"fraud_detection"};
  write_job(job, options, collection);
  const int exit_code = sw::run(job, command_line);
  if (exit_code != 0 || !command_line.explain().empty() || !options.reports()) return exit_code;
  return write_report(
      report_of({collection.transactions.snapshot(), collection.alerts.snapshot(), collection.verdicts.snapshot()}),
      options.report);
}
