#include <algorithm>
#include <cmath>

#include "owner.hpp"

namespace fraud {

namespace {

constexpr std::uint64_t purpose_of_thieves = 2;
constexpr int days_without_thieves = 7;
constexpr double cases_per_day = 0.022;  // of one card
constexpr double least_way = 140;        // km from the owner to where a cloned card is used

/// The thefts of one card.
class Thief {
 public:
  Thief(std::uint64_t seed, std::int32_t account, double level, const std::vector<Payment>& purchases)
      : dice_(seed, 16 * static_cast<std::uint64_t>(account) + purpose_of_thieves),
        account_(account),
        level_(level),
        purchases_(purchases) {}

  std::vector<Payment> steal(int days) {
    for (int day = days_without_thieves; day < days; ++day) {
      if (!dice_.chance(cases_per_day)) continue;
      const Payment* near = purchase_after(24.0 * day + dice_.between(7, 21));
      if (near == nullptr) continue;
      switch (dice_.whole(0, 2)) {
        case 0:
          use_clone(*near);
          break;
        case 1:
          try_number(near->hour);
          break;
        default:
          go_shopping(*near);
          break;
      }
    }
    return std::move(payments_);
  }

 private:
  /// The owner's next purchase in a shop.
  const Payment* purchase_after(double hour) const {
    auto next = std::ranges::lower_bound(purchases_, hour, {}, &Payment::hour);
    while (next != purchases_.end() && !next->has_place) ++next;
    return next != purchases_.end() ? &*next : nullptr;
  }

  void pay(double hour, double factor, Kind kind, const Place* place) {
    payments_.push_back({.hour = hour,
                         .account = account_,
                         .amount = static_cast<float>(level_ * factor * std::exp(0.3 * dice_.normal())),
                         .place = place != nullptr ? *place : Place{},
                         .has_place = place != nullptr,
                         .kind = kind});
  }

  /// In another town, while the owner is shopping here.
  void use_clone(const Payment& owner) {
    int town = dice_.whole(0, town_count - 1);
    while (distance(towns[town], owner.place) < least_way) town = (town + 1) % town_count;
    double hour = owner.hour + dice_.between(-0.5, 0.5);
    for (int left = dice_.whole(2, 5); left > 0; --left) {
      const Place place = somewhere_in(town, dice_);
      pay(hour, dice_.between(1, 3.2), Kind::cloned_card, &place);
      hour += dice_.between(0.06, 0.35);
    }
  }

  /// Small amounts on the internet, to see whether the number is good; then large ones.
  void try_number(double begin) {
    double hour = begin + dice_.between(-3, 3);
    for (int left = dice_.whole(4, 8); left > 0; --left) {
      pay(hour, dice_.between(0.25, 1), Kind::tried_number, nullptr);
      hour += dice_.between(0.008, 0.045);
    }
    for (int left = dice_.whole(1, 2); left > 0; --left) {
      pay(hour, dice_.between(2, 5), Kind::tried_number, nullptr);
      hour += dice_.between(0.02, 0.08);
    }
  }

  /// With the owner's own card, in the owner's town.
  void go_shopping(const Payment& owner) {
    double hour = owner.hour + dice_.between(0.2, 2);
    const auto distance_to_owner = [&](Place town) { return distance(town, owner.place); };
    const auto town = static_cast<int>(std::ranges::min_element(towns, {}, distance_to_owner) - towns);
    for (int left = dice_.whole(4, 7); left > 0; --left) {
      const Place place = somewhere_in(town, dice_);
      pay(hour, dice_.between(2, 4.5), Kind::stolen_card, &place);
      hour += dice_.between(0.02, 0.07);
    }
  }

  Dice dice_;
  std::int32_t account_;
  double level_;
  const std::vector<Payment>& purchases_;
  std::vector<Payment> payments_;
};

}  // namespace

std::vector<Payment> thefts(std::uint64_t seed, std::int32_t account, double level, int days,
                            const std::vector<Payment>& purchases) {
  return Thief(seed, account, level, purchases).steal(days);
}

}  // namespace fraud
