// A made-up country: card owners who live, travel and spend, and thieves who use their cards.
//
// Owners differ by a factor of thirty in what they spend and of four in how often. They shop at home and on the
// internet, at hours of their own, and on trips to other towns (by road, rail or air); there are sprees, bills that are
// paid in a row, and now and then something big. A thief clones a card and uses it elsewhere, tries out a stolen number
// with small amounts before he takes a large one, or goes shopping with a stolen card.
// Thread rule: immutable once made.
#pragma once

#include <cstdint>
#include <vector>

#include "transaction.hpp"

namespace fraud {

enum class Kind : std::uint8_t { own, cloned_card, tried_number, stolen_card };
inline constexpr const char* kind_names[] = {"", "cloned card", "tried number", "stolen card"};

/// A place on the map, in kilometres.
struct Place {
  double east = 0;
  double north = 0;
};
double distance(Place from, Place to);

/// A transaction as the world keeps it.
struct Payment {
  double hour = 0;     ///< after the beginning
  double arrival = 0;  ///< when its message arrives, also an hour
  std::int32_t account = 0;
  float amount = 0;
  Place place{};
  bool has_place = false;
  Kind kind = Kind::own;
};

class World {
 public:
  /// A world with so many transactions.
  World(std::uint64_t seed, std::int64_t accounts, std::int64_t transactions);

  std::uint64_t size() const { return payments_.size(); }
  /// The transactions as they arrive: up to some seconds out of order. REQUIRES: `number` is below `size()`.
  LabelledTransaction transaction(std::uint64_t number) const;

 private:
  std::uint64_t seed_;
  std::vector<Payment> payments_;  ///< by arrival
};

}  // namespace fraud
