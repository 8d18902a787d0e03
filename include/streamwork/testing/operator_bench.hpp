// Runs one operator object outside a job, in each of the ways in which a task may run it.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <streamwork/testing/manual_clock.hpp>
#include <streamwork/testing/memory_snapshot.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/operator_segment.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::testing {

/// A task that never runs out of time, and takes checkpoints in memory.
class BenchTask final : public typed::TaskContext {
 public:
  const ManualClock& clock() const override { return clock_; }
  ManualClock& clock() { return clock_; }
  bool time_is_up() override { return false; }
  bool stop_requested() const override { return false; }
  void wake_at(SteadyTime) override {}
  void wake_when_readable(int) override {}
  void wake_when_writable(int) override {}
  void wake() override {}
  std::shared_ptr<typed::BackgroundWork> background_work(const std::string&, int) override { return nullptr; }

  bool takes_checkpoints() const override { return taken_ != nullptr; }
  typed::SnapshotTarget& snapshot() override { return *taken_; }
  const typed::RestoredState* restored() const override { return restored_.get(); }
  std::shared_ptr<typed::RowStores> row_stores() const override { return row_stores_; }
  /// Where rows are that are not in memory; nullptr: all are.
  void keep_rows_in(std::shared_ptr<typed::RowStores> stores) { row_stores_ = std::move(stores); }
  /// Where the next snapshot goes.
  void take_into(std::shared_ptr<MemorySnapshot> snapshot) { taken_ = std::move(snapshot); }
  /// What the segments opened next go on from.
  void restore_from(std::shared_ptr<const MemorySnapshot> snapshot) { restored_ = std::move(snapshot); }

 private:
  ManualClock clock_;
  std::shared_ptr<MemorySnapshot> taken_;
  std::shared_ptr<const MemorySnapshot> restored_;
  std::shared_ptr<typed::RowStores> row_stores_;
};

/// Keeps what it is given; `refusing`: every second call says "not now" and takes nothing.
template <class Result>
class BenchConsumer final : public typed::Segment {
 public:
  BenchConsumer(std::vector<Result>& results, bool refusing) : results_(results), refusing_(refusing) {}

  void open(typed::TaskContext&) override {}
  void accept(typed::BatchBase& batch, std::size_t, bool) override {
    input_ = &static_cast<typed::Batch<Result>&>(batch);
  }
  bool advance() override {
    if (input_ == nullptr) return true;
    if (refusing_ && (refuse_ = !refuse_)) return false;
    for (std::uint32_t i = 0; i < input_->size(); ++i) results_.push_back(std::move(input_->events()[i]));
    input_ = nullptr;
    return true;
  }
  bool settle() override { return true; }
  bool finish() override { return true; }
  void close() override {}

 private:
  std::vector<Result>& results_;
  bool refusing_;
  bool refuse_ = false;
  typed::Batch<Result>* input_ = nullptr;
};

template <class Operator, class T, class MakeRows>
class OperatorBench {
  using Rows = std::invoke_result_t<MakeRows>;
  using Segment = typed::OperatorSegment<typed::OneInput<T>, Operator, Rows>;
  static constexpr bool keyed = requires(Rows& rows) { rows.copy_to(rows); };

 public:
  using Result = typename typed::ApplySignature<decltype(&Operator::apply)>::result;

  OperatorBench(Operator prototype, MakeRows make_rows, std::function<std::uint32_t(const T&)> hash)
      : prototype_(std::move(prototype)), make_rows_(std::move(make_rows)), hash_(std::move(hash)) {}

  std::vector<Result> results_of_all_ways(const std::vector<T>& events) {
    const std::vector<Result> expected = run(events, 1024, false, false);
    compare(expected, run(events, 1, false, false), "one event per call");
    compare(expected, run(events, 3, true, false), "an output that refuses every second call");
    compare(expected, run(events, 1, false, true), "its state moved to a fresh instance between calls");
    return expected;
  }

 private:
  static void compare(const std::vector<Result>& expected, const std::vector<Result>& got, const std::string& way) {
    if (got == expected) return;
    throw std::logic_error("the operator gives other results with " + way + ": " + std::to_string(got.size()) +
                           " results instead of " + std::to_string(expected.size()) + ", or other ones");
  }

  std::vector<Result> run(const std::vector<T>& events, std::uint32_t per_call, bool refusing, bool fresh_instances) {
    std::vector<Result> results;
    BenchConsumer<Result> consumer(results, refusing);
    BenchTask task;
    std::unique_ptr<Segment> segment = open(task, consumer);
    for (std::size_t begin = 0; begin < events.size(); begin += per_call) {
      const std::size_t end = std::min(events.size(), begin + per_call);
      typed::Batch<T> batch(per_call, columns);
      for (std::size_t i = begin; i < end; ++i) {
        batch.hashes()[i - begin] = hash_(events[i]);
        batch.append(events[i], EventTime{});
      }
      segment->accept(batch, 0, true);
      while (!segment->advance()) {
      }
      if (fresh_instances) segment = successor(task, consumer, std::move(segment));
    }
    while (!segment->finish()) {
    }
    segment->close();
    return results;
  }

  std::unique_ptr<Segment> open(BenchTask& task, BenchConsumer<Result>& consumer) {
    auto segment =
        std::make_unique<Segment>(prototype_, make_rows_, BadEventPolicy{}, typed::OperatorPlace{.timed = true},
                                  typed::VertexInstance{"operator", 0, 1, std::make_shared<typed::VertexCounters>()});
    segment->main().add_consumer(consumer, 0);
    segment->open(task);
    return segment;
  }

  static bool storable(const Segment& segment) {
    try {
      segment.require_storable();
      return true;
    } catch (const std::logic_error&) {
      return false;
    }
  }

  /// An instance that goes on from what a checkpoint has of `old`; what cannot be stored is copied.
  std::unique_ptr<Segment> successor(BenchTask& task, BenchConsumer<Result>& consumer, std::unique_ptr<Segment> old) {
    std::unique_ptr<Segment> fresh;
    if (storable(*old)) {
      const auto snapshot = std::make_shared<MemorySnapshot>();
      task.take_into(snapshot);
      typed::Batch<T> batch(1, columns);
      batch.add_barrier({.checkpoint = 1});
      old->accept(batch, 0, true);
      while (!old->advance()) {
      }
      while (!old->save_more()) {
      }
      task.restore_from(snapshot);
      fresh = open(task, consumer);
    } else {
      fresh = open(task, consumer);
      if constexpr (keyed) old->rows().copy_to(fresh->rows());
    }
    old->close();
    return fresh;
  }

  static constexpr typed::BatchColumns columns{.hashes = true, .times = true};

  Operator prototype_;
  MakeRows make_rows_;
  std::function<std::uint32_t(const T&)> hash_;
};

}  // namespace streamwork::testing
