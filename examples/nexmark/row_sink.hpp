// Where the rows of a query go: as JSON lines to a file or a directory, or, to measure a query, into a checksum or into a book of how
// late they come.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>
#include <vector>

#include "latency_book.hpp"

namespace nexmark {

namespace sw = streamwork;

/// What all rows add up to, in whatever order they come: looks at every column of every row.
struct Checksum {
  std::atomic<std::uint64_t> sum{0};
  std::atomic<std::uint64_t> rows{0};
};

/// One instance's part of a checksum.
class RowCount {
 public:
  template <class Row>
  void add(const Row& row) {
    sum_ += sw::stable_hash(row);
    ++rows_;
  }
  void give(Checksum& all) {
    all.sum += std::exchange(sum_, 0);
    all.rows += std::exchange(rows_, 0);
  }

 private:
  std::uint64_t sum_ = 0;
  std::uint64_t rows_ = 0;
};

class RowSink {
 public:
  explicit RowSink(std::string path) : lines_(sw::write_json_lines(std::move(path))) {}
  explicit RowSink(std::shared_ptr<Checksum> checksum) : checksum_(std::move(checksum)) {}
  /// Of a query whose rows say when their window begins.
  explicit RowSink(std::shared_ptr<LatencyBook> latencies) : latencies_(std::move(latencies)) {}

  void prepare(const sw::SinkRequest& request) {
    if (lines_) lines_->prepare(request);
  }
  void open(sw::SinkContext& context) {
    if (lines_) lines_->open(context);
    clock_ = &context.clock();
  }
  template <class Row>
  bool write(const Row& row) {
    if (lines_) return lines_->write(row);
    if constexpr (requires { row.window_start; }) {
      if (latencies_) latencies_->note(row.window_start, clock_->steady_now());
    }
    count_.add(row);
    return true;
  }
  bool flush() {
    if (checksum_) count_.give(*checksum_);
    return !lines_ || lines_->flush();
  }
  bool finish() { return !lines_ || lines_->finish(); }
  void close() {
    if (lines_) lines_->close();
  }

  using Transaction = sw::TextPart;
  bool transactional() const { return lines_ && lines_->transactional(); }
  sw::Prepared<sw::TextPart> prepare_commit(std::uint64_t checkpoint) { return lines_->prepare_commit(checkpoint); }
  void commit(const sw::TextPart& part) { lines_->commit(part); }
  void recover(std::uint64_t checkpoint, const std::vector<sw::TextPart>& parts) { lines_->recover(checkpoint, parts); }

 private:
  std::optional<sw::TextSink<sw::JsonFormat>> lines_;
  std::shared_ptr<Checksum> checksum_;
  std::shared_ptr<LatencyBook> latencies_;
  const sw::Clock* clock_ = nullptr;
  RowCount count_;
};

}  // namespace nexmark
