#include "chart.hpp"

#include <algorithm>

namespace pictures {

Chart::Chart(const ChartFrame& frame, const std::string& title)
    : frame_(frame), drawing_(frame.width, frame.top + frame.last_row * frame.per_row + 20, title) {
  drawing_.text("muted small", {frame.left, 24}, "event time: when it happened →");
  drawing_.text("muted small", {14, frame.top - 10}, "arrival ↓");
  for (int second = 0; second <= static_cast<int>(frame.last_time); ++second) {
    drawing_.line("grid", {{x(second), frame.top - 6}, {x(second), bottom()}});
    if (second % 5 == 0 || frame.per_second > 60)
      drawing_.text("muted small middle", {x(second), frame.top - 14}, std::to_string(second) + " s");
  }
  drawing_.line("axis", {{frame.left, frame.top - 6}, {right(), frame.top - 6}});
  for (int row = 1; row < static_cast<int>(frame.last_row); ++row)
    drawing_.text("muted small end", {frame.left - 14, y(row) + 4}, "second " + std::to_string(row));
  drawing_.text("muted small end", {frame.left - 14, y(frame.last_row) + 4}, "end of input");
}

std::vector<Point> Chart::corners(const std::vector<Step>& steps) const {
  std::vector<Point> points;
  double reached = std::max(0.0, steps.front().watermark);
  for (const Step& step : steps) {
    points.push_back({x(reached), y(step.arrival)});
    reached = std::max(reached, step.watermark);
    points.push_back({x(reached), y(step.arrival)});
  }
  points.push_back({x(reached), y(frame_.last_row)});
  points.push_back({right(), y(frame_.last_row)});
  return points;
}

void Chart::past(const std::vector<Step>& steps) {
  std::vector<Point> points = corners(steps);
  points.push_back({right(), bottom()});
  points.push_back({x(0), bottom()});
  points.push_back({x(0), points.front().y});
  drawing_.area("past", points);
}

void Chart::stairs(const std::string& style, const std::vector<Step>& steps) { drawing_.line(style, corners(steps)); }

void Chart::event(const Event& event, bool late) {
  drawing_.circle(late ? "late" : "event", at(event), 10);
  drawing_.text(late ? "middle bold bad small" : "middle light", {at(event).x, at(event).y + 4.2}, event.name);
}

}  // namespace pictures
