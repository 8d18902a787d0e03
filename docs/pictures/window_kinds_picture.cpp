// The same events in windows of every kind.
#include <algorithm>

#include "drawing.hpp"
#include "pictures.hpp"
#include "window_run.hpp"

namespace pictures {

using namespace std::chrono_literals;

namespace {

const std::vector<Event> events = {{"A", 0.6, 1}, {"B", 1.5, 2},  {"C", 4.3, 3},  {"D", 5.6, 4},
                                   {"E", 6.6, 5}, {"F", 10.5, 6}, {"G", 11.3, 7}, {"H", 13.8, 8}};

constexpr double left = 280;
constexpr double per_second = 26;
constexpr double bar = 22;
double x(double time) { return left + (time + 3) * per_second; }

/// Draws the windows from `top` on, those that overlap below each other. Returns where the next kind may begin.
double draw_kind(Drawing& drawing, double top, const std::string& code, const std::string& note, const WindowRun& run) {
  std::vector<double> lane_ends;
  drawing.line("grid", {{14, top - 10}, {846, top - 10}});
  drawing.text("bold", {18, top + 15}, code);
  drawing.text("muted small", {18, top + 31}, note);
  for (const Firing& firing : run.firings) {
    std::size_t lane = 0;
    while (lane < lane_ends.size() && lane_ends[lane] > firing.start) ++lane;
    if (lane == lane_ends.size()) lane_ends.push_back(0);
    lane_ends[lane] = firing.end;
    const double y = top + static_cast<double>(lane) * (bar + 4);
    const double end = std::max(firing.end, firing.start + 0.1);
    drawing.rectangle("pane", {x(firing.start) + 1, y}, (end - firing.start) * per_second - 2, bar, 4);
    std::string names;
    for (const Event& event : firing.events) names += (names.empty() ? "" : " ") + event.name;
    drawing.text("result middle small bold", {x((firing.start + end) / 2), y + 15.5}, names);
  }
  return top + std::max(2.0, static_cast<double>(lane_ends.size())) * (bar + 4) + 16;
}

}  // namespace

std::string window_kinds_picture() {
  Drawing drawing(860, 446, "Eight events in tumbling, sliding, cumulative, session and count windows");
  for (int second = 0; second <= 18; ++second) {
    drawing.line("grid", {{x(second), 46}, {x(second), 436}});
    if (second % 5 == 0) drawing.text("muted small middle", {x(second), 24}, std::to_string(second) + " s");
  }
  drawing.text("muted small", {18, 24}, "event time →");
  drawing.line("axis", {{x(-3), 46}, {x(18), 46}});
  for (const Event& event : events) {
    drawing.circle("event", {x(event.time), 46}, 10);
    drawing.text("middle light", {x(event.time), 50.2}, event.name);
  }
  double y = 82;
  y = draw_kind(drawing, y, "tumbling(5s)", "one after the other", run_windows(events, sw::tumbling(5s), {}));
  y = draw_kind(drawing, y, "sliding(6s, 3s)", "6 s long, a new one every 3 s",
                run_windows(events, sw::sliding(6s, 3s), {}));
  y = draw_kind(drawing, y, "cumulative(15s, 5s)", "grows by 5 s up to 15 s, begins anew",
                run_windows(events, sw::cumulative(15s, 5s), {}));
  y = draw_kind(drawing, y, "session(2s)", "as long as events are at most 2 s apart",
                run_windows(events, sw::session(2s), {}));
  draw_kind(drawing, y, "count_windows(3)", "every 3 events; the rest at the end of input",
            run_windows(events, sw::count_windows(3), {}));
  return drawing.svg();
}

}  // namespace pictures
