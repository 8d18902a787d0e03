// The end of a segment that distributes events over the instances behind an exchange: the grouping chooses a lane, the
// event is moved into that lane's batch, all in the fused loop.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/segment.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class T, class Grouping>
class ExchangeOutput final : public ExchangePort {
 public:
  ExchangeOutput(Grouping grouping, VertexInstance origin)
      : grouping_(std::move(grouping)), origin_(std::move(origin)) {}
  ~ExchangeOutput() override {
    for (Lane& lane : lanes_) lane.close_batch();  // so that the channel destroys what was not handed over
  }

  void add_lane(BatchLane& lane, BatchBase& first_batch) override { lanes_.emplace_back(lane, first_batch); }

  /// A writer for a fused loop.
  class Writer {
   public:
    explicit Writer(ExchangeOutput& target) : target_(&target) {}
    template <class Event>
    bool push(Event&& event) {
      return target_->append(std::forward<Event>(event));
    }

   private:
    ExchangeOutput* target_;
  };

  void open(TaskContext&) {}
  Writer begin() { return Writer(*this); }
  void end(const Writer&) {}

  /// Hands over every full batch. False: a channel is full.
  bool make_room(TaskContext&) {
    for (Lane& lane : lanes_) {
      if (lane.full() && !lane.hand_over()) return false;
    }
    return true;
  }
  /// At the end of an input batch: consumers that have nothing to do get what there is.
  bool flush(TaskContext&) {
    for (Lane& lane : lanes_) {
      if (!lane.empty() && (lane.full() || lane.consumer_waits()) && !lane.hand_over()) return false;
    }
    return true;
  }
  /// Before the task waits: everybody gets what there is.
  bool settle(TaskContext&) {
    for (Lane& lane : lanes_) {
      if (!lane.empty() && !lane.hand_over()) return false;
    }
    return true;
  }
  bool finish(TaskContext& task) {
    for (; ended_ < lanes_.size(); ++ended_) {
      if (!settle(task)) return false;
      lanes_[ended_].add_end();
    }
    return settle(task);
  }
  void close() {}

 private:
  class Lane {
   public:
    Lane(BatchLane& lane, BatchBase& first_batch) : lane_(&lane), batch_(&first_batch) { open_batch(); }

    bool full() const { return next_ == end_; }
    bool empty() const { return next_ == typed_batch().events() && batch_->empty(); }
    bool consumer_waits() const { return lane_->consumer_waits(); }

    template <class Event>
    void append(Event&& event) {
      std::construct_at(next_, std::forward<Event>(event));
      ++next_;
    }
    template <class Event>
    void append(Event&& event, std::uint32_t hash) {
      append(std::forward<Event>(event));
      *next_hash_++ = hash;
    }
    bool hand_over() {
      close_batch();
      if (!lane_->hand_over(batch_)) return false;
      open_batch();
      return true;
    }
    void add_end() {
      close_batch();
      batch_->add_marker(MarkerKind::end);
    }
    void close_batch() {
      Batch<T>& batch = typed_batch();
      batch.set_size(static_cast<std::uint32_t>(next_ - batch.events()));
    }

   private:
    Batch<T>& typed_batch() { return static_cast<Batch<T>&>(*batch_); }
    const Batch<T>& typed_batch() const { return static_cast<const Batch<T>&>(*batch_); }
    void open_batch() {
      Batch<T>& batch = typed_batch();
      next_ = batch.events() + batch.size();
      end_ = batch.events() + batch.capacity();
      next_hash_ = batch.hashes() == nullptr ? nullptr : batch.hashes() + batch.size();
    }

    T* next_ = nullptr;
    T* end_ = nullptr;
    std::uint32_t* next_hash_ = nullptr;
    BatchLane* lane_;
    BatchBase* batch_;
  };

  template <class Event>
  bool append(Event&& event) {
    if constexpr (Grouping::to_all) {
      bool room = true;
      for (Lane& lane : lanes_) {
        lane.append(std::as_const(event));
        room = room && !lane.full();
      }
      return room;
    } else if constexpr (Grouping::hashed) {
      const std::uint32_t hash = guarded([&] { return grouping_.hash(std::as_const(event)); });
      Lane& lane = lanes_[lanes_.size() == 1 ? 0 : grouping_.lane(hash, lanes_.size())];
      lane.append(std::forward<Event>(event), hash);
      return !lane.full();
    } else {
      Lane& lane = lanes_[guarded([&] { return grouping_.lane(std::as_const(event), lanes_.size()); })];
      lane.append(std::forward<Event>(event));
      return !lane.full();
    }
  }

  /// Runs the user's part of the grouping; what it throws names the vertex in front of it.
  template <class Choose>
  auto guarded(Choose&& choose) {
    try {
      return choose();
    } catch (...) {
      rethrow_for(origin_);
    }
  }

  Grouping grouping_;
  VertexInstance origin_;
  std::vector<Lane> lanes_;
  std::size_t ended_ = 0;
};

}  // namespace streamwork::typed
