// The command line of the benchmark.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace benchmark {

struct Options {
  std::int64_t runs = 5;
  bool quick = false;
  std::vector<std::string> rows;  ///< empty: all
  std::string json;               ///< a path, or empty: no report
  std::optional<double> idle_child_seconds;

  bool wants(const std::string& row) const;
};

/// Reads the command line. `known_rows`: the names that `--rows` accepts. Without a value: it was `--help` or a
/// mistake, which was explained, and `exit_code` is the program's.
std::optional<Options> parse(int argc, char** argv, const std::vector<std::string>& known_rows, int& exit_code);

}  // namespace benchmark
