// The code of docs/guide/joins.md.
#include <streamwork/streamwork.hpp>
#include <string>
#include <variant>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace guide_joins {

struct Order {
  std::string id;
  std::string item;
  sw::EventTime time;
};
struct Payment {
  std::string order;
  sw::EventTime time;
  double amount = 0;
};
struct Price {
  std::string item;
  sw::EventTime time;
  double amount = 0;
};

void unpaid(const sw::Stream<Order>& orders, const sw::Stream<Payment>& payments) {
  const sw::SideOutput<std::variant<Order, Payment>> late("late");
  const auto pairs = sw::join(orders.key_by(&Order::id), payments.key_by(&Payment::order)).late(late);
  const auto paid = pairs.interval("paid", 0s, 1h, sw::JoinType::left);
  paid.filter("unpaid", [](const auto& row) { return !row.right; }).sink("reminders", sw::print_json());
  paid.side(late).sink("late", sw::for_each([](const std::variant<Order, Payment>&) {}));
}

void priced(const sw::Stream<Order>& orders, const sw::Stream<Price>& prices) {
  const auto pairs = sw::join(orders.key_by(&Order::item), prices.key_by(&Price::item));
  pairs.as_of("priced", sw::JoinType::left).sink("invoices", sw::print_json());
}

void with_whole_list(const sw::Stream<Order>& orders, const sw::Stream<Price>& prices) {
  const auto named = sw::join(orders.key_by(&Order::item), prices.key_by(&Price::item))
                         .on_time_only()
                         .latest("named", sw::TableWait::the_whole, sw::JoinType::left);
  named.sink("invoices", sw::print_json());
}

}  // namespace guide_joins
