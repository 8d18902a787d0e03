#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace benchmark {

namespace {

constexpr std::string_view usage =
    R"(engine_benchmark [OPTIONS]: the engine against hand-written loops doing the same work

  --runs N          interleaved runs of every contender in every row (5)
  --rows NAME,NAME  only these rows
  --json PATH       writes everything that was measured to a file, for benchmarks/report.py
  --quick           few events, one run: checks that all results agree; the times mean nothing
  --help

)";

/// Explained to the user; exit code 2.
class Mistake : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

template <class Number>
Number number(const std::string& name, std::string_view text, Number least) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= least)) {
    throw Mistake(name + ": expected a number, at least " + std::to_string(least) + ", found '" + std::string(text) +
                  "'");
  }
  return value;
}

std::vector<std::string> rows(std::string_view text, const std::vector<std::string>& known) {
  std::vector<std::string> chosen;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string name(text.substr(0, comma));
    if (std::ranges::find(known, name) == known.end()) {
      throw Mistake("--rows: there is no row '" + name + "'; there are " + joined(known));
    }
    chosen.push_back(name);
    if (comma == std::string_view::npos) return chosen;
    text.remove_prefix(comma + 1);
  }
}

Options parsed(const std::vector<std::string>& arguments, const std::vector<std::string>& known_rows) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw Mistake(name + ": a value is missing");
      return arguments[++i];
    };
    if (name == "--quick") {
      options.quick = true;
      options.runs = 1;
    } else if (name == "--runs") {
      options.runs = number<std::int64_t>(name, value(), 1);
    } else if (name == "--rows") {
      options.rows = rows(value(), known_rows);
    } else if (name == "--json") {
      options.json = value();
    } else if (name == "--idle-child") {
      options.idle_child_seconds = number<double>(name, value(), 0);
    } else {
      throw Mistake("unknown option '" + name + "'");
    }
  }
  return options;
}

}  // namespace

bool Options::wants(const std::string& row) const { return rows.empty() || std::ranges::find(rows, row) != rows.end(); }

std::optional<Options> parse(int argc, char** argv, const std::vector<std::string>& known_rows, int& exit_code) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    std::cout << usage << "rows: " << joined(known_rows) << "\n";
    exit_code = 0;
    return std::nullopt;
  }
  try {
    return parsed(arguments, known_rows);
  } catch (const Mistake& mistake) {
    std::cerr << mistake.what() << "\n\n" << usage << "rows: " << joined(known_rows) << "\n";
    exit_code = 2;
    return std::nullopt;
  }
}

}  // namespace benchmark
