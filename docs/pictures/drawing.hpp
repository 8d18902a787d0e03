// A drawing in the making: shapes and texts, styled by classes (drawing.cpp), to be read in light and dark.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pictures {

struct Point {
  double x;
  double y;
};

class Drawing {
 public:
  /// `title` is what is read aloud in place of the picture.
  Drawing(double width, double height, std::string title);

  void rectangle(const std::string& style, Point corner, double width, double height, double rounding = 0);
  void line(const std::string& style, const std::vector<Point>& points);
  void area(const std::string& style, const std::vector<Point>& points);
  void circle(const std::string& style, Point center, double radius);
  void square(const std::string& style, Point center, double half);
  /// A gentle curve from one point to another.
  void curve(const std::string& style, Point from, Point to);
  void text(const std::string& style, Point at, const std::string& words);

  std::string svg() const;

 private:
  double width_;
  double height_;
  std::string title_;
  std::string body_;
};

/// At most two decimals, no superfluous zeros.
std::string number(double value);

}  // namespace pictures
