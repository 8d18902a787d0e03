// The book's job of chapter 5: counts the transactions and the frauds of a shop. It is the delivery lab: kill it, start it
// again, and see what at most once, at least once and exactly once come to.
//
//   transactions  --by merchandise-->  system usage analyzer  -->  usage writer
#include <cstdio>
#include <exception>
#include <memory>
#include <roads/road_options.hpp>

#include "score_store.hpp"
#include "transaction.hpp"
#include "usage_analyzer.hpp"

using namespace system_usage;

namespace {

struct Options {
  std::string input;
  std::int64_t events = 100'000;
  std::string scores;
  std::string output = "-";
  std::int64_t source_parallelism = 1;
  std::int64_t parallelism = 2;

  void add_to(sw::CommandLine& command_line) {
    roads::add_input_option(command_line, "--input", input);
    command_line.option("--events", events, "Number of made-up transactions, without --input", 0,
                        std::int64_t{1} << 50U);
    command_line.option("--scores", scores, "What is known of the merchandise, lines {merchandiseId},{score}: PATH");
    command_line.option("--output", output,
                        "Where the usage goes, as JSON lines: PATH, dir:PATH (a directory), or - for standard output",
                        sw::check_text_target);
    command_line.option("--source-parallelism", source_parallelism, "Instances that read", 1, 128);
    command_line.option("--parallelism", parallelism, "Instances that count and write", 1, 128);
  }
};

sw::Stream<Transaction> transactions_of(sw::Job& job, const Options& options) {
  const std::string name = "transactions";
  if (!options.input.empty()) {
    return roads::lines_from(job, name, options.input, options.source_parallelism)
        .flat_map(name + ": parse", transaction_of, {.bad_events = sw::skip_bad_events()});
  }
  return job.source(
      name, sw::generate<Transaction>(made_up_transaction, {.count = static_cast<std::uint64_t>(options.events)}),
      {.parallelism = static_cast<int>(options.source_parallelism)});
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  sw::CommandLine command_line("system_usage", "Counts the transactions and the frauds of a shop.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  std::shared_ptr<const ScoreStore> scores;
  try {
    scores =
        std::make_shared<const ScoreStore>(options.scores.empty() ? ScoreStore() : ScoreStore::read(options.scores));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "system_usage: --scores: %s\n", error.what());
    return 2;
  }

  sw::Job job{"system_usage"};
  transactions_of(job, options)
      .key_by(&Transaction::merchandise, {.parallelism = static_cast<int>(options.parallelism)})
      .apply("system usage analyzer", UsageAnalyzer(scores))
      .sink("usage writer", sw::write_json_lines(options.output));
  return sw::run(job, command_line);
}
