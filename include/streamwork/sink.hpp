// What a sink looks like.
//
//   class Print {
//    public:
//     void prepare(const sw::SinkRequest& request) {}   // optional: once per start, before instances are copied from it
//     void open(sw::SinkContext& context) {}            // optional: once per instance
//     void write(const Event& event) { … }              // or `bool write`: false = taken, but no room for another
//     bool flush() { return true; }                     // optional: before the instance waits; false = not all out yet,
//                                                       //   and it has arranged to be woken through the context
//     bool finish() { return true; }                    // optional: at the end of input; false as above
//     void close() {}                                   // optional: give back what was taken; always called
//   };
//
// With checkpoints a sink is flushed at every barrier, so that no result is lost. Results that come out again after a restart
// are written again, unless the sink is transactional: what it writes between two barriers becomes visible when the
// checkpoint is complete.
//
//     using Transaction = …;                                      // storable (stored.hpp): tells what was written
//     sw::Prepared<Transaction> prepare_commit(std::uint64_t checkpoint);   // of an instance, at a barrier
//     void commit(const Transaction&);                            // makes it visible; it may be so already
//     void recover(std::uint64_t checkpoint, const std::vector<Transaction>&);   // the job goes on from this checkpoint:
//                        // makes what was prepared for it visible, and removes all that was written or published after it
//     bool transactional() const;                                 // optional: whether this one really is
//
// With at_least_once and at_most_once what was prepared is committed beside the instance at once, before the checkpoint is
// complete: after a failure it may come out again, or be lost. Only what is prepared while no checkpoint is complete waits
// for the first one, so that a job that must begin anew finds nothing of it.
//
// A start that goes on from no checkpoint removes in `prepare` what earlier starts have written and not published.
// `commit` and `recover` are called for a copy of the object that was prepared, the first by a thread of the engine.
//
// A `write` that must block makes its vertex `{.blocking = true}`.
// Thread rule: an instance is used by one thread at a time; `prepare` runs on the thread that starts the job.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <streamwork/clock.hpp>
#include <streamwork/delivery.hpp>
#include <streamwork/file_system.hpp>
#include <streamwork/typed/saved_entries.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

/// What becomes of results that were published after the checkpoint the job goes on from.
enum class LaterResults : std::uint8_t {
  withdraw,  ///< the job will bring them again, exactly once
  keep,      ///< the job may bring them again, and it may be that it does not
  refuse,    ///< the job must not go on from there without the user's consent
};

/// What a sink is told before its instances are made.
struct SinkRequest {
  std::string vertex{};
  std::int64_t parallelism = 1;
  /// What the job promises; nothing is promised without checkpoints.
  Delivery delivery = Delivery::exactly_once;
  /// True if the job goes on from a checkpoint: what a sink has written before is kept.
  bool restored = false;
  /// Results of earlier runs may be removed, if the job begins anew.
  bool overwrite_output = false;
  /// For `recover`.
  LaterResults later_results = LaterResults::withdraw;
  /// Tells this start of the job from all others that share its checkpoints.
  std::uint64_t attempt = 0;
  /// What several sinks of the job lock; the same for all of its starts. nullptr: the sink is alone.
  std::shared_ptr<SharedLocks> locks = nullptr;
  /// Tells the user what is no failure; for `prepare` and `recover`. nullptr: nobody listens.
  std::function<void(const std::string&)> note = nullptr;
};

/// What an instance of a transactional sink gives at a barrier.
template <class Transaction>
struct Prepared {
  /// Nothing, if nothing was written.
  std::optional<Transaction> transaction;
  /// What must be done before the transaction can be committed, and may take long: it runs beside the instance. It is done
  /// again, but never twice at the same time, if the checkpoint fails and the transaction goes with the next one.
  std::function<void()> make_durable = nullptr;
};

/// What a sink may ask of its instance. Valid as long as the sink.
class SinkContext {
 public:
  const std::string& vertex() const { return vertex_->name; }
  std::int64_t instance() const { return vertex_->instance; }
  std::int64_t parallelism() const { return vertex_->parallelism; }
  const Clock& clock() const { return task_->clock(); }

  /// Calls `flush` again at `time` at the latest.
  void wake_at(SteadyTime time) { task_->wake_at(time); }
  /// Calls `flush` again as soon as the file descriptor can be written (or read).
  void wake_when_writable(int descriptor) { task_->wake_when_writable(descriptor); }
  void wake_when_readable(int descriptor) { task_->wake_when_readable(descriptor); }

  // For the engine.
  SinkContext(const typed::VertexInstance& vertex, typed::TaskContext& task) : vertex_(&vertex), task_(&task) {}

 private:
  const typed::VertexInstance* vertex_;
  typed::TaskContext* task_;
};

/// The shape of a sink of events `T`; see the top of this file.
template <class S, class T>
concept SinkOf = std::copy_constructible<S> && requires(S sink, const T& event) { sink.write(event); };

/// A sink whose results become visible when a checkpoint is complete; see the top of this file.
template <class S>
concept TransactionalSink =
    requires(S sink, const typename S::Transaction& transaction, const std::vector<typename S::Transaction>& all) {
      requires typed::Storable<typename S::Transaction>;
      { sink.prepare_commit(std::uint64_t{}) } -> std::same_as<Prepared<typename S::Transaction>>;
      sink.commit(transaction);
      sink.recover(std::uint64_t{}, all);
    };

namespace typed {

/// A transactional sink as the coordinator of checkpoints sees it; transactions are encoded by `schema`.
struct SinkCommitter {
  std::string vertex;
  std::string schema;
  std::function<void(std::span<const std::byte> transaction)> commit;
  std::function<void(std::uint64_t checkpoint, const std::vector<StoredFrame>& transactions)> recover;
};

/// What an instance has prepared for a checkpoint that is not known to be complete.
template <class Sink>
struct Uncommitted {};
template <TransactionalSink Sink>
struct Uncommitted<Sink> {
  std::uint64_t checkpoint;
  Prepared<typename Sink::Transaction> prepared;
};

/// A sink as the last stage of a fused loop.
template <class Sink>
class SinkStage {
 public:
  explicit SinkStage(Sink sink) : sink_(std::move(sink)) {}

  /// Returns what is needed to commit, if the sink is transactional.
  std::optional<SinkCommitter> prepare(const SinkRequest& request) {
    if constexpr (requires { sink_.prepare(request); }) sink_.prepare(request);
    if constexpr (TransactionalSink<Sink>) {
      if (!transactional()) return std::nullopt;
      at_once_ = request.delivery != Delivery::exactly_once;
      prepared_sink_ = std::make_shared<Sink>(sink_);
      return committer(request.vertex);
    }
    return std::nullopt;
  }

  template <class Event, class Next>
  bool push(Event&& event, Next&&) {
    if constexpr (std::same_as<bool, decltype(sink_.write(std::as_const(event)))>) {
      full_ = !sink_.write(std::as_const(event));
      return !full_;
    } else {
      sink_.write(std::as_const(event));
      return true;
    }
  }

  void open(const VertexInstance& vertex, TaskContext& task) {
    if constexpr (TransactionalSink<Sink>) uncommitted_ = std::make_shared<std::vector<Uncommitted<Sink>>>();
    if constexpr (requires(SinkContext& context) { sink_.open(context); }) {
      context_ = std::make_shared<SinkContext>(vertex, task);
      sink_.open(*context_);
    }
  }
  bool make_room(TaskContext& task) { return !full_ || settle(task); }
  bool finish(TaskContext& task) {
    if constexpr (requires { sink_.finish(); }) {
      if (!sink_.finish()) {
        task.wait_for(WaitReason::outside);
        return false;
      }
    }
    return true;
  }
  bool settle(TaskContext& task) {
    if constexpr (requires { sink_.flush(); }) {
      if constexpr (std::same_as<bool, decltype(sink_.flush())>) {
        if (!sink_.flush()) {
          task.wait_for(WaitReason::outside);
          return false;
        }
      } else {
        sink_.flush();
      }
    }
    full_ = false;
    return true;
  }
  /// At a barrier. REQUIRES: `settle` returned true.
  void save(const VertexInstance& vertex, TaskContext& task) {
    if constexpr (TransactionalSink<Sink>) {
      if (!transactional()) return;
      SnapshotTarget& snapshot = task.snapshot();
      std::erase_if(*uncommitted_, [&](const auto& one) { return one.checkpoint <= task.completed_checkpoint(); });
      Prepared<typename Sink::Transaction> prepared = sink_.prepare_commit(snapshot.checkpoint());
      if (prepared.transaction) {
        if (at_once_ && task.completed_checkpoint() > 0) prepared = committed_at_once(std::move(prepared));
        uncommitted_->push_back({snapshot.checkpoint(), std::move(prepared)});
      }
      // What was prepared for a checkpoint that failed goes with this one.
      for (const auto& one : *uncommitted_) {
        if (!one.prepared.transaction) {
          snapshot.add_work(one.prepared.make_durable);
          continue;
        }
        ByteWriter writer;
        encode(*one.prepared.transaction, writer);
        snapshot.add_transaction(vertex, writer.bytes(), one.prepared.make_durable);
      }
    }
  }
  void close() {
    if constexpr (requires { sink_.close(); }) sink_.close();
  }

 private:
  bool transactional() const {
    if constexpr (requires { sink_.transactional(); }) return sink_.transactional();
    return true;
  }
  SinkCommitter committer(const std::string& vertex) const
    requires TransactionalSink<Sink>
  {
    using Transaction = typename Sink::Transaction;
    return {vertex, entry_schema_of<Transaction>(),
            [sink = prepared_sink_](std::span<const std::byte> bytes) {
              ByteReader reader(bytes);
              Transaction transaction{};
              decode(reader, transaction);
              sink->commit(transaction);
            },
            [sink = prepared_sink_](std::uint64_t checkpoint, const std::vector<StoredFrame>& frames) {
              std::vector<Transaction> transactions;
              for (const StoredFrame& frame : frames) read_entries(frame, transactions, Transaction{});
              sink->recover(checkpoint, transactions);
            }};
  }

  /// Leaves nothing for the checkpoint: the work before it commits.
  auto committed_at_once(auto prepared) const {
    prepared.make_durable = [sink = prepared_sink_, transaction = *std::exchange(prepared.transaction, std::nullopt),
                             make_durable = std::move(prepared.make_durable), done = std::make_shared<bool>(false)] {
      if (*done) return;
      if (make_durable) make_durable();
      sink->commit(transaction);
      *done = true;
    };
    return prepared;
  }

  struct Nothing {};
  struct NothingElse {};
  static constexpr bool opens = requires(Sink sink, SinkContext& context) { sink.open(context); };

  Sink sink_;
  [[no_unique_address]] std::conditional_t<TransactionalSink<Sink>, std::shared_ptr<std::vector<Uncommitted<Sink>>>,
                                           Nothing> uncommitted_{};
  [[no_unique_address]] std::conditional_t<TransactionalSink<Sink>, std::shared_ptr<Sink>, NothingElse>
      prepared_sink_{};
  bool at_once_ = false;
  [[no_unique_address]] std::conditional_t<opens, std::shared_ptr<SinkContext>, Nothing> context_{};
  bool full_ = false;
};

}  // namespace typed

}  // namespace streamwork
