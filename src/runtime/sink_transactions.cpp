#include <streamwork/sink.hpp>
#include <streamwork/typed/sink_transactions.hpp>
#include <utility>

namespace streamwork {

std::shared_ptr<SinkContext> SinkContext::make(const typed::VertexInstance& vertex, typed::TaskContext& task) {
  return std::make_shared<SinkContext>(vertex, task);
}

namespace typed {

namespace {

/// Leaves nothing for the checkpoint: the work before it commits. It may be done again, and then does nothing.
std::function<void()> committing(std::shared_ptr<SinkCommitter> committer, std::vector<std::byte> transaction,
                                 std::function<void()> make_durable) {
  return [committer = std::move(committer), transaction = std::move(transaction),
          make_durable = std::move(make_durable), done = std::make_shared<bool>(false)] {
    if (*done) return;
    if (make_durable) make_durable();
    committer->commit(transaction);
    *done = true;
  };
}

}  // namespace

SinkCommitter::SinkCommitter(std::string vertex, std::string schema)
    : vertex_(std::move(vertex)), schema_(std::move(schema)) {}
SinkCommitter::~SinkCommitter() = default;

SinkTransactions::SinkTransactions(std::shared_ptr<SinkCommitter> committer, bool at_once)
    : committer_(std::move(committer)), at_once_(at_once) {}

std::shared_ptr<SinkTransactions> SinkTransactions::make(std::unique_ptr<SinkCommitter> committer, bool at_once) {
  return std::make_shared<SinkTransactions>(std::move(committer), at_once);
}

std::shared_ptr<SinkTransactions> SinkTransactions::of_instance() const {
  return std::make_shared<SinkTransactions>(committer_, at_once_);
}

void SinkTransactions::save(const VertexInstance& vertex, TaskContext& task,
                            std::optional<std::span<const std::byte>> transaction,
                            const std::function<void()>& make_durable) {
  SnapshotTarget& snapshot = task.snapshot();
  std::erase_if(uncommitted_, [&](const Uncommitted& one) { return one.checkpoint <= task.completed_checkpoint(); });
  if (transaction) {
    std::vector<std::byte> bytes(transaction->begin(), transaction->end());
    if (at_once_ && task.completed_checkpoint() > 0) {
      uncommitted_.push_back(
          {snapshot.checkpoint(), std::nullopt, committing(committer_, std::move(bytes), make_durable)});
    } else {
      uncommitted_.push_back({snapshot.checkpoint(), std::move(bytes), make_durable});
    }
  }
  // What was prepared for a checkpoint that failed goes with this one.
  for (const Uncommitted& one : uncommitted_) {
    if (one.transaction) {
      snapshot.add_transaction(vertex, *one.transaction, one.make_durable);
    } else {
      snapshot.add_work(one.make_durable);
    }
  }
}

}  // namespace typed

}  // namespace streamwork
