// The last events that a vertex instance could not use: they came too late, or were bad.
//
// Ten of each kind are kept, and ten more are gathered whenever somebody has looked, so that a flood of refused events does
// not become a flood of JSON. Nothing is done before the first one.
// Thread rule: added by the one task that runs the instance, read by anyone.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <streamwork/clock.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/event_text.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

enum class RefusalKind : std::uint8_t { late, bad };

struct RefusedSample {
  RefusalKind kind = RefusalKind::late;
  std::string event{};                    ///< JSON
  std::optional<EventTime> event_time{};  ///< nothing on a stream without event time
  std::optional<EventTime> watermark{};   ///< of its input, when it came; nothing before the first
  std::string reason{};
  ProcessingTime refused{};  ///< when
};

class RefusedSamples {
 public:
  /// Of each kind.
  static constexpr std::uint32_t most = 10;
  /// Longer events are cut off, and kept as a string.
  static constexpr std::size_t most_event_bytes = 2048;

  RefusedSamples();
  RefusedSamples(const RefusedSamples&) = delete;
  RefusedSamples& operator=(const RefusedSamples&) = delete;
  ~RefusedSamples();

  /// What tells when an event was refused; the machine's clock unless it is set before the first.
  void set_clock(const Clock& clock) { clock_ = &clock; }

  /// Keeps the event, unless ten of the kind have been kept since somebody looked. `time`, `watermark`: `beginning_of_time`
  /// for none.
  template <class Event>
  void add(RefusalKind kind, const Event& event, EventTime time, EventTime watermark, const char* reason) {
    std::atomic<std::uint32_t>& wanted = wanted_[static_cast<std::size_t>(kind)];
    const std::uint32_t left = wanted.load(std::memory_order_relaxed);
    if (left == 0) return;
    wanted.store(left - 1, std::memory_order_relaxed);
    try {
      std::string json;
      describe_event(event, json);
      keep({kind, std::move(json), known(time), known(watermark), reason});
    } catch (const std::exception&) {
      // No memory for a picture is no reason to stop a job.
    }
  }

  /// The last ten of each kind, oldest first. From now on ten more are kept.
  std::vector<RefusedSample> look();

 private:
  struct Kept;
  static std::optional<EventTime> known(EventTime time) {
    return time == beginning_of_time ? std::nullopt : std::optional(time);
  }
  void keep(RefusedSample sample);

  std::array<std::atomic<std::uint32_t>, 2> wanted_{most, most};
  const Clock* clock_ = &SystemClock::instance();
  std::unique_ptr<Kept> kept_;
};

}  // namespace streamwork::typed
