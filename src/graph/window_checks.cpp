#include <streamwork/windowed_stream.hpp>

namespace streamwork::typed {

void check_window(JobGraph& graph, const std::string& name, bool needs_event_time, bool timed, Duration lateness) {
  if (needs_event_time && !timed) {
    graph.add_problem("the windows of '" + name +
                      "' go by event time, and its input has none: write .event_time(&Event::time, "
                      "sw::bounded_out_of_order(2s)) in front, or sw::by_wall_clock(…) around the window");
  }
  if (lateness < Duration::zero() || lateness > longest_duration)
    graph.add_problem("the allowed lateness of '" + name + "' must be nothing or more, and at most 36,000 years");
}

void check_triggers(JobGraph& graph, const std::string& name, const Triggers& triggers, bool possible, bool needed,
                    bool wall_clock) {
  if (!possible && !triggers.at_end_only()) {
    graph.add_problem("'" + name +
                      "' has triggers, but count windows fire when they are full only: leave them out, or use another "
                      "window");
  }
  if (needed && triggers.at_end_only()) {
    graph.add_problem("the global window of '" + name +
                      "' has no end: say when it fires, for instance .trigger({.every_events = 100})");
  }
  if (wall_clock && triggers.early_every) {
    graph.add_problem("'" + name +
                      "' goes by the wall clock, and so do its early firings: write early_every_by_wall_clock");
  }
  for (const std::optional<Duration>& every : {triggers.early_every, triggers.early_every_by_wall_clock}) {
    if (every && *every <= Duration::zero())
      graph.add_problem("'" + name + "' fires early every nothing: write a time");
  }
  if (triggers.every_events && *triggers.every_events < 1)
    graph.add_problem("'" + name + "' fires every " + std::to_string(*triggers.every_events) +
                      " events: write 1 or more");
}

}  // namespace streamwork::typed
