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
// One of a job that has ended before prepares the transactional sinks of its last checkpoint, and no others.
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
#include <streamwork/typed/sink_transactions.hpp>
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
  static std::shared_ptr<SinkContext> make(const typed::VertexInstance& vertex, typed::TaskContext& task);

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

/// How the transactions of a sink are committed: by a copy of the sink that was prepared.
template <TransactionalSink Sink>
class SinkCommitterOf final : public SinkCommitter {
  using Transaction = typename Sink::Transaction;

 public:
  SinkCommitterOf(const std::string& vertex, const Sink& prepared)
      : SinkCommitter(vertex, entry_schema_of<Transaction>()), sink_(prepared) {}

  void commit(std::span<const std::byte> bytes) override {
    ByteReader reader(bytes);
    Transaction transaction{};
    decode(reader, transaction);
    sink_.commit(transaction);
  }
  void recover(std::uint64_t checkpoint, const std::vector<StoredFrame>& frames) override {
    std::vector<Transaction> transactions;
    for (const StoredFrame& frame : frames) read_entries(frame, transactions, Transaction{});
    sink_.recover(checkpoint, transactions);
  }

 private:
  Sink sink_;
};

/// A sink as the last stage of a fused loop.
template <class Sink>
class SinkStage {
 public:
  explicit SinkStage(Sink sink) : sink_(std::move(sink)) {}

  /// Returns what is needed to commit; nullptr if the sink is not transactional.
  std::shared_ptr<SinkCommitter> prepare(const SinkRequest& request) {
    if constexpr (requires { sink_.prepare(request); }) sink_.prepare(request);
    if constexpr (TransactionalSink<Sink>) {
      if (!transactional()) return nullptr;
      transactions_ = SinkTransactions::make(std::make_unique<SinkCommitterOf<Sink>>(request.vertex, sink_),
                                             request.delivery != Delivery::exactly_once);
      return transactions_->committer();
    }
    return nullptr;
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
    if constexpr (TransactionalSink<Sink>) {
      if (transactions_ != nullptr) transactions_ = transactions_->of_instance();
    }
    if constexpr (requires(SinkContext& context) { sink_.open(context); }) {
      context_ = SinkContext::make(vertex, task);
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
      if (transactions_ == nullptr) return;
      const auto prepared = sink_.prepare_commit(task.snapshot().checkpoint());
      if (!prepared.transaction) return transactions_->save(vertex, task, std::nullopt, nullptr);
      ByteWriter writer;
      encode(*prepared.transaction, writer);
      transactions_->save(vertex, task, writer.bytes(), prepared.make_durable);
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
  struct Nothing {};
  struct NothingElse {};
  static constexpr bool opens = requires(Sink sink, SinkContext& context) { sink.open(context); };

  Sink sink_;
  [[no_unique_address]] std::conditional_t<TransactionalSink<Sink>, std::shared_ptr<SinkTransactions>, Nothing>
      transactions_{};  ///< of the instance, from `open` on
  [[no_unique_address]] std::conditional_t<opens, std::shared_ptr<SinkContext>, NothingElse> context_{};
  bool full_ = false;
};

}  // namespace typed

}  // namespace streamwork
