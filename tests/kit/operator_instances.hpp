// The instances of one operator without a job: events, watermarks and barriers by hand, and restarts at another parallelism.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/testing/memory_snapshot.hpp>
#include <streamwork/testing/operator_bench.hpp>
#include <streamwork/typed/operator_segment.hpp>
#include <utility>
#include <vector>

namespace streamwork::testkit {

/// `MakeRows` as of `OperatorSegment`; `hash(event)` chooses the instance.
template <class Operator, class T, class MakeRows, class Hash>
class OperatorInstances {
  using Rows = std::invoke_result_t<MakeRows>;
  using Segment = typed::OperatorSegment<typed::OneInput<T>, Operator, Rows>;

 public:
  using Result = typename typed::ApplySignature<decltype(&Operator::apply)>::result;
  using Snapshot = std::shared_ptr<testing::MemorySnapshot>;

  OperatorInstances(Operator prototype, MakeRows make_rows, Hash hash)
      : prototype_(std::move(prototype)), make_rows_(std::move(make_rows)), hash_(std::move(hash)) {}

  testing::BenchTask& task() { return task_; }
  std::size_t count() const { return instances_.size(); }
  Rows& rows(std::size_t instance) { return instances_[instance]->segment.rows(); }
  /// What has come out since the last call.
  std::vector<Result> take_results() { return std::exchange(results_, {}); }

  /// Opens so many fresh instances; those there were are gone. Throws as the operator's `open` and the restore do.
  void start(std::int64_t parallelism, const Snapshot& restored = nullptr) {
    instances_.clear();
    task_.restore_from(restored);
    task_.take_into(std::make_shared<testing::MemorySnapshot>());
    for (std::int64_t i = 0; i < parallelism; ++i)
      instances_.push_back(std::make_unique<Instance>(
          prototype_, make_rows_, typed::VertexInstance{"operator", i, parallelism, counters()}, results_));
    for (const auto& instance : instances_) instance->segment.open(task_);
  }
  void apply(const T& event, EventTime time = {}) {
    const std::uint32_t hash = hash_(event);
    apply_at(typed::instance_of(typed::key_group_of(hash), instances_.size()), event, time);
  }
  void apply_at(std::size_t instance, const T& event, EventTime time = {}) {
    typed::Batch<T> batch(1, columns);
    batch.hashes()[0] = hash_(event);
    batch.append(event, time);
    feed(instance, batch);
  }
  void watermark(EventTime time) {
    each([&](typed::Batch<T>& batch) { batch.add_marker(typed::MarkerKind::watermark, time); });
  }
  /// Nothing comes for a while.
  void settle() {
    for (const auto& instance : instances_) {
      while (!instance->segment.settle()) {
      }
    }
  }

  /// A barrier passes. What it cuts off is in the snapshot after `save` has returned it.
  void cut() {
    taken_ = std::make_shared<testing::MemorySnapshot>();
    task_.take_into(taken_);
    each([](typed::Batch<T>& batch) { batch.add_barrier({.checkpoint = 1}); });
  }
  Snapshot save() {
    for (const auto& instance : instances_) {
      while (!instance->segment.save_more()) {
      }
    }
    return std::exchange(taken_, nullptr);
  }

 private:
  struct Instance {
    Instance(const Operator& prototype, const MakeRows& make_rows, typed::VertexInstance vertex,
             std::vector<Result>& results)
        : consumer(results, false),
          segment(prototype, make_rows, BadEventPolicy{}, typed::OperatorPlace{.timed = true}, std::move(vertex)) {
      segment.main().add_consumer(consumer, 0);
    }
    testing::BenchConsumer<Result> consumer;
    Segment segment;
  };
  static constexpr typed::BatchColumns columns{.hashes = true, .times = true};

  static std::shared_ptr<typed::VertexCounters> counters() { return std::make_shared<typed::VertexCounters>(); }
  template <class Fill>
  void each(Fill&& fill) {
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      typed::Batch<T> batch(1, columns);
      fill(batch);
      feed(i, batch);
    }
  }
  void feed(std::size_t instance, typed::Batch<T>& batch) {
    Segment& segment = instances_[instance]->segment;
    segment.accept(batch, 0, true);
    while (!segment.advance()) {
    }
    segment.settle();
  }

  Operator prototype_;
  MakeRows make_rows_;
  Hash hash_;
  testing::BenchTask task_;
  std::vector<Result> results_;
  std::vector<std::unique_ptr<Instance>> instances_;
  Snapshot taken_;
};

/// Instances of an operator behind `key_by(key)`.
template <class T, class Operator, class Key>
auto keyed_instances(Operator prototype, Key key) {
  using K = std::remove_cvref_t<std::invoke_result_t<Key&, const T&>>;
  const auto make_rows = [key] { return typed::KeyedRows<K, Key>(key); };
  const auto hash = [key](const T& event) { return stable_hash(std::invoke(key, event)); };
  return OperatorInstances<Operator, T, decltype(make_rows), decltype(hash)>(std::move(prototype), make_rows, hash);
}

/// Instances of an operator without a key; `apply_at` chooses the instance.
template <class T, class Operator>
auto instances_without_key(Operator prototype) {
  const auto make_rows = [] { return typed::NoKey(); };
  const auto hash = [](const T&) { return std::uint32_t{0}; };
  return OperatorInstances<Operator, T, decltype(make_rows), decltype(hash)>(std::move(prototype), make_rows, hash);
}

}  // namespace streamwork::testkit
