#include "drawing.hpp"

#include <cmath>
#include <cstdio>

namespace pictures {

namespace {

const char* const styles = R"(
text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#24292f}
.middle{text-anchor:middle}.end{text-anchor:end}.small{font-size:11.5px}.bold{font-weight:600}
.muted{fill:#656d76}.bad{fill:#cf222e}.mark{fill:#6639ba}.light{fill:#fff;font-weight:600;font-size:12px}
.paper{fill:#fdfdfc;stroke:#d0d7de}.grid{stroke:#e4e8ec;fill:none}.axis{stroke:#8c959f;fill:none}
.past{fill:#6639ba;fill-opacity:.06}.watermark{stroke:#6639ba;stroke-width:2.2;fill:none}
.one{stroke:#6639ba;stroke-width:1.2;stroke-dasharray:3 3;fill:none}
.pane{fill:#1a7f64;fill-opacity:.13;stroke:#1a7f64;stroke-opacity:.75}
.waiting{fill:#1a7f64;fill-opacity:.04;stroke:#1a7f64;stroke-opacity:.7;stroke-dasharray:4 3}
.gone{fill:none;stroke:#cf222e;stroke-opacity:.8;stroke-dasharray:4 3}
.fire{stroke:#1a7f64;stroke-width:3.2;fill:none}.result{fill:#116149}
.event{fill:#24292f}.late{fill:#fdfdfc;stroke:#cf222e;stroke-width:2}
.left{fill:#0969da}.right{fill:#bc4c00}.leftline{stroke:#0969da;fill:none}.reach{fill:#0969da;fill-opacity:.1}
.pair{stroke:#57606a;stroke-width:1.5;fill:none}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.muted{fill:#9198a1}.bad{fill:#ff7b72}.mark{fill:#bc9cff}.light{fill:#0d1117}
.paper{fill:#161b22;stroke:#30363d}.grid{stroke:#262c34}.axis{stroke:#6e7681}
.past{fill:#bc9cff;fill-opacity:.09}.watermark,.one{stroke:#bc9cff}
.pane{fill:#3fb68f;fill-opacity:.17;stroke:#3fb68f}.waiting{fill:#3fb68f;fill-opacity:.05;stroke:#3fb68f}
.gone{stroke:#ff7b72}.fire{stroke:#3fb68f}.result{fill:#6fdcb5}
.event{fill:#e6edf3}.late{fill:#161b22;stroke:#ff7b72}
.left{fill:#58a6ff}.right{fill:#f0883e}.leftline{stroke:#58a6ff}.reach{fill:#58a6ff}.pair{stroke:#9198a1}}
)";

std::string escaped(const std::string& words) {
  std::string text;
  for (const char letter : words) {
    if (letter == '<') {
      text += "&lt;";
    } else if (letter == '&') {
      text += "&amp;";
    } else {
      text += letter;
    }
  }
  return text;
}

std::string list_of(const std::vector<Point>& points) {
  std::string text;
  for (const Point& point : points) text += (text.empty() ? "" : " ") + number(point.x) + "," + number(point.y);
  return text;
}

}  // namespace

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", std::round(value * 100) / 100 + 0.0);
  std::string digits = text;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

Drawing::Drawing(double width, double height, std::string title)
    : width_(width), height_(height), title_(std::move(title)) {
  rectangle("paper", {0.5, 0.5}, width - 1, height - 1, 8);
}

void Drawing::rectangle(const std::string& style, Point corner, double width, double height, double rounding) {
  body_ += "<rect class=\"" + style + "\" x=\"" + number(corner.x) + "\" y=\"" + number(corner.y) + "\" width=\"" +
           number(width) + "\" height=\"" + number(height) + "\"" +
           (rounding > 0 ? " rx=\"" + number(rounding) + "\"" : std::string()) + "/>\n";
}

void Drawing::line(const std::string& style, const std::vector<Point>& points) {
  body_ += "<polyline class=\"" + style + "\" points=\"" + list_of(points) + "\"/>\n";
}

void Drawing::area(const std::string& style, const std::vector<Point>& points) {
  body_ += "<polygon class=\"" + style + "\" points=\"" + list_of(points) + "\"/>\n";
}

void Drawing::circle(const std::string& style, Point center, double radius) {
  body_ += "<circle class=\"" + style + "\" cx=\"" + number(center.x) + "\" cy=\"" + number(center.y) + "\" r=\"" +
           number(radius) + "\"/>\n";
}

void Drawing::square(const std::string& style, Point center, double half) {
  rectangle(style, {center.x - half, center.y - half}, 2 * half, 2 * half, 2.5);
}

void Drawing::curve(const std::string& style, Point from, Point to) {
  const double middle = (from.y + to.y) / 2;
  body_ += "<path class=\"" + style + "\" d=\"M" + number(from.x) + " " + number(from.y) + "C" + number(from.x) + " " +
           number(middle) + " " + number(to.x) + " " + number(middle) + " " + number(to.x) + " " + number(to.y) +
           "\"/>\n";
}

void Drawing::text(const std::string& style, Point at, const std::string& words) {
  body_ += "<text" + (style.empty() ? std::string() : " class=\"" + style + "\"") + " x=\"" + number(at.x) + "\" y=\"" +
           number(at.y) + "\">" + escaped(words) + "</text>\n";
}

std::string Drawing::svg() const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width_) + "\" height=\"" + number(height_) +
         "\" viewBox=\"0 0 " + number(width_) + " " + number(height_) + "\" role=\"img\">\n<title>" + escaped(title_) +
         "</title>\n<style>" + styles + "</style>\n" + body_ + "</svg>\n";
}

}  // namespace pictures
