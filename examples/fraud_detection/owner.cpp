#include "owner.hpp"

#include <algorithm>
#include <cmath>

namespace fraud {

namespace {

constexpr std::uint64_t purpose_of_owners = 1;
constexpr double town_radius = 7;  // km

}  // namespace

double distance(Place from, Place to) { return std::hypot(to.east - from.east, to.north - from.north); }

Place somewhere_in(int town, Dice& dice) {
  return {towns[town].east + dice.between(-town_radius, town_radius),
          towns[town].north + dice.between(-town_radius, town_radius)};
}

Owner::Owner(std::uint64_t seed, std::int32_t account, int days)
    : dice_(seed, 16 * static_cast<std::uint64_t>(account) + purpose_of_owners),
      account_(account),
      days_(days),
      home_(dice_.whole(0, town_count - 1)),
      level_(std::exp(dice_.between(std::log(6.0), std::log(180.0)))),
      spread_(dice_.between(0.35, 0.65)),
      purchases_per_day_(dice_.between(2, 9)),
      first_hour_(dice_.between(5, 10)),
      last_hour_(dice_.between(18, 25)) {
  travel(days);
}

/// Stays at home and in other towns, one after the other.
void Owner::travel(int days) {
  double home_since = 0;
  for (double day = 1; day < days; ++day) {
    const double departure = 24 * day + dice_.between(5, 19);
    if (departure < home_since + 12 || !dice_.chance(0.06)) continue;
    const int town = (home_ + dice_.whole(1, town_count - 1)) % town_count;
    const double speed = dice_.chance(0.2) ? dice_.between(250, 420) : dice_.between(60, 110);
    const double ride = 0.3 + distance(towns[home_], towns[town]) / speed;
    const double stay = dice_.between(5, 70);
    stays_.push_back({home_since, departure, home_});
    stays_.push_back({departure + ride, departure + ride + stay, town});
    home_since = departure + 2 * ride + stay;
  }
  stays_.push_back({home_since, 24.0 * days + 48, home_});
}

const Stay* Owner::stay_at(double hour) const {
  const auto next = std::ranges::upper_bound(stays_, hour, {}, &Stay::begin);
  if (next == stays_.begin() || hour > std::prev(next)->end) return nullptr;
  return &*std::prev(next);
}

/// Who travels buys nothing in shops.
void Owner::buy(double hour, bool on_the_internet, double dearer) {
  const Stay* stay = stay_at(hour);
  const double amount = level_ * std::exp(spread_ * dice_.normal()) * dearer;
  const Place place = somewhere_in(stay != nullptr ? stay->town : home_, dice_);
  if (stay == nullptr && !on_the_internet) return;
  purchases_.push_back({.hour = hour,
                        .account = account_,
                        .amount = static_cast<float>(amount),
                        .place = place,
                        .has_place = !on_the_internet});
}

void Owner::spend_a_day(int day) {
  const double midnight = 24.0 * day;
  for (int left = dice_.poisson(purchases_per_day_); left > 0; --left) {
    // Most of it around the middle of the day.
    const double hour =
        midnight + (dice_.between(first_hour_, last_hour_) + dice_.between(first_hour_, last_hour_)) / 2;
    const double dearer = dice_.chance(0.015) ? dice_.between(3, 8) : 1;
    buy(hour, dice_.chance(0.25), dearer);
  }
  if (dice_.chance(0.08)) {  // a spree: one shop after the other
    double hour = midnight + dice_.between(9, 18);
    for (int left = dice_.whole(3, 6); left > 0; --left) {
      buy(hour, false, 1.2);
      hour += dice_.between(0.12, 0.5);
    }
  }
  if (dice_.chance(0.04)) {  // bills, in a row
    double hour = midnight + dice_.between(8, 22);
    for (int left = dice_.whole(2, 3); left > 0; --left) {
      buy(hour, true, 1);
      hour += dice_.between(0.02, 0.1);
    }
  }
}

std::vector<Payment> Owner::purchases() {
  for (int day = 0; day < days_; ++day) spend_a_day(day);
  std::ranges::sort(purchases_, {}, &Payment::hour);
  return std::move(purchases_);
}

}  // namespace fraud
