// The end of a segment that distributes events over the instances behind an exchange: the grouping chooses a lane, the
// event is moved into that lane's batch, all in the fused loop.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/segment.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class T, class Grouping>
class ExchangeOutput final : public ExchangePort {
  /// True if nobody need be asked when there is only one lane.
  static constexpr bool one_lane_will_do = Grouping::hashed || std::same_as<Grouping, SingleLaneGrouping>;

  /// True if a key can be read from an event's place and there is one lane: hashes are made of many events in a row then, which
  /// takes less time than one by one between other work.
  static constexpr bool hashes_afterwards = [] {
    if constexpr (Grouping::hashed) return Grouping::template reads_memory<T>;
    return false;
  }();

  class Lane;

  /// Where the next event of a lane goes.
  struct Room {
    T* next = nullptr;
    T* end = nullptr;
    std::uint32_t* next_hash = nullptr;
    EventTime* next_time = nullptr;

    bool full() const { return next == end; }
    template <class Event>
    void append(Event&& event, EventTime time) {
      if (next_time != nullptr) *next_time++ = time;
      std::construct_at(next, std::forward<Event>(event));
      ++next;
    }
    template <class Event>
    void append(Event&& event, EventTime time, std::uint32_t hash) {
      append(std::forward<Event>(event), time);
      *next_hash++ = hash;
    }
  };

 public:
  ExchangeOutput(Grouping grouping, VertexInstance origin)
      : grouping_(std::move(grouping)), origin_(std::move(origin)) {}
  ~ExchangeOutput() override {
    for (Lane& lane : lanes_) lane.close_batch();  // so that the channel destroys what was not handed over
  }

  void add_lane(BatchLane& lane, BatchBase& first_batch) override { lanes_.emplace_back(lane, first_batch); }

  /// A writer for a fused loop: with one lane, the places of the next event and hash are in registers.
  class Writer {
   public:
    explicit Writer(ExchangeOutput& target)
        : target_(&target), lanes_(target.lanes_.data()), lane_count_(target.lanes_.size()) {
      if (single()) room_ = lanes_->room;
      begin_ = room_.next;
    }
    template <class Event>
    bool push(Event&& event) {
      if (single()) return target_->append_to(room_, std::forward<Event>(event), time);
      return target_->append_to(std::span(lanes_, lane_count_), std::forward<Event>(event), time);
    }
    [[gnu::always_inline]] void mark(MarkerKind kind, EventTime at) {
      if (single()) lanes_->room = room_;
      target_->mark(kind, at);
    }

    EventTime time = beginning_of_time;  ///< of the event at hand

   private:
    friend ExchangeOutput;
    bool single() const { return one_lane_will_do && lane_count_ == 1; }

    ExchangeOutput* target_;
    Lane* lanes_;
    std::size_t lane_count_;
    Room room_{};
    T* begin_;  ///< where the first event of this writer went
  };

  void open(TaskContext&) {}
  Writer begin() { return Writer(*this); }
  void end(const Writer& writer) {
    if (!writer.single()) return;
    Room room = writer.room_;
    if constexpr (hashes_afterwards) {
      for (const T* event = writer.begin_; event != room.next; ++event)
        *room.next_hash++ = grouping_.hash_of_written(*event);
    }
    lanes_.front().room = room;
  }
  /// Notes a marker; one of several lanes gets it before its next event, or when it is flushed: few lanes have an event
  /// between two watermarks, and those of many would cost more than the events.
  void mark(MarkerKind kind, EventTime time) {
    ++marks_;
    idle_ = kind == MarkerKind::idle;
    (idle_ ? offer_ : watermark_) = time;
    if (lanes_.size() == 1) give_marks(lanes_.front());
  }

  /// Puts a barrier on every lane, behind the markers that were noted.
  void mark_barrier(const Barrier& barrier) {
    for (Lane& lane : lanes_) {
      catch_up(lane);
      lane.add_barrier(barrier);
    }
  }

  /// Sends a latency marker down one lane, the next in turn: as many arrive as were sent, however many lanes there are.
  void mark_latency(const LatencyMark& mark) {
    lanes_[latency_turn_].add_latency(mark);
    latency_turn_ = latency_turn_ + 1 == lanes_.size() ? 0 : latency_turn_ + 1;
  }

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
      catch_up(lane);
      if (!lane.empty() && (lane.full() || lane.consumer_waits()) && !lane.hand_over()) return false;
    }
    return true;
  }
  /// Before the task waits: everybody gets what there is.
  bool settle(TaskContext&) {
    for (Lane& lane : lanes_) {
      catch_up(lane);
      if (!lane.empty() && !lane.hand_over()) return false;
    }
    return true;
  }
  bool finish(TaskContext& task) {
    for (; ended_ < lanes_.size(); ++ended_) {
      if (!settle(task)) return false;
      lanes_[ended_].add_marker(MarkerKind::end, end_of_time);
    }
    return settle(task);
  }
  void close() {}

 private:
  class Lane {
   public:
    Lane(BatchLane& lane, BatchBase& first_batch) : lane_(&lane), batch_(&first_batch) { open_batch(); }

    bool full() const { return room.full(); }
    bool empty() const { return room.next == typed_batch().events() && batch_->empty(); }
    bool consumer_waits() const { return lane_->consumer_waits(); }

    bool hand_over() {
      close_batch();
      if (!lane_->hand_over(batch_)) return false;
      open_batch();
      return true;
    }
    void add_marker(MarkerKind kind, EventTime time) {
      close_batch();
      batch_->add_marker(kind, time);
    }
    void add_barrier(const Barrier& barrier) {
      close_batch();
      batch_->add_barrier(barrier);
    }
    void add_latency(const LatencyMark& mark) {
      close_batch();
      batch_->add_latency(mark);
    }
    void close_batch() {
      Batch<T>& batch = typed_batch();
      batch.set_size(static_cast<std::uint32_t>(room.next - batch.events()));
    }

    Room room;
    // How far the lane has come with the markers.
    std::uint64_t marks = 0;
    EventTime watermark = beginning_of_time;
    bool idle = false;

   private:
    Batch<T>& typed_batch() { return static_cast<Batch<T>&>(*batch_); }
    const Batch<T>& typed_batch() const { return static_cast<const Batch<T>&>(*batch_); }
    void open_batch() {
      Batch<T>& batch = typed_batch();
      room = {batch.events() + batch.size(), batch.events() + batch.capacity(),
              batch.hashes() == nullptr ? nullptr : batch.hashes() + batch.size(),
              batch.times() == nullptr ? nullptr : batch.times() + batch.size()};
    }

    BatchLane* lane_;
    BatchBase* batch_;
  };

  template <class Event>
  bool append_to(std::span<Lane> lanes, Event&& event, EventTime time) {
    if constexpr (Grouping::to_all) {
      bool space = true;
      for (Lane& lane : lanes) {
        catch_up(lane);
        lane.room.append(std::as_const(event), time);
        space = space && !lane.full();
      }
      return space;
    } else if constexpr (Grouping::hashed) {
      const std::uint32_t hash = guarded([&] { return grouping_.hash(std::as_const(event)); });
      Lane& lane = lanes[grouping_.lane(hash, lanes.size())];
      catch_up(lane);
      lane.room.append(std::forward<Event>(event), time, hash);
      return !lane.full();
    } else {
      Lane& lane = lanes[guarded([&] { return grouping_.lane(std::as_const(event), lanes.size()); })];
      catch_up(lane);
      lane.room.append(std::forward<Event>(event), time);
      return !lane.full();
    }
  }

  /// Appends where there is no choice.
  template <class Event>
  bool append_to(Room& room, Event&& event, EventTime time) {
    if constexpr (!Grouping::hashed) {
      room.append(std::forward<Event>(event), time);
    } else if constexpr (hashes_afterwards) {
      room.append(std::forward<Event>(event), time);
    } else {
      const std::uint32_t hash = guarded([&] { return grouping_.hash(std::as_const(event)); });
      room.append(std::forward<Event>(event), time, hash);
    }
    return !room.full();
  }

  /// Gives a lane the markers that came since its last event.
  void catch_up(Lane& lane) {
    if (lane.marks != marks_) [[unlikely]]
      give_marks(lane);
  }
  void give_marks(Lane& lane) {
    lane.marks = marks_;
    if (watermark_ > lane.watermark || (lane.idle && !idle_)) {
      lane.add_marker(MarkerKind::watermark, watermark_);
      lane.watermark = watermark_;
    }
    lane.idle = idle_;
    if (idle_) lane.add_marker(MarkerKind::idle, offer_);
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
  std::size_t latency_turn_ = 0;
  // The markers so far: their number, and what they add up to.
  std::uint64_t marks_ = 0;
  EventTime watermark_ = beginning_of_time;
  EventTime offer_ = beginning_of_time;
  bool idle_ = false;
};

}  // namespace streamwork::typed
