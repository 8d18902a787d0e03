// One task's part of a checkpoint on its way to its file: what the task saves is queued, and written beside it.
// Thread rule: filled by the task; written by whichever thread does the background work, one at a time.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <streamwork/typed/background_work.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <variant>
#include <vector>

#include "checkpoint/manifest.hpp"
#include "checkpoint/snapshot_writer.hpp"
#include "runtime/monitor.hpp"

namespace streamwork::checkpoint {

/// What becomes of a task's part: everything is durable, or `failure` says why not.
struct WrittenSnapshot {
  std::string failure;
  std::vector<CheckedFile> store_files;
  std::uint64_t new_store_bytes = 0;  ///< of files of stores that no checkpoint had before
  std::optional<FileSummary> file;    ///< nothing, if checkpoints are not kept or there was nothing to save
  std::vector<Entry> transactions;

  /// Bytes that were written for this checkpoint.
  std::uint64_t new_bytes() const { return new_store_bytes + (file ? file->size : 0); }
};

class TaskSnapshot final : public typed::SnapshotTarget {
 public:
  using Open = std::function<std::unique_ptr<SnapshotWriter>()>;
  using PutStoreInto = std::function<PutStore(std::uint32_t section, const typed::StoreSnapshot& store)>;
  /// How the files of a task's part are made; empty: nothing is kept but transactions.
  struct Storage {
    Open open{};
    PutStoreInto put_store{};
  };

  /// `background` outlives what is queued. `queued_bytes`: of all tasks, for `congested`. `sinks` is held while one of them is
  /// called, who count on one call at a time.
  TaskSnapshot(std::uint64_t checkpoint, typed::BackgroundWork& background, Storage storage,
               std::shared_ptr<std::atomic<std::size_t>> queued_bytes, std::shared_ptr<runtime::Monitor> sinks,
               bool keeps_state);
  /// Without `finish` the snapshot is given up.
  ~TaskSnapshot() override;

  /// Everything was saved. `written` is called once, by the background.
  void finish(std::function<void(WrittenSnapshot)> written);

  // SnapshotTarget

  std::uint64_t checkpoint() const override { return checkpoint_; }
  bool keeps_state() const override { return keeps_state_; }
  std::uint32_t add_section(const typed::VertexInstance& vertex, const char* kind, const std::string& schema) override;
  void add(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries,
           std::span<const std::byte> bytes) override;
  void add_transaction(const typed::VertexInstance& vertex, std::span<const std::byte> bytes,
                       std::function<void()> make_durable) override;
  void add_work(std::function<void()> work) override;
  void add_store(std::uint32_t section, typed::StoreSnapshot store) override;
  bool congested() const override;

 private:
  struct Queue;

  const std::uint64_t checkpoint_;
  const bool keeps_state_;
  std::uint32_t sections_ = 0;
  std::shared_ptr<Queue> queue_;
};

}  // namespace streamwork::checkpoint
