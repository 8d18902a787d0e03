// Jobs for the simulation: each is made anew for every start, with other parallelisms, and writes lines of text into
// ledgers that outlive it.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <streamwork/job.hpp>
#include <string>
#include <vector>

#include "kit/ledger.hpp"

namespace streamwork::testkit {

/// The sinks of a job, by name.
class Ledgers {
 public:
  Ledger<std::string>::Sink sink(const std::string& name) { return ledgers_[name].sink(); }
  void before_each_call(const std::function<void()>& action) const;

  /// What was published, as sorted lines "<sink>: <event>".
  std::vector<std::string> published() const;
  /// What must not have happened to them by the end of the job; empty if all is well.
  std::string complaint() const;

 private:
  std::map<std::string, Ledger<std::string>> ledgers_;
};

/// What differs between two starts of the same job.
class Variation {
 public:
  /// As it is written, with nothing going wrong.
  Variation() = default;
  /// `failing_event`: user code throws at so many events.
  Variation(std::uint64_t seed, std::uint64_t failing_event)
      : random_(seed), varied_(true), events_left_(std::make_shared<std::uint64_t>(failing_event)) {}

  /// From 1 to 3.
  int parallelism() { return varied_ ? 1 + static_cast<int>(random_() % 3) : 2; }
  /// For a stage behind a source: most often its events come one at a time, so that a barrier may stand between any two.
  VertexOptions steps() { return {.blocking = varied_ && random_() % 4 != 0}; }
  /// A stage that lets every event through, or fails.
  template <class T>
  auto risk() const {
    return [left = events_left_](const T&) {
      if (left && (*left)-- == 0) throw std::runtime_error(failure);
      return true;
    };
  }
  static constexpr const char* failure = "user code fails, as the simulation wants";

 private:
  std::mt19937_64 random_;
  bool varied_ = false;
  std::shared_ptr<std::uint64_t> events_left_;
};

struct Scenario {
  std::string name;
  std::function<Job(Variation&, Ledgers&)> make;
};

/// All of them.
std::vector<Scenario> scenarios();

/// Those whose lines stay the same if events are taken twice; not among the others.
std::vector<Scenario> repeatable_scenarios();

// By theme, a file each.
std::vector<Scenario> window_scenarios();
std::vector<Scenario> join_scenarios();
std::vector<Scenario> timer_scenarios();
std::vector<Scenario> graph_scenarios();
std::vector<Scenario> source_scenarios();

}  // namespace streamwork::testkit
