// The transactions of a sink between the barrier they are prepared at and their commit, without the sink's type.
// Thread rule: stated with each class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

/// A transactional sink as the coordinator of checkpoints sees it; transactions are encoded by `schema`.
/// Used by one thread at a time.
class SinkCommitter {
 public:
  SinkCommitter(std::string vertex, std::string schema);
  SinkCommitter(const SinkCommitter&) = delete;
  SinkCommitter& operator=(const SinkCommitter&) = delete;
  virtual ~SinkCommitter();

  const std::string& vertex() const { return vertex_; }
  const std::string& schema() const { return schema_; }
  virtual void commit(std::span<const std::byte> transaction) = 0;
  virtual void recover(std::uint64_t checkpoint, const std::vector<StoredFrame>& transactions) = 0;

 private:
  std::string vertex_;
  std::string schema_;
};

/// What an instance has prepared for checkpoints that are not known to be complete. Belongs to the instance's task.
class SinkTransactions {
 public:
  /// `at_once`: what is prepared while some checkpoint is complete is committed beside the instance, without waiting for the
  /// checkpoint it was prepared for.
  SinkTransactions(std::shared_ptr<SinkCommitter> committer, bool at_once);
  static std::shared_ptr<SinkTransactions> make(std::unique_ptr<SinkCommitter> committer, bool at_once);
  /// The same for an instance, which has prepared nothing.
  std::shared_ptr<SinkTransactions> of_instance() const;

  const std::shared_ptr<SinkCommitter>& committer() const { return committer_; }
  /// At a barrier: saves what was prepared for it, if there was something to be prepared, and what was prepared for
  /// checkpoints that failed.
  void save(const VertexInstance& vertex, TaskContext& task, std::optional<std::span<const std::byte>> transaction,
            const std::function<void()>& make_durable);

 private:
  struct Uncommitted {
    std::uint64_t checkpoint;
    std::optional<std::vector<std::byte>> transaction;  ///< nothing, if it is committed by what makes it durable
    std::function<void()> make_durable;
  };

  std::shared_ptr<SinkCommitter> committer_;
  bool at_once_;
  std::vector<Uncommitted> uncommitted_;
};

}  // namespace streamwork::typed
