// Finds the windows in which a machine looks worn: vibration and temperature have both grown, more than its load explains.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <streamwork/streamwork.hpp>
#include <string>

#include "normal_level.hpp"
#include "reading.hpp"
#include "statistics.hpp"

namespace maintenance {

using WindowSummary = sw::WindowResult<std::int64_t, Summary>;
using KnownWindow = sw::JoinResult<std::int64_t, WindowSummary, Machine>;

/// A window that looks like wear.
struct Anomaly {
  std::int64_t machine = 0;
  std::string name;
  sw::EventTime time;           ///< end of the window
  double vibration_excess = 0;  ///< of its logarithm: 0.1 is 10 % more
  double temperature_excess = 0;
  double score = 0;  ///< 1 at the limit of the machine's type
};

/// How worn a machine looks, window by window, also while it does not.
struct WearLevel {
  std::int64_t machine = 0;
  std::string name;
  sw::EventTime time;  ///< end of the window
  double level = 0;    ///< 1 at the limit of the machine's type
};
inline const sw::SideOutput<WearLevel> wear_levels("wear levels");

/// A machine stands still that was running before: it has failed.
struct Standstill {
  std::int64_t machine = 0;
  std::string name;
  sw::EventTime time;  ///< end of the first window with it
};
inline const sw::SideOutput<Standstill> standstills("standstills");

class WearWatch {
 public:
  void open(sw::OperatorContext& context);
  void apply(const KnownWindow& window, sw::Output<Anomaly>& out);

 private:
  using Both = std::array<double, 2>;  ///< vibration (its logarithm), temperature; in units of the type's limits
  struct Seen {
    NormalLevel::Features features{};
    Both values{};
    std::array<bool, 2> odd{};  ///< far from normal, whatever the reason
    bool anomalous = false;
  };
  struct Watched {
    std::array<NormalLevel, 2> normal;
    std::array<std::int64_t, 2> odd_in_a_row{};
    std::deque<Seen> recent;  ///< not learnt yet: wear must not become normal while it is still small
    double slow_load = -1;
    int anomalous_in_a_row = 0;
    bool stands_still = false;
  };
  /// How much vibration and temperature have grown, beyond what the load explains.
  struct Growth {
    Both grown{};
    double score = 0;  ///< 1 where both are at their limit
  };

  static Growth growth(const Watched& watched, const Seen& now);
  static void learn(Watched& watched, const Seen& oldest);
  void stand_still(Watched& watched, const KnownWindow& window);

  sw::ValueState<Watched> watched_;
  sw::Output<WearLevel>* levels_ = nullptr;
  sw::Output<Standstill>* standstills_ = nullptr;
};

}  // namespace maintenance
