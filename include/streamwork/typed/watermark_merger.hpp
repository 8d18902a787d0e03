// Merges the event-time progress of several inputs into one: the least watermark of those that are not idle.
//
// Never goes back. An input that resumes joins the minimum at once; if it is behind, what was merged stays where it is
// until the input has caught up. An input that has ended holds nobody back. When every input is idle, event time holds,
// or follows what the idle inputs offer (their wall clocks, if the job asked for that).
// Thread rule: one task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/typed/batch.hpp>
#include <vector>

namespace streamwork::typed {

class WatermarkMerger {
 public:
  /// What an update changed for those behind.
  enum class Change : std::uint8_t { nothing, watermark, idle };

  explicit WatermarkMerger(std::size_t inputs = 0);

  /// One more input, which has told nothing yet.
  std::size_t add_input();
  /// An input that has ended begins anew.
  void reopen(std::size_t input);

  /// What a marker from `input` changes. `idle`: every open input is; `watermark()` tells up to where, in any case.
  Change update(std::size_t input, MarkerKind kind, EventTime time);

  /// The merged watermark; `beginning_of_time` before there is one, `end_of_time` when every input has ended.
  EventTime watermark() const { return merged_; }
  bool idle() const { return idle_; }
  /// The watermark of one input.
  EventTime watermark(std::size_t input) const { return inputs_[input].watermark; }
  /// True if an input that was idle has resumed behind the merged watermark and not caught up since: its events may be
  /// late through no fault of their own.
  bool behind(std::size_t input) const { return inputs_[input].watermark < merged_; }
  /// The input that holds the merged watermark back, or -1 if none does.
  int holder() const { return holder_; }

 private:
  enum class Life : std::uint8_t { active, idle, ended };
  struct Input {
    EventTime watermark = beginning_of_time;
    EventTime offer = beginning_of_time;  ///< while idle: up to where event time may go if all are
    Life life = Life::active;
  };

  Change recompute();
  Change advance_to(EventTime time);

  std::vector<Input> inputs_;
  std::size_t open_;  ///< inputs that have not ended
  EventTime merged_ = beginning_of_time;
  bool idle_ = false;
  int holder_ = -1;
};

}  // namespace streamwork::typed
