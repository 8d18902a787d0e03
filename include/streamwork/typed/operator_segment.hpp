// A segment that is one operator object: its `apply` for every event of a batch, with the state of the event's key.
#pragma once

#include <functional>
#include <memory>
#include <streamwork/operator.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/state_table.hpp>
#include <utility>

namespace streamwork::typed {

/// Events whose look-ups overlap: enough to cover a miss, few enough that what was fetched is still in the cache.
inline constexpr std::uint32_t operator_block = 128;

/// State of an operator whose input is not grouped by key: none.
class NoKey {
 public:
  static StateLayout* layout() { return nullptr; }
  static void open() {}

  /// Calls `run(select)` once, where `select(i)` makes the state of event `i` the current one.
  template <class T, class Run>
  static void with_rows(const Batch<T>&, std::uint32_t, std::uint32_t, Run&& run) {
    run([](std::uint32_t) {});
  }
};

/// State of an operator whose input is grouped by `KeyFunction`.
template <class K, class KeyFunction>
class KeyedRows {
 public:
  explicit KeyedRows(KeyFunction key) : key_(std::move(key)) {}
  KeyedRows(const KeyedRows&) = delete;
  KeyedRows& operator=(const KeyedRows&) = delete;

  StateLayout* layout() { return &layout_; }
  void open() { table_ = std::make_unique<StateTable<K>>(layout_); }
  /// Copies the state of every key. REQUIRES: `target` is empty and opened the same states.
  void copy_to(KeyedRows& target) const { table_->copy_to(*target.table_); }

  /// As `NoKey::with_rows`, for the events from `begin` to `end`, at most `operator_block` of them. In a large table
  /// their memory accesses are started together, so that they overlap.
  template <class T, class Run>
  void with_rows(Batch<T>& batch, std::uint32_t begin, std::uint32_t end, Run&& run) {
    // The closures hold plain pointers by value, so that they end up in registers.
    const T* const events = batch.events();
    const std::uint32_t* const hashes = batch.hashes();
    StateTable<K>* const table = table_.get();
    RowCursor* const cursor = &layout_.cursor();
    if (table->size() <= prefetch_above) {
      run([=, key = key_](std::uint32_t i) {
        cursor->row = table->find_or_insert(std::invoke(key, events[i]), hashes[i]);
      });
      return;
    }
    std::byte* guesses[operator_block];
    for (std::uint32_t i = begin; i < end; ++i) table->prefetch_group(hashes[i]);
    for (std::uint32_t i = begin; i < end; ++i) guesses[i - begin] = table->prefetch_row(hashes[i]);
    run([=, key = key_, guess = guesses - begin](std::uint32_t i) {
      cursor->row = table->find_or_insert(std::invoke(key, events[i]), hashes[i], guess[i]);
    });
  }

 private:
  /// Up to this many keys, index and rows lie in the second-level cache (about 1 MiB).
  static constexpr std::uint64_t prefetch_above = 20'000;

  KeyFunction key_;
  StateLayout layout_{StateTable<K>::states_offset};
  std::unique_ptr<StateTable<K>> table_;
};

template <class T, class Operator, class Rows>
class OperatorSegment final : public Segment {
  using Result = typename ApplySignature<decltype(&Operator::apply)>::result;

 public:
  /// `make_rows` returns the `Rows`, which stay where they are made: state handles point into them.
  template <class MakeRows>
  OperatorSegment(Operator user_operator, MakeRows&& make_rows, const BadEventPolicy& policy, bool blocking,
                  VertexInstance vertex)
      : operator_(std::move(user_operator)),
        rows_(make_rows()),
        vertex_(std::move(vertex)),
        sides_(vertex_.counters),
        handler_(policy.action(), vertex_, dead_letters(policy)),
        chunk_(blocking) {}

  TaskPort& main() { return output_; }
  SideOutputs& sides() { return sides_; }
  Rows& rows() { return rows_; }

  void open(TaskContext& task) override {
    task_ = &task;
    guarded([&] {
      if constexpr (requires(OperatorContext& context) { operator_.open(context); }) {
        OperatorContext context(vertex_, task.clock(), sides_, rows_.layout());
        operator_.open(context);
      }
      rows_.open();
      sides_.require_all_claimed();
    });
  }

  void accept(BatchBase& batch, bool) override {
    input_ = &static_cast<Batch<T>&>(batch);
    position_ = 0;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    while (position_ != input_->size()) {
      if (!has_room() && !flush()) return false;
      const std::uint32_t begin = position_;
      const std::uint32_t end = std::min(input_->size(), begin + chunk_.events());
      while (position_ != end && has_room()) apply_block(std::min(end, position_ + operator_block));
      vertex_.counters->events_in.add(position_ - begin);
      const bool time_is_up = task_->time_is_up();
      chunk_.adapt(time_is_up);
      if (position_ != input_->size() && time_is_up) {
        task_->wait_for(WaitReason::none);
        return false;
      }
    }
    if (!flush()) return false;
    input_ = nullptr;
    return true;
  }

  bool settle() override { return true; }

  bool finish() override {
    if (!finished_) {
      if (!flush()) return false;
      guarded([&] {
        if constexpr (requires { operator_.finish(output_.output()); }) operator_.finish(output_.output());
      });
      finished_ = true;
    }
    return flush();
  }

  void close() override {
    guarded([&] {
      if constexpr (requires { operator_.close(); }) operator_.close();
    });
  }

 private:
  Output<DeadLetter>* dead_letters(const BadEventPolicy& policy) {
    if (policy.action() != BadEventPolicy::Action::dead_letter) return nullptr;
    return &sides_.template claim<DeadLetter>(policy.side_output());
  }

  bool has_room() const { return output_.has_room() && sides_.has_room(); }
  bool flush() {
    const bool finished = output_.flush(*task_) && sides_.flush(*task_);
    vertex_.counters->events_out.add(output_.take_count());
    return finished;
  }

  /// Applies the operator up to `end`, or until there is no room.
  void apply_block(std::uint32_t end) {
    rows_.with_rows(*input_, position_, end, [this, end](auto select) { apply_range(select, end); });
  }

  template <class Select>
  void apply_range(Select select, const std::uint32_t end) {
    const T* const events = std::as_const(*input_).events();
    Output<Result>& out = output_.output();
    const bool has_sides = !sides_.empty();
    std::uint32_t next = position_;
    while (next != end && has_room()) {
      try {
        do {
          const T& event = events[next];
          select(next++);
          operator_.apply(event, out);
        } while (next != end && out.has_room() && (!has_sides || sides_.has_room()));
      } catch (const BadEvent& bad) {
        handler_.refuse(bad, events[next - 1]);
        vertex_.counters->failed.add(1);
      } catch (...) {
        position_ = next;
        rethrow_for(vertex_);
      }
    }
    position_ = next;
  }

  template <class Call>
  void guarded(Call&& call) {
    try {
      call();
    } catch (...) {
      rethrow_for(vertex_);
    }
  }

  Operator operator_;
  Rows rows_;
  VertexInstance vertex_;
  BatchOutput<Result> output_;
  SideOutputs sides_;
  BadEventHandler handler_;
  ChunkSize chunk_;
  TaskContext* task_ = nullptr;
  Batch<T>* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool finished_ = false;
};

}  // namespace streamwork::typed
