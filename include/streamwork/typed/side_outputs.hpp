// The side outputs of one operator instance: claimed by name while the operator is opened, consumed by streams.
#pragma once

#include <memory>
#include <streamwork/bad_event.hpp>
#include <streamwork/options.hpp>
#include <streamwork/output.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// A side output without its event type.
class SideOutputBase {
 public:
  SideOutputBase() = default;
  SideOutputBase(const SideOutputBase&) = delete;
  SideOutputBase& operator=(const SideOutputBase&) = delete;
  virtual ~SideOutputBase() = default;

  virtual TaskPort& port() = 0;
  virtual bool has_room() const = 0;
  /// Hands on what was emitted. False: not finished.
  virtual bool flush(TaskContext& task) = 0;
  virtual void mark(MarkerKind kind, EventTime time) = 0;
  virtual void mark_barrier(const Barrier& barrier) = 0;
  virtual void mark_latency(const LatencyMark& mark) = 0;
  virtual bool may_mark() const = 0;
};

template <class T>
class SideOutputOf final : public SideOutputBase {
 public:
  SideOutputOf(std::shared_ptr<VertexCounters> counters, bool timed, const EventTime& time)
      : output_(timed, time), counters_(std::move(counters)) {}

  TaskPort& port() override { return output_; }
  bool has_room() const override { return output_.has_room(); }
  bool flush(TaskContext& task) override {
    if (!output_.has_consumers()) counters_->unclaimed.add(output_.output().batch().size());
    return output_.flush(task);
  }
  void mark(MarkerKind kind, EventTime time) override { output_.mark(kind, time); }
  void mark_barrier(const Barrier& barrier) override { output_.mark_barrier(barrier); }
  void mark_latency(const LatencyMark& mark) override { output_.mark_latency(mark); }
  bool may_mark() const override { return output_.output().may_mark(); }
  Output<T>& output() { return output_.output(); }

 private:
  BatchOutput<T> output_;
  std::shared_ptr<VertexCounters> counters_;
};

class SideOutputs {
 public:
  /// `timed`: whether what is emitted has event times; `time`: as of `Output`.
  SideOutputs(std::shared_ptr<VertexCounters> counters, bool timed, const EventTime& time = beginning_of_time);
  SideOutputs(const SideOutputs&) = delete;
  SideOutputs& operator=(const SideOutputs&) = delete;
  ~SideOutputs();

  /// The operator's end of the output called `name`.
  /// Throws `std::logic_error` if it is used with another event type elsewhere.
  template <class T>
  Output<T>& claim(const std::string& name) {
    Named& named = find_or_make<T>(name);
    named.claimed = true;
    return typed_output<T>(named).output();
  }

  /// The consumer's end of the output called `name`.
  template <class T>
  TaskPort& consume(const std::string& name) {
    return typed_output<T>(find_or_make<T>(name)).port();
  }

  /// The output that takes the dead letters of this policy; nullptr if it makes none.
  Output<DeadLetter>* claim_dead_letters(const BadEventPolicy& policy);

  /// Throws `std::logic_error` if a stream was made from a side output that the operator did not claim while it was
  /// opened.
  void require_all_claimed() const;

  bool empty() const { return outputs_.empty(); }
  bool has_room() const {
    for (const Named& named : outputs_) {
      if (!named.output->has_room()) return false;
    }
    return true;
  }
  bool flush(TaskContext& task);

  /// Puts a marker behind what was emitted. REQUIRES: `may_mark()`.
  void mark(MarkerKind kind, EventTime time);
  void mark_barrier(const Barrier& barrier);
  void mark_latency(const LatencyMark& mark);
  /// True if no range is pending.
  bool may_mark() const;

 private:
  struct Named {
    std::string name;
    std::unique_ptr<SideOutputBase> output;
    bool claimed = false;
  };

  template <class T>
  Named& find_or_make(const std::string& name) {
    if (Named* const named = find(name)) return *named;
    return add(name, std::make_unique<SideOutputOf<T>>(counters_, timed_, *time_));
  }
  Named* find(const std::string& name);
  Named& add(const std::string& name, std::unique_ptr<SideOutputBase> output);
  template <class T>
  static SideOutputOf<T>& typed_output(Named& named) {
    auto* same = dynamic_cast<SideOutputOf<T>*>(named.output.get());
    if (same == nullptr) refuse_second_type(named.name);
    return *same;
  }

  [[noreturn]] static void refuse_second_type(const std::string& name);

  std::shared_ptr<VertexCounters> counters_;
  bool timed_;
  const EventTime* time_;
  std::vector<Named> outputs_;
};

}  // namespace streamwork::typed

// Every vertex may have dead letters: what carries them is compiled once, in the library (src/runtime/dead_letter_output.cpp).
namespace streamwork {
extern template class Output<DeadLetter>;
namespace typed {
extern template void describe_event(const DeadLetter& event, std::string& json);
extern template class Batch<DeadLetter>;
extern template class BatchOutput<DeadLetter>;
extern template class SideOutputOf<DeadLetter>;
}  // namespace typed
}  // namespace streamwork
