// CLI11 splits the arguments and prints the help; what a value may be and what is said about mistakes is decided here,
// so that every message names the option, what was found and what was expected.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <streamwork/command_line.hpp>
#include <streamwork/connectors/pace.hpp>
#include <streamwork/duration_text.hpp>
#include <string_view>
#include <utility>

#include "job/console_options.hpp"
#include "job/option_values.hpp"
#include "job/parallelism_option.hpp"
#include "job/standard_descriptors.hpp"

namespace streamwork {

namespace {

using namespace job::option_values;

const std::string own_options = "Options";
const std::string every_job = "Options of every job";

constexpr std::int64_t most_workers = 1024;
/// Some 30 years; more would not fit into nanoseconds.
constexpr double most_seconds = 1e9;
const std::vector<std::string> explain_formats = {"text", "json", "dot"};

/// The name of an option directly followed by what was added as its option text: " FILE" or "[=text|json|dot]".
class HelpText : public CLI::Formatter {
 public:
  HelpText() {
    label("OPTIONS", "options");
    column_width(36);
  }
  std::string make_option_opts(const CLI::Option* option) const override { return option->get_option_text(); }
};

struct Mistake {
  std::string what;
};

}  // namespace

struct CommandLine::Parser {
  enum class Kind : std::uint8_t { flag, value, perhaps_value };
  struct Option {
    std::string name;
    Kind kind;
    std::string expected;  ///< for the message when the value is missing
  };

  Parser(const std::string& name, const std::string& description) : program(name), app(description, name) {
    app.formatter(std::make_shared<HelpText>());
    app.set_help_flag();
  }

  void add_flag(const std::string& name, bool& value, const std::string& help, const std::string& group) {
    app.add_flag_function(name, [&value](std::int64_t) { value = true; }, help)->group(group);
    options.push_back({name, Kind::flag, {}});
  }

  CLI::Option* add(const std::string& name, Take take, const std::string& value_name, const std::string& help,
                   const std::string& group) {
    const auto parse = [name, take = std::move(take)](const std::string& text) {
      const std::string expected = text.empty() ? "a value" : take(text);
      if (!expected.empty()) throw Mistake{name + " '" + text + "': expected " + expected};
    };
    options.push_back({name, Kind::value, value_name == "VALUE" ? "VALUE: " + help : value_name});
    return app.add_option_function<std::string>(name, parse, help)
        ->option_text(" " + value_name)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group(group);
  }

  const Option* find(std::string_view name) const {
    const auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : &*found;
  }

  /// Values that are missing or too many, which CLI11 would fill with the next option's name or take for a boolean.
  void check_values_are_there(const std::vector<std::string>& arguments) const {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--") return;
      const std::size_t equals = arguments[i].find('=');
      const Option* option = find(std::string_view(arguments[i]).substr(0, equals));
      if (option == nullptr) continue;
      const bool attached = equals != std::string::npos;
      const bool empty = attached && equals + 1 == arguments[i].size();
      if (option->kind == Kind::flag && attached) throw Mistake{option->name + " takes no value"};
      if (option->kind == Kind::perhaps_value && empty) throw missing_value(*option);
      if (option->kind != Kind::value) continue;
      if (!attached) ++i;  // its value is the next argument
      if (empty || i == arguments.size()) throw missing_value(*option);
      if (!attached && find(arguments[i].substr(0, arguments[i].find('='))) != nullptr) throw missing_value(*option);
    }
  }

  static Mistake missing_value(const Option& option) {
    return {option.name + " needs a value: expected " + option.name + " " + option.expected};
  }

  void parse(std::vector<std::string> arguments) {
    check_values_are_there(arguments);
    std::ranges::reverse(arguments);  // as CLI11 wants them
    try {
      app.parse(std::move(arguments));
    } catch (const CLI::ExtrasError&) {
      std::vector<std::string> unknown = app.remaining();
      if (unknown.size() > 1 && unknown.front() == "--") unknown.erase(unknown.begin());
      const std::string& first = unknown.front();
      if (first.size() > 1 && first.front() == '-') throw Mistake{"unknown option '" + first + "'"};
      throw Mistake{"unexpected argument '" + first + "': every value belongs to an option"};
    }
    for (const std::string& name : required) {
      if (app.get_option(name)->empty())
        throw Mistake{name + " is missing: expected " + name + " " + find(name)->expected};
    }
    for (const auto& check : checks) {
      if (const std::string mistake = check(); !mistake.empty()) throw Mistake{mistake};
    }
  }

  std::string program;
  CLI::App app;
  std::vector<Option> options;
  std::vector<std::string> required;
  std::vector<std::function<std::string()>> checks;
  // Values that become part of the checkpoint options.
  std::string state_backend = "memory";
  std::optional<std::uint64_t> state_memory;
  std::int64_t retained = CheckpointOptions().retained;
  std::int64_t tolerated_failures = CheckpointOptions().tolerated_failures;
  std::int64_t concurrent = CheckpointOptions().concurrent;
};

CommandLine::CommandLine(const std::string& program, const std::string& description)
    : parser_(std::make_unique<Parser>(program, description.empty() ? description : description + "\n")) {
  job::fill_standard_descriptors();
}

CommandLine::~CommandLine() = default;

void CommandLine::option(const std::string& name, std::string& value, const std::string& help, Check check) {
  const auto take = [&value, check = std::move(check)](const std::string& text) {
    std::string expected = check ? check(text) : std::string();
    if (expected.empty()) value = text;
    return expected;
  };
  parser_->add(name, take, "VALUE", value.empty() ? help : help + " [" + value + "]", own_options);
}

void CommandLine::option(const std::string& name, std::int64_t& value, const std::string& help, std::int64_t least,
                         std::int64_t greatest) {
  parser_->add(name, take_whole_number(value, least, greatest), "NUMBER", help + " [" + std::to_string(value) + "]",
               own_options);
}

void CommandLine::option(const std::string& name, double& value, const std::string& help) {
  const auto take = [&value](const std::string& text) -> std::string {
    double number = 0;
    if (!read_number(text, number) || !(number >= 0 && number <= std::numeric_limits<double>::max())) {
      return "a number, at least 0";
    }
    value = number;
    return {};
  };
  char shortest[32];
  const auto written = std::to_chars(std::begin(shortest), std::end(shortest), value);
  parser_->add(name, take, "NUMBER", help + " [" + std::string(shortest, written.ptr) + "]", own_options);
}

void CommandLine::option(const std::string& name, Duration& value, const std::string& help, Duration least) {
  const auto take = [&value, least](const std::string& text) -> std::string {
    const std::optional<Duration> duration = read_duration(text);
    if (!duration || *duration < least)
      return "a time such as 5s or 250ms (us, ms, s, min, h, d), at least " + duration_text(least);
    value = *duration;
    return {};
  };
  parser_->add(name, take, "TIME", help + " [" + duration_text(value) + "]", own_options);
}

void CommandLine::choice(const std::string& name, std::string& value, const std::string& help,
                         const std::vector<std::string>& words) {
  parser_->add(name, take_word(value, words), joined(words, "|", "|"), help + " [" + value + "]", own_options);
}

void CommandLine::flag(const std::string& name, bool& value, const std::string& help) {
  parser_->add_flag(name, value, help, own_options);
}

void CommandLine::require(const std::string& name) { parser_->required.push_back(name); }

void CommandLine::check(std::function<std::string()> check) { parser_->checks.push_back(std::move(check)); }

void CommandLine::add_options_of_every_job() {
  Parser& parser = *parser_;
  if (parser.find("--workers") != nullptr) return;  // parsing again
  parser.add("--workers", take_whole_number(workers_, 1, most_workers), "NUMBER", "Worker threads [one per core]",
             every_job);
  parser
      .add(
          "--instances", [this](const std::string& text) { return job::take_parallelism(text, parallelism_); },
          "VERTEX=NUMBER",
          "Instances of a vertex, and of those in one chain with it; may be given for several [what the job says]",
          every_job)
      ->trigger_on_parse();
  parser.add(
      "--console", [this](const std::string& text) { return job::take_console(text, console_); }, "PORT|HOST:PORT|off",
      "Where the console listens: a page and an API over the running job [" +
          (console_ ? console_->address : std::string("off")) + "]",
      every_job);
  parser.add(
      "--console-token", [this](const std::string& text) { return job::take_console_token(text, console_token_); },
      "FILE", "What requests must show, which is needed beyond this machine; or the variable STREAMWORK_CONSOLE_TOKEN",
      every_job);
  const std::string formats = joined(explain_formats, "|", "|");
  parser
      .add("--explain", take_word(explain_, explain_formats), "", "Print the execution plan and exit [text]", every_job)
      ->expected(0, 1)
      ->default_str("text")
      ->option_text("[=" + formats + "]");
  parser.options.back() = {"--explain", Parser::Kind::perhaps_value, formats};
  parser.add_flag("--status", status_, "Print a line a second on standard error: rates, and what is the bottleneck",
                  every_job);
  const auto take_seconds = [this](const std::string& text) -> std::string {
    double seconds = 0;
    if (!read_number(text, seconds) || !(seconds >= 0 && seconds <= most_seconds))
      return "a number of seconds, at least 0";
    seconds_ = seconds;
    return {};
  };
  parser.add("--seconds", take_seconds, "NUMBER", "Drain the job after so many seconds; 0: never [0]", every_job);
  add_checkpoint_options();
  check_checkpoint_options();
  add_state_options();
  add_rate_option();
  parser.add_flag("--quiet", quiet_, "Print no summary on standard error", every_job);
  parser.app.set_help_flag("-h,--help", "Print this and exit")->group(every_job);
}

void CommandLine::add_state_options() {
  Parser& parser = *parser_;
  const std::vector<std::string> backends = {"memory", "rocksdb"};
  parser.add("--state-backend", take_word(parser.state_backend, backends), joined(backends, "|", "|"),
             "Where the state of keys is while the job runs: rocksdb takes more than fits into memory [memory]",
             every_job);
  parser.add("--state-memory", take_size(parser.state_memory, 16), "SIZE",
             "Memory of the rocksdb backend, for all caches of the job together [256MiB]", every_job);
  parser.checks.emplace_back([this]() -> std::string {
    if (!parser_->state_memory || parser_->state_backend == "rocksdb") return {};
    return "--state-memory is for --state-backend rocksdb: with memory, all state is in memory";
  });
}

void CommandLine::add_checkpoint_options() {
  Parser& parser = *parser_;
  const auto take_text = [](std::string& value) {
    return [&value](const std::string& text) {
      value = text;
      return std::string();
    };
  };
  parser.add(
      "--checkpoint-dir", take_text(checkpoints_.directory), "PATH",
      "Where checkpoints are kept; a start goes on from the newest one; ':memory:' keeps them in the process, for "
      "restarts after failures alone [none are taken]",
      every_job);
  const auto take_restarts = [this](const std::string& text) {
    std::int64_t restarts = 0;
    std::string expected = take_whole_number(restarts, 0, 1'000'000)(text);
    if (expected.empty()) restart_ = restart_with_backoff(static_cast<int>(restarts));
    return expected;
  };
  parser.add("--restarts", take_restarts, "NUMBER",
             "A job that fails begins again from its last checkpoint, at most so many times in a row [3 with "
             "checkpoints, else 0]",
             every_job);
  parser.add("--checkpoint-interval", take_time(checkpoints_.interval), "TIME", "Time between two checkpoints [10s]",
             every_job);
  parser.add("--checkpoint-timeout", take_time(checkpoints_.timeout), "TIME",
             "A checkpoint that takes longer is given up [10min]", every_job);
  parser.add("--concurrent-checkpoints", take_whole_number(parser.concurrent, 1, 1'000), "NUMBER",
             "So many may be in flight: the next begins while one is still being written [1]", every_job);
  const std::vector<std::string> deliveries = {"at_most_once", "at_least_once", "exactly_once"};
  parser.add(
      "--delivery",
      [this, deliveries](const std::string& text) {
        const std::string expected = take_word(delivery_, deliveries)(text);
        if (expected.empty())
          checkpoints_.delivery = static_cast<Delivery>(std::ranges::find(deliveries, text) - deliveries.begin());
        return expected;
      },
      joined(deliveries, "|", "|"), "How often an event may take effect after a failure [exactly_once]", every_job);
  parser.add("--restore", take_text(checkpoints_.restore), "latest|none|PATH",
             "What to go on from: the newest checkpoint, nothing, or this one [latest]", every_job);
  parser.add("--retained-checkpoints", take_whole_number(parser.retained, 1, 1'000'000), "NUMBER",
             "Complete checkpoints that are kept [3]", every_job);
  parser.add("--tolerated-checkpoint-failures", take_whole_number(parser.tolerated_failures, 0, 1'000'000), "NUMBER",
             "So many checkpoints in a row may fail before the job does [10]", every_job);
  parser.add_flag("--allow-dropped-state", checkpoints_.allow_dropped_state,
                  "Lose state in the checkpoint that the job does not know any more", every_job);
  parser.add_flag("--overwrite-output", checkpoints_.overwrite_output,
                  "Remove what earlier runs have published, when the job begins anew", every_job);
  parser.add_flag("--stop-with-savepoint", stops_with_savepoint_,
                  "A signal ends the job with a savepoint, which is kept until somebody removes it", every_job);
}

/// What means something with checkpoints alone, and would be ignored without: whoever says it believes that there are some.
void CommandLine::check_checkpoint_options() {
  parser_->checks.emplace_back([this]() -> std::string {
    if (checkpoints_.directory.empty() && checkpoints_.restore != "latest")
      return "--restore " + checkpoints_.restore + " without checkpoints: give their --checkpoint-dir, or leave it out";
    if (!checkpoints_.outlive_process() && stops_with_savepoint_)
      return "--stop-with-savepoint without a directory for it: give --checkpoint-dir PATH, or leave it out";
    return {};
  });
}

void CommandLine::add_rate_option() {
  Parser& parser = *parser_;
  if (parser.find("--rate") != nullptr) return;  // the program has one of its own
  const auto take_rate = [this](const std::string& text) -> std::string {
    double rate = 0;
    if (!read_number(text, rate) || !(rate >= 0 && rate <= Pace::greatest_rate))
      return "a number of events per second from 0 to 1e12";
    source_rate_ = rate;
    return {};
  };
  parser.add("--rate", take_rate, "NUMBER", "Events per second of each source; 0: no limit [0]", every_job);
}

std::optional<double> CommandLine::source_rate() const {
  return source_rate_ > 0 ? std::optional(source_rate_) : std::nullopt;
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
  add_options_of_every_job();  // last, so that the help begins with the program's own
  std::string mistake;
  try {
    parser_->parse(argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>{});
    if (console_ && console_->token.empty()) console_->token = job::console_token(console_token_);
    state_.backend = parser_->state_backend == "rocksdb" ? StateBackend::rocksdb : StateBackend::memory;
    state_.memory_bytes = parser_->state_memory.value_or(state_.memory_bytes);
    checkpoints_.retained = static_cast<int>(parser_->retained);
    checkpoints_.tolerated_failures = static_cast<int>(parser_->tolerated_failures);
    checkpoints_.concurrent = static_cast<int>(parser_->concurrent);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::fputs(parser_->app.help().c_str(), stdout);
    std::fflush(stdout);
    return 0;
  } catch (const Mistake& found) {
    mistake = found.what;
  } catch (const CLI::ParseError& error) {
    mistake = error.what();
  }
  const std::string message =
      parser_->program + ": " + mistake + "\n" + parser_->program + " --help lists all options and what they expect\n";
  std::fputs(message.c_str(), stderr);
  return 2;
}

}  // namespace streamwork
