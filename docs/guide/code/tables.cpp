// The code of docs/guide/tables.md.
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;

namespace guide_tables {

struct User {
  std::int64_t id = 0;
  std::string city;
  int age = 0;
  friend bool operator==(const User&, const User&) = default;
};
struct Order {
  std::int64_t user = 0;
  std::int64_t amount = 0;
};

void adults_per_city(const sw::Stream<User>& users) {
  users.key_by(&User::id)
      .table("users")
      .flat_map("adults",
                [](const auto& change) { return change.filter([](const User& user) { return user.age >= 18; }); })
      .flat_map("by city", sw::split_by(&User::city))
      .key_by(sw::of_value(&User::city))
      .aggregate("adults per city", sw::count(), sw::average(&User::age))
      .sink("changes", sw::print_json());
}

void of_members(const sw::Stream<Order>& orders, const sw::Stream<sw::Change<User>>& members) {
  sw::join(orders.key_by(&Order::user), members.key_by(sw::of_value(&User::id)))
      .latest("of members")
      .sink("orders", sw::print_json());
}

}  // namespace guide_tables
