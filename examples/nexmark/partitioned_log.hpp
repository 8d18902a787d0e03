// A sink that writes bids as CSV into a folder per minute, dt=2015-07-15/hm=00:00, and marks a folder by an empty file _SUCCESS
// when nothing more will come into it.
//
// In each folder it is one of the engine's own directories of parts: what was written since the last checkpoint has a name that
// begins with a dot, and gets its final name when the checkpoint is complete. So is the mark made then, and not before.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>
#include <vector>

#include "result_rows.hpp"

namespace nexmark {

/// A bid of a minute (counted since 1970), or the word that there will be no other.
struct LogEntry {
  std::int64_t minute = 0;
  std::optional<FullOffer> bid;
};

/// What an instance has written into one folder between two checkpoints.
struct LogPart {
  std::int64_t minute = 0;
  std::optional<sw::TextPart> part;
  bool complete = false;
};

class PartitionedLog {
 public:
  explicit PartitionedLog(std::string root) : root_(std::move(root)) {}

  void prepare(const sw::SinkRequest& request);
  void open(sw::SinkContext& context) { context_ = &context; }
  bool write(const LogEntry& entry);
  bool flush();
  bool finish();
  void close();

  using Transaction = std::vector<LogPart>;
  sw::Prepared<Transaction> prepare_commit(std::uint64_t checkpoint);
  void commit(const Transaction& parts);
  void recover(std::uint64_t checkpoint, const std::vector<Transaction>& transactions);

 private:
  struct Partition {
    sw::LineOutput lines;
    bool complete = false;
  };

  std::string folder_of(std::int64_t minute) const;
  std::vector<std::string> folders() const;
  std::shared_ptr<sw::OpenTextTarget> target_in(const std::string& folder) const;
  Partition& partition(std::int64_t minute);

  std::string root_;
  sw::SinkRequest request_;
  sw::SinkContext* context_ = nullptr;
  std::map<std::int64_t, std::shared_ptr<Partition>> partitions_;  ///< of this instance, those that are open
};

}  // namespace nexmark
