// The lines of standard input as a source: a pipe, a terminal, a redirected file, a socket. One instance reads it, and
// never blocks a worker; end of input ends the source.
// Thread rule: the source is a description. What one job has read is gone for the next.
#pragma once

#include <cstddef>
#include <streamwork/connectors/line_reader.hpp>
#include <streamwork/line.hpp>
#include <streamwork/source.hpp>
#include <vector>

namespace streamwork {

struct StdinLinesOptions {
  /// A longer line ends the job with an error.
  std::size_t greatest_line_bytes = std::size_t{16} << 20U;
};

/// What `stdin_lines` returns.
class StdinLines {
 public:
  using Event = Line;  ///< with the position counted from where reading began
  struct Split {};
  static constexpr SplitOrder split_order = SplitOrder::one_after_another;

  explicit StdinLines(StdinLinesOptions options) : options_(options) {}
  std::vector<Split> splits(const SplitRequest&) const { return {Split{}}; }
  LineReader open(const Split& split, SourceContext& context) const;

 private:
  StdinLinesOptions options_;
};

/// A source of the lines of standard input. While it runs it throws `std::runtime_error` when standard input is closed
/// or cannot be read, or a line is too long.
inline StdinLines stdin_lines(StdinLinesOptions options = {}) { return StdinLines(options); }

}  // namespace streamwork
