// What lies between the segments of a task and the checkpoints they are saved in.
//
// A snapshot is made of sections: entries of one kind (rows of keys, splits of a source, …) of one vertex, encoded by one
// schema. Entries come in frames of some tens of kilobytes; those of keyed state belong to a key group each, so that a restart
// at another parallelism finds them.
// Thread rule: a target belongs to the task that fills it; what was restored may be read by any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::typed {

struct VertexInstance;

/// The frame belongs to no key group.
inline constexpr std::uint32_t no_key_group = 0xFFFF'FFFF;

/// Kinds of sections.
namespace section {
inline constexpr const char* rows = "rows";                ///< keyed state: a key and its states
inline constexpr const char* stored_rows = "stored rows";  ///< the same as files of a store, which it names
inline constexpr const char* progress = "progress";        ///< how far an operator instance has come in event time
inline constexpr const char* values = "values";            ///< state of an operator instance that belongs to no key
inline constexpr const char* splits = "splits";            ///< splits under way: what is left of each
inline constexpr const char* split_list = "split list";    ///< all splits there were at the start
inline constexpr const char* ended_splits = "ended splits";
inline constexpr const char* receipts = "receipts";        ///< of what may not have been acknowledged
inline constexpr const char* split_times = "split times";  ///< watermarks and strategies
}  // namespace section

/// What is to be copied of a store.
struct StoreSnapshot {
  std::string format{};
  std::int64_t parallelism = 1;
  /// Makes the copy; beside the task.
  std::function<std::shared_ptr<const StoreCopy>()> copy{};
  /// What earlier checkpoints have come to know; used by whoever makes the copy.
  std::shared_ptr<KnownFiles> known{};
};

/// Takes what the segments of one task save for one checkpoint.
class SnapshotTarget {
 public:
  SnapshotTarget() = default;
  SnapshotTarget(const SnapshotTarget&) = delete;
  SnapshotTarget& operator=(const SnapshotTarget&) = delete;
  virtual ~SnapshotTarget() = default;

  virtual std::uint64_t checkpoint() const = 0;
  /// False in a job that is at most once, unless the job ends with this checkpoint: then it holds what sources have reserved
  /// and sinks have prepared, and operators save nothing.
  virtual bool keeps_state() const { return true; }
  /// A section for `add`; `schema` is the binary form of a `Schema`.
  virtual std::uint32_t add_section(const VertexInstance& vertex, const char* kind, const std::string& schema) = 0;
  virtual void add(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries,
                   std::span<const std::byte> bytes) = 0;
  /// What a sink has written and wants to make visible when the checkpoint is complete. `make_durable` runs beside the
  /// task, before the checkpoint can be complete; what it throws makes the checkpoint fail.
  virtual void add_transaction(const VertexInstance& vertex, std::span<const std::byte> bytes,
                               std::function<void()> make_durable) = 0;
  /// What must be done before the checkpoint can be complete; it runs beside the task, and what it throws makes the
  /// checkpoint fail.
  virtual void add_work(std::function<void()> work) = 0;
  /// Rows that are in a store: the files of a copy of it become files of the checkpoint. `section` is of kind `stored_rows`,
  /// with the schema of a row, and nothing else is added to it.
  virtual void add_store(std::uint32_t, StoreSnapshot) { throw std::logic_error("stores cannot be saved here"); }
  /// True while so much waits to be written that the task should not save faster than it must.
  virtual bool congested() const = 0;
};

/// A frame of an earlier run.
struct StoredFrame {
  std::int64_t instance;  ///< that wrote it
  std::uint32_t key_group;
  std::uint64_t entries;
  std::string_view schema;
  std::span<const std::byte> bytes;
};

/// What a checkpoint holds is not what the job wants to go on with.
class StateMismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a checkpoint holds of a job.
class RestoredState {
 public:
  RestoredState() = default;
  RestoredState(const RestoredState&) = delete;
  RestoredState& operator=(const RestoredState&) = delete;
  virtual ~RestoredState() = default;

  virtual std::uint64_t checkpoint() const = 0;
  /// True if state that nobody opens any more may be lost.
  virtual bool drops_state() const = 0;
  /// The job had come to its end: there is nothing left to read.
  virtual bool ended() const { return false; }
  /// The vertex was a sink whose results may still have to be published.
  virtual bool publishes(const std::string& /*vertex*/) const { return false; }
  /// Rows of a vertex that are in stores; `for_each` gives them too, as frames.
  virtual std::vector<StoredRows> stored_rows(const std::string&) const { return {}; }
  /// Calls `visit` for every frame of a kind, in the order of the instances that wrote them; of keyed state those of the key
  /// groups from `first` to `last`. Throws when the checkpoint cannot be read.
  virtual void for_each(const std::string& vertex, const char* kind, std::uint32_t first, std::uint32_t last,
                        const std::function<void(const StoredFrame&)>& visit) const = 0;
  /// The same for what belongs to no key group.
  void for_each(const std::string& vertex, const char* kind,
                const std::function<void(const StoredFrame&)>& visit) const {
    for_each(vertex, kind, no_key_group, no_key_group, visit);
  }
  /// Calls `visit` with the schema of each section of a kind that is not empty, without reading what is in it.
  virtual void for_each_schema(const std::string& vertex, const char* kind,
                               const std::function<void(std::string_view)>& visit) const = 0;
};

}  // namespace streamwork::typed
