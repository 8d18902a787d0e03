// A batch: the events that travel together, as columns (DESIGN 4.2).
//
// Columns: the events; their event times, behind `event_time`; on a grouped edge their 32-bit key hashes; a short list
// of markers, each with the position in the batch before which it stands. The runtime moves `BatchBase` and never sees `T`; typed code casts at the edge of a
// segment. Storage is raw and recycled: clearing destroys the events and keeps the memory.
// Thread rule: one owner at a time; ownership passes through channels.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <streamwork/clock.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/event_text.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// What a marker says. Markers travel in order with the events around them.
enum class MarkerKind : std::uint8_t {
  watermark,  ///< event time has come to `time`: what comes later with an earlier time is late. Ends idleness
  idle,       ///< the producer has nothing for the time being and holds nobody back. If every input says so, event time
              ///< may advance to `time`
  end,        ///< the producer's input has ended: no event follows on this channel
  barrier,    ///< cuts the stream for a checkpoint: what came before belongs to it. Always the last thing in its batch
  latency,    ///< a source has sent it, and a sink takes it out: so long did what stands beside it need
};

/// The cut of one checkpoint through the stream.
struct Barrier {
  std::uint64_t checkpoint = 0;
  bool last = false;  ///< no event follows it: the job is suspended, or has ended
  friend bool operator==(const Barrier&, const Barrier&) = default;
};

/// Where and when a latency marker was sent.
struct LatencyMark {
  std::uint32_t source = 0;  ///< the number of its vertex
  SteadyTime sent{};
};

/// The event time before the first watermark, and the one behind the last event of all.
inline constexpr EventTime beginning_of_time = EventTime::min();
inline constexpr EventTime end_of_time = EventTime::max();

struct Marker {
  std::uint32_t position;  ///< number of events of the batch that stand before the marker
  MarkerKind kind;
  EventTime time = beginning_of_time;
  Barrier barrier{};
  LatencyMark latency{};
};

/// Which columns a batch has beside its events.
struct BatchColumns {
  bool hashes = false;
  bool times = false;
};

/// Bytes of events in one batch, from the number of channels that share an exchange: min(32 KiB, 4 MiB / channels).
/// 32 KiB stays in a core's first-level cache together with the state it touches; 4 MiB bounds what one exchange holds.
constexpr std::size_t batch_bytes(std::size_t channels) {
  return std::min<std::size_t>(32U << 10U, (4U << 20U) / std::max<std::size_t>(channels, 1));
}

/// Events in one batch: as many as fit, at least 64 (so that per-batch costs stay small), at most 1,024 (so that tiny
/// events do not wait for each other).
constexpr std::uint32_t batch_capacity(std::size_t event_size, std::size_t channels) {
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(batch_bytes(channels) / event_size, 64, 1024));
}

class BatchBase {
 public:
  BatchBase();
  BatchBase(const BatchBase&) = delete;
  BatchBase& operator=(const BatchBase&) = delete;
  virtual ~BatchBase();

  /// Destroys events and markers; the memory stays.
  virtual void clear() = 0;
  /// Appends an event as JSON, for people who look at it; a string that says so, if its type has no such form.
  virtual void describe(std::uint32_t position, std::string& json) const = 0;
  /// Nothing on a stream without event time.
  virtual std::optional<EventTime> time_of(std::uint32_t position) const = 0;

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0 && markers_.empty(); }
  const std::vector<Marker>& markers() const { return markers_; }
  std::vector<Marker>& markers() { return markers_; }
  /// True if the input that brought the batch was idle, and event time has gone on without it further than it has come.
  bool behind() const { return behind_; }
  void set_behind(bool behind) { behind_ = behind; }
  /// Puts a marker behind the last event. Of two watermarks with no event between them the later one is enough.
  void add_marker(MarkerKind kind, EventTime time = beginning_of_time);
  /// Puts a barrier behind everything. REQUIRES: nothing is added before the batch is handed over.
  void add_barrier(const Barrier& barrier);
  /// Puts a latency marker behind the last event.
  void add_latency(const LatencyMark& mark);
  /// The barrier at the end of the batch, or nullptr.
  const Barrier* barrier() const {
    return !markers_.empty() && markers_.back().kind == MarkerKind::barrier ? &markers_.back().barrier : nullptr;
  }

 protected:
  std::uint32_t size_ = 0;
  bool behind_ = false;
  std::vector<Marker> markers_;
};

template <class T>
class Batch final : public BatchBase {
 public:
  /// An empty batch with room for `capacity` events and for the given columns.
  explicit Batch(std::uint32_t capacity, BatchColumns columns = {}) : capacity_(capacity) {
    if (columns.hashes) hashes_ = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
    if (columns.times) times_ = std::make_unique_for_overwrite<EventTime[]>(capacity);
    events_ = allocate(capacity);
  }
  ~Batch() override {
    std::destroy_n(events_, size_);
    release(events_);
  }

  void clear() override {
    std::destroy_n(events_, size_);
    size_ = 0;
    markers_.clear();
  }

  void describe(std::uint32_t position, std::string& json) const override { describe_event(events_[position], json); }
  std::optional<EventTime> time_of(std::uint32_t position) const override {
    return times_ == nullptr ? std::nullopt : std::optional(times_[position]);
  }

  T* events() { return events_; }
  const T* events() const { return events_; }
  /// Key hashes, one per event; nullptr on an edge that is not grouped by key.
  std::uint32_t* hashes() { return hashes_.get(); }
  /// Event times, one per event; nullptr on a stream without event time.
  EventTime* times() { return times_.get(); }
  std::uint32_t capacity() const { return capacity_; }

  /// Constructs an event behind the last one; `time` counts if there is a column for it. REQUIRES: there is room.
  template <class Event>
  void append(Event&& event, EventTime time) {
    if (times_ != nullptr) times_[size_] = time;
    std::construct_at(events_ + size_, std::forward<Event>(event));
    ++size_;
  }
  /// Declares the first `size` places filled. REQUIRES: events were constructed in them.
  void set_size(std::uint32_t size) {
    assert(size <= capacity_);
    size_ = size;
  }

  /// Makes room for `capacity` events; what is there is moved. REQUIRES: not hashed.
  void grow(std::uint32_t capacity) {
    assert(capacity > capacity_ && !hashes_);
    T* larger = allocate(capacity);
    std::uninitialized_move_n(events_, size_, larger);
    std::destroy_n(events_, size_);
    release(events_);
    events_ = larger;
    if (times_ != nullptr) {
      auto more_times = std::make_unique_for_overwrite<EventTime[]>(capacity);
      std::copy_n(times_.get(), size_, more_times.get());
      times_ = std::move(more_times);
    }
    capacity_ = capacity;
  }

 private:
  static T* allocate(std::uint32_t count) {
    return static_cast<T*>(::operator new(sizeof(T) * count, std::align_val_t{std::max<std::size_t>(alignof(T), 64)}));
  }
  static void release(T* events) { ::operator delete(events, std::align_val_t{std::max<std::size_t>(alignof(T), 64)}); }

  T* events_;
  std::unique_ptr<std::uint32_t[]> hashes_;
  std::unique_ptr<EventTime[]> times_;
  std::uint32_t capacity_;
};

}  // namespace streamwork::typed
