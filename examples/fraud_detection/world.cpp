#include "world.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "owner.hpp"

namespace fraud {

namespace {

using namespace std::chrono_literals;

constexpr sw::EventTime beginning{1'704'067'200s};  // 2024-01-01 00:00 UTC
constexpr double seconds_under_way = 20;            // of a message, at most
constexpr std::uint64_t purpose_of_messages = 3;

/// The lower left corner of the map, and how long a degree is there.
constexpr double south = 47.2;
constexpr double west = 6.1;
constexpr double km_per_degree_north = 111.2;
constexpr double km_per_degree_east = 72.4;

std::vector<Payment> payments_of(std::uint64_t seed, std::int32_t account, int days) {
  Owner owner(seed, account, days);
  std::vector<Payment> payments = owner.purchases();
  const std::vector<Payment> stolen = thefts(seed, account, owner.level(), days, payments);
  payments.insert(payments.end(), stolen.begin(), stolen.end());
  Dice dice(seed, 16 * static_cast<std::uint64_t>(account) + purpose_of_messages);
  for (Payment& payment : payments) {
    payment.amount = std::max(0.01F, std::round(payment.amount * 100) / 100);
    payment.arrival = payment.hour + dice.between(0, seconds_under_way / 3600);
  }
  return payments;
}

}  // namespace

World::World(std::uint64_t seed, std::int64_t accounts, std::int64_t transactions) : seed_(seed) {
  const auto wanted = static_cast<std::size_t>(transactions);
  const double days_needed = static_cast<double>(transactions) / (4.5 * static_cast<double>(accounts));
  for (int days = static_cast<int>(days_needed) + 3; payments_.size() < wanted; days *= 2) {
    payments_.clear();
    for (std::int32_t account = 0; account < accounts; ++account) {
      const std::vector<Payment> more = payments_of(seed, account, days);
      payments_.insert(payments_.end(), more.begin(), more.end());
    }
  }
  std::ranges::sort(payments_, {}, [](const Payment& payment) {
    return std::tuple(payment.arrival, payment.account, payment.amount);
  });
  payments_.resize(wanted);
}

LabelledTransaction World::transaction(std::uint64_t number) const {
  const Payment& payment = payments_[number];
  const auto milliseconds = static_cast<std::int64_t>(payment.hour * 3'600'000);
  LabelledTransaction transaction{.id = std::to_string(seed_) + "-" + std::to_string(number),
                                  .account = "card-" + std::to_string(payment.account),
                                  .time = beginning + std::chrono::milliseconds(milliseconds),
                                  .amount = std::round(static_cast<double>(payment.amount) * 100) / 100,
                                  .latitude = {},
                                  .longitude = {},
                                  .fraud = {}};
  if (payment.has_place) {
    transaction.latitude = std::round((south + payment.place.north / km_per_degree_north) * 1e4) / 1e4;
    transaction.longitude = std::round((west + payment.place.east / km_per_degree_east) * 1e4) / 1e4;
  }
  if (payment.kind != Kind::own) transaction.fraud = kind_names[static_cast<std::size_t>(payment.kind)];
  return transaction;
}

}  // namespace fraud
