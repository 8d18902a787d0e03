// A named extra output of one operator (the book's channel).
//
// The same tag is used twice: inside the operator, `context.side_output(tag)` gives the `Output<T>` to emit to;
// outside, `stream.side(tag)` is the stream of what was emitted. Thread rule: plain value.
#pragma once

#include <string>
#include <utility>

namespace streamwork {

template <class T>
class SideOutput {
 public:
  explicit SideOutput(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace streamwork
