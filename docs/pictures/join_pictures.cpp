// Joins: which events meet, and when the rows come out.
#include <algorithm>

#include "chart.hpp"
#include "join_run.hpp"
#include "pictures.hpp"

namespace pictures {

using namespace std::chrono_literals;

namespace {

void draw_left(Drawing& drawing, Point at, const std::string& name) {
  drawing.circle("left", at, 10);
  drawing.text("middle light", {at.x, at.y + 4.2}, name);
}
void draw_right(Drawing& drawing, Point at, const std::string& name) {
  drawing.square("right", at, 9.5);
  drawing.text("middle light", {at.x, at.y + 4.2}, name);
}

/// The lesser of both watermarks, once both are there.
std::vector<Step> lesser(const std::vector<Step>& left, const std::vector<Step>& right) {
  std::vector<double> moments;
  for (const Step& step : left) moments.push_back(step.arrival);
  for (const Step& step : right) moments.push_back(step.arrival);
  std::ranges::sort(moments);
  const auto at = [](const std::vector<Step>& steps, double arrival) {
    double reached = 0;
    for (const Step& step : steps) {
      if (step.arrival <= arrival) reached = step.watermark;
    }
    return reached;
  };
  std::vector<Step> both;
  both.reserve(moments.size());
  for (const double moment : moments) both.push_back({moment, std::min(at(left, moment), at(right, moment))});
  return both;
}

}  // namespace

std::string interval_join_picture() {
  const std::vector<Event> left = {{"A", 2, 1}, {"B", 7, 3}, {"C", 9.5, 6}, {"D", 14, 7}};
  const std::vector<Event> right = {{"p", 3.5, 2}, {"q", 4.5, 4}, {"r", 12, 5}, {"s", 15, 8}};
  const JoinRun run =
      run_join(left, right, 1, [](const auto& pairs) { return pairs.interval("pairs", -2s, 3s, sw::JoinType::left); });
  ChartFrame frame;
  frame.last_time = 17;
  frame.per_second = 43;
  frame.per_row = 38;
  frame.last_row = 9;
  Chart chart(frame, "An interval join: left events, how far each reaches, the right events it meets, and a null row");
  Drawing& drawing = chart.drawing();
  chart.past(lesser(run.left_steps, run.right_steps));
  for (const Event& event : left) {
    drawing.rectangle("reach", {chart.x(event.time - 2), chart.y(event.arrival) - 7}, chart.x(5) - chart.x(0), 14, 4);
  }
  drawing.text("small muted", {chart.x(0) + 3, chart.y(1) + 4}, "−2 s");
  drawing.text("small muted end", {chart.x(5) - 3, chart.y(1) + 4}, "+3 s");
  chart.stairs("leftline one", run.left_steps);
  chart.stairs("one", run.right_steps);
  chart.stairs("watermark", lesser(run.left_steps, run.right_steps));
  for (const JoinRow& row : run.rows) {
    if (row.left && row.right) {
      drawing.curve("pair", chart.at(*row.left), chart.at(*row.right));
    } else if (row.left) {
      const double reach = chart.x(row.left->time + 3);
      drawing.line("gone", {{reach, chart.y(row.left->arrival)}, {reach, chart.y(row.arrival)}});
      drawing.text("bad small bold middle", {reach, chart.y(row.arrival) + 17}, row.left->name + ", null");
    }
  }
  for (const Event& event : left) draw_left(drawing, chart.at(event), event.name);
  for (const Event& event : right) draw_right(drawing, chart.at(event), event.name);
  drawing.line("watermark", {{chart.x(5.6), 20}, {chart.x(6.2), 20}});
  drawing.text("mark small", {chart.x(6.35), 24}, "watermark of the join");
  drawing.line("leftline one", {{chart.x(9.8), 20}, {chart.x(10.4), 20}});
  drawing.text("mark small", {chart.x(10.55), 24}, "of its left input");
  drawing.line("one", {{chart.x(13.1), 20}, {chart.x(13.7), 20}});
  drawing.text("mark small", {chart.x(13.85), 24}, "right input");
  return drawing.svg();
}

namespace {

constexpr double kinds_left = 280;
double kinds_x(double time) { return kinds_left + time * 37; }

/// One kind of join: left events above, right ones below, a line for each pair. Returns where the next may begin.
double draw_kind(Drawing& drawing, double top, const std::string& code, const std::string& note, const JoinRun& run) {
  drawing.line("grid", {{14, top - 18}, {846, top - 18}});
  drawing.text("bold", {18, top + 14}, code);
  drawing.text("muted small", {18, top + 33}, note);
  const double upper = top + 8;
  const double lower = top + 60;
  drawing.line("grid", {{kinds_x(0), upper}, {kinds_x(15), upper}});
  drawing.line("grid", {{kinds_x(0), lower}, {kinds_x(15), lower}});
  for (const JoinRow& row : run.rows) {
    if (row.left && row.right) {
      drawing.curve("pair", {kinds_x(row.left->time), upper}, {kinds_x(row.right->time), lower});
    } else if (row.left) {
      drawing.line("gone", {{kinds_x(row.left->time), upper}, {kinds_x(row.left->time), upper + 30}});
      drawing.text("bad small middle", {kinds_x(row.left->time), upper + 43}, "null");
    }
  }
  for (const Event& event : run.left) draw_left(drawing, {kinds_x(event.time), upper}, event.name);
  for (const Event& event : run.right) draw_right(drawing, {kinds_x(event.time), lower}, event.name);
  return top + 106;
}

}  // namespace

std::string join_kinds_picture() {
  const std::vector<Event> left = {{"A", 1, 1}, {"B", 4.5, 3}, {"C", 8, 5}, {"D", 13, 7}};
  const std::vector<Event> right = {{"p", 0.4, 1}, {"q", 3, 2}, {"r", 6, 4}, {"s", 9.6, 6}};
  const auto run = [&](auto make) { return run_join(left, right, 0, make); };
  Drawing drawing(860, 490,
                  "The same events in a windowed join, an interval join, an as-of join and a join with a whole table");
  for (int second = 0; second <= 15; second += 5) {
    drawing.line("grid", {{kinds_x(second), 34}, {kinds_x(second), 480}});
    drawing.text("muted small middle", {kinds_x(second), 24}, std::to_string(second) + " s");
  }
  drawing.text("muted small", {18, 24}, "event time →");
  double y = 66;
  for (int window = 0; window < 3; ++window)
    drawing.rectangle("pane", {kinds_x(5 * window) + 2, y - 10}, 5 * 37 - 4, 90, 4);
  y = draw_kind(drawing, y, "windowed(tumbling(5s))", "all pairs of a window",
                run([](const auto& pairs) { return pairs.windowed("pairs", sw::tumbling(5s), sw::JoinType::left); }));
  y = draw_kind(drawing, y, "interval(-2s, 3s)", "right ones from 2 s before to 3 s after",
                run([](const auto& pairs) { return pairs.interval("pairs", -2s, 3s, sw::JoinType::left); }));
  y = draw_kind(drawing, y, "as_of()", "the right one valid at the left one's time",
                run([](const auto& pairs) { return pairs.as_of("pairs", sw::JoinType::left); }));
  draw_kind(drawing, y, "latest(TableWait::the_whole)", "the last right one of all",
            run([](const auto& pairs) { return pairs.latest("pairs", sw::TableWait::the_whole, sw::JoinType::left); }));
  return drawing.svg();
}

}  // namespace pictures
