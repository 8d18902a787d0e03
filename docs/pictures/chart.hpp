// A chart of event time (to the right) against arrival (downwards), on which watermarks are stairs and late events lie to
// the left of them.
#pragma once

#include <string>
#include <vector>

#include "drawing.hpp"
#include "played.hpp"

namespace pictures {

struct ChartFrame {
  double width = 840;
  double left = 96;
  double top = 66;
  double per_second = 46;  ///< of event time
  double per_row = 34;     ///< of arrival
  double last_time = 15;   ///< at the right end
  double last_row = 11;    ///< when the input ends
};

class Chart {
 public:
  Chart(const ChartFrame& frame, const std::string& title);

  Drawing& drawing() { return drawing_; }
  double x(double time) const { return frame_.left + time * frame_.per_second; }
  double y(double arrival) const { return frame_.top + (arrival - 0.5) * frame_.per_row; }
  Point at(const Event& event) const { return {x(event.time), y(event.arrival)}; }
  double right() const { return x(frame_.last_time); }
  double bottom() const { return y(frame_.last_row) + frame_.per_row * 0.5; }

  /// What lies left of the stairs is shaded.
  void past(const std::vector<Step>& steps);
  void stairs(const std::string& style, const std::vector<Step>& steps);
  /// A disc with the event's name in it; a late one is hollow.
  void event(const Event& event, bool late = false);

 private:
  std::vector<Point> corners(const std::vector<Step>& steps) const;

  ChartFrame frame_;
  Drawing drawing_;
};

}  // namespace pictures
