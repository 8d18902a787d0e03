// What the owner of a card does.
#pragma once

#include <cstdint>
#include <vector>

#include "dice.hpp"
#include "world.hpp"

namespace fraud {

inline constexpr Place towns[] = {{0, 0},     {170, 60},  {95, 330}, {310, 240}, {420, 30},
                                  {520, 390}, {640, 180}, {30, 510}, {350, 560}};
inline constexpr int town_count = static_cast<int>(std::size(towns));

/// A stretch of time in which the owner is in one town. Between two of them he travels.
struct Stay {
  double begin = 0;  ///< hours after the beginning
  double end = 0;
  int town = 0;
};

/// A card's owner, for so many days.
class Owner {
 public:
  Owner(std::uint64_t seed, std::int32_t account, int days);

  /// All purchases of the owner, by time.
  std::vector<Payment> purchases();
  /// What the owner spends in a middling purchase.
  double level() const { return level_; }

 private:
  void travel(int days);
  const Stay* stay_at(double hour) const;
  void buy(double hour, bool on_the_internet, double dearer);
  void spend_a_day(int day);

  Dice dice_;
  std::int32_t account_;
  int days_;
  int home_;
  double level_;
  double spread_;
  double purchases_per_day_;
  double first_hour_;
  double last_hour_;
  std::vector<Stay> stays_;
  std::vector<Payment> purchases_;
};

/// Somewhere in a town.
Place somewhere_in(int town, Dice& dice);

/// What thieves do with the card of an owner whose purchases are known: cases that begin at random.
std::vector<Payment> thefts(std::uint64_t seed, std::int32_t account, double level, int days,
                            const std::vector<Payment>& purchases);

}  // namespace fraud
