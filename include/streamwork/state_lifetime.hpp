// How long keyed state lives: for ever, or a time-to-live.
//
//   class Once {                                        // lets each number through once an hour
//    public:
//     void open(sw::OperatorContext& context) {
//       seen_ = context.map_state<std::int64_t, bool>("seen", {.time_to_live = 1h});
//     }
//     ...
//     sw::MapState<std::int64_t, bool, sw::Expiring> seen_;
//
// What was not written for that long reads as never written: a value, a reduced or aggregated state as a whole; of a list or map
// each element for itself. Its memory is given back in small steps while the task works or waits, and so is that of a key none of
// whose states has anything left, if it has no timers and every state of the operator expires. When something was
// written is part of checkpoints. Time goes on while a job is down.
//
// By processing time (the default) the wall clock decides. By event time it is the time of the event or timer at hand, or
// the watermark if that has come further: then what expires does not depend on how fast the job runs. What was found expired
// stays so, also for an event that comes later with an earlier time.
// A state that expires is stored with the times of writing: giving one a time-to-live later, or taking it away, makes it a
// state of another type, which is refused at a restore; call it by a new name then. The paths of migrations have "value" in
// them where the written value stands: "value.limit", "[].value", "{}.value".
// Thread rule: plain values.
#pragma once

#include <streamwork/time.hpp>

namespace streamwork {

struct StateLifetime {
  enum class By : std::uint8_t { processing_time, event_time };

  /// From the last write on. More than nothing, at most 36,000 years.
  Duration time_to_live;
  By by = By::processing_time;
  /// True if reading counts as writing.
  bool reads_renew = false;
};

/// Kinds of state, as the last argument of a handle's type: `ListState<T>` is short for `ListState<T, Forever>`.
struct Forever;
struct Expiring;

}  // namespace streamwork
