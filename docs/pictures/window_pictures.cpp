// Panes under a watermark: when windows open, fire, change and close.
#include <algorithm>

#include "chart.hpp"
#include "pictures.hpp"
#include "window_run.hpp"

namespace pictures {

using namespace std::chrono_literals;

namespace {

std::string names_of(const std::vector<Event>& events) {
  std::vector<std::string> names;
  for (const Event& event : events) names.push_back(event.name);
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

double first_arrival(const std::vector<Event>& events) {
  return std::ranges::min_element(events, {}, &Event::arrival)->arrival;
}

/// When the watermark came to `time`.
double reached(const WindowRun& run, double time) {
  const auto step = std::ranges::find_if(run.steps, [&](const Step& one) { return one.watermark >= time; });
  return step == run.steps.end() ? run.end : step->arrival;
}

void legend(Chart& chart, const std::string& rule) {
  const double y = 20;
  chart.drawing().line("watermark", {{chart.right() - 330, y}, {chart.right() - 302, y}});
  chart.drawing().text("mark small", {chart.right() - 294, y + 4}, rule);
}

/// A firing: a line across the pane, and below it what came out.
void draw_firing(Chart& chart, const Firing& firing, const std::string& words) {
  const double y = chart.y(firing.arrival);
  chart.drawing().line("fire", {{chart.x(firing.start) + 2, y}, {chart.x(firing.end) - 2, y}});
  chart.drawing().text("result bold small", {chart.x(firing.start) + 8, y + 16}, words);
}

void draw_events(Chart& chart, const WindowRun& run) {
  for (const Event& event : run.events) {
    const bool late = std::ranges::find(run.late, event.name, &Event::name) != run.late.end();
    chart.event(event, late);
    if (late) chart.drawing().text("bad small bold", {chart.at(event).x + 16, chart.at(event).y + 4}, "late");
  }
}

void draw_pane(Chart& chart, const Firing& firing) {
  const double top = chart.y(first_arrival(firing.events)) - 15;
  chart.drawing().rectangle("pane", {chart.x(firing.start) + 2, top}, chart.x(firing.end) - chart.x(firing.start) - 4,
                            chart.y(firing.arrival) - top, 4);
}

const std::vector<Event> ten_events = {{"A", 1, 1}, {"B", 3, 2}, {"C", 6.2, 3},  {"D", 4, 4},  {"E", 7.5, 5},
                                       {"F", 2, 6}, {"G", 9, 7}, {"H", 12.6, 8}, {"I", 11, 9}, {"J", 14, 10}};

}  // namespace

std::string watermark_picture() {
  const WindowRun run = run_windows(ten_events, sw::tumbling(5s), {.out_of_order = 2});
  Chart chart({}, "Ten events, the watermark two seconds behind the latest of them, and three windows of five seconds");
  chart.past(run.steps);
  for (const Firing& firing : run.firings) {
    draw_pane(chart, firing);
    draw_firing(chart, firing, "fires: " + names_of(firing.events));
  }
  chart.stairs("watermark", run.steps);
  draw_events(chart, run);
  legend(chart, "watermark: greatest time seen − 2 s");
  return chart.drawing().svg();
}

std::string lateness_picture() {
  std::vector<Event> events = ten_events;
  events[5] = {"F", 3.6, 6};
  events[9] = {"J", 3.4, 10};
  const WindowRun run = run_windows(events, sw::tumbling(5s), {.out_of_order = 2, .lateness = 3});
  Chart chart({}, "The same windows with an allowed lateness of three seconds: one fires again, one event is too late");
  chart.past(run.steps);
  for (const Firing& firing : run.firings) {
    if (firing.update) continue;
    draw_pane(chart, firing);
    const double open_until = chart.y(reached(run, firing.end + run.lateness));
    chart.drawing().rectangle("waiting", {chart.x(firing.start) + 2, chart.y(firing.arrival)},
                              chart.x(firing.end) - chart.x(firing.start) - 4, open_until - chart.y(firing.arrival), 4);
  }
  for (const Firing& firing : run.firings)
    draw_firing(chart, firing, (firing.update ? "update: " : "fires: ") + names_of(firing.events));
  chart.stairs("watermark", run.steps);
  draw_events(chart, run);
  legend(chart, "watermark: greatest time seen − 2 s");
  return chart.drawing().svg();
}

std::string merging_sessions_picture() {
  const std::vector<Event> events = {{"A", 1, 1},    {"B", 2.2, 2}, {"C", 7.2, 3}, {"D", 8.5, 4},
                                     {"E", 13.6, 5}, {"F", 4.7, 6}, {"G", 14.4, 7}};
  const WindowRun run = run_windows(events, sw::session(3s), {.out_of_order = 2, .lateness = 10});
  ChartFrame frame;
  frame.last_time = 18;
  frame.per_second = 41;
  frame.per_row = 40;
  frame.last_row = 8;
  Chart chart(frame, "Two sessions with a gap of three seconds that a late event joins into one");
  chart.past(run.steps);
  for (const Firing& firing : run.firings) {
    if (firing.retract) continue;
    const double top = firing.update ? chart.y(firing.arrival) - 15 : chart.y(first_arrival(firing.events)) - 15;
    chart.drawing().rectangle("pane", {chart.x(firing.start), top}, chart.x(firing.end) - chart.x(firing.start),
                              chart.y(firing.arrival) - top, 4);
    draw_firing(chart, firing, (firing.update ? "update: " : "fires: ") + names_of(firing.events));
  }
  for (const Firing& firing : run.firings) {
    if (!firing.retract) continue;
    const auto taken_back = std::ranges::find_if(
        run.firings, [&](const Firing& other) { return other.start == firing.start && other.end == firing.end; });
    chart.drawing().text("bad small", {chart.x(firing.start) + 76, chart.y(taken_back->arrival) + 16}, "then: retract");
  }
  chart.stairs("watermark", run.steps);
  draw_events(chart, run);
  legend(chart, "watermark: greatest time seen − 2 s");
  return chart.drawing().svg();
}

}  // namespace pictures
