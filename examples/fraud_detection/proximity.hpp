// Two purchases of one card, too far apart for the time between them: one of them was not the owner's.
#pragma once

#include <vector>

#include "transaction.hpp"

namespace fraud {

/// How long after a purchase others are compared with it.
inline constexpr sw::Duration proximity_window = std::chrono::hours(3);

/// Scores the purchase of such a pair that is less usual for the account, which may be the earlier one. What is bought near a
/// suspicious purchase soon after it is suspicious too. Purchases on the internet have no place, and pass.
class ProximityAnalyzer {
 public:
  void open(sw::OperatorContext& context);
  void apply(const Transaction& transaction, sw::Output<Score>& out);

 private:
  struct Visit {
    Transaction transaction;
    double usual = 0;  ///< share of the account's purchases that were made around here
    bool suspicious = false;
  };
  struct Area {
    double latitude = 0;
    double longitude = 0;
    double weight = 0;  ///< purchases made there; old ones count less
  };
  struct Whereabouts {
    std::vector<Visit> recent;  ///< by time
    std::vector<Area> areas;
    double weights = 0;
  };

  static double usual(const Whereabouts& whereabouts, const Transaction& transaction);
  static void learn(Whereabouts& whereabouts, const Transaction& transaction);
  static void compare(Visit& earlier, Visit& now, sw::Output<Score>& out);

  sw::ValueState<Whereabouts> whereabouts_;
};

}  // namespace fraud
