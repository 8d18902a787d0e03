// What goes wrong before and while a job runs, as exceptions and values.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace streamwork {

/// A job's graph cannot run as written. `what()` lists every problem, one per line, each with its vertex and remedy.
class GraphError : public std::runtime_error {
 public:
  explicit GraphError(std::vector<std::string> problems);
  const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  std::vector<std::string> problems_;
};

/// What a sink had prepared for a checkpoint is not as it was left. Thrown by `recover` of a sink: the job goes on from an older
/// checkpoint, if there is one and it may.
class DamagedResults : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A failure of one instance of one vertex: an exception from user code, or something outside that could not be had.
class VertexError : public std::runtime_error {
 public:
  VertexError(std::string vertex, std::int64_t instance, const std::string& reason);
  const std::string& vertex() const noexcept { return vertex_; }
  std::int64_t instance() const noexcept { return instance_; }

 private:
  std::string vertex_;
  std::int64_t instance_;
};

}  // namespace streamwork
