// The code of docs/guide/windows.md.
#include <cmath>
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace guide_windows {

struct Order {
  std::string shop;
  std::string customer;
  sw::EventTime time;
  double amount = 0;
};

void turnover(const sw::Stream<Order>& orders) {
  const sw::SideOutput<Order> late("late");
  const auto totals = orders.key_by(&Order::shop)
                          .window(sw::tumbling(1h))
                          .allowed_lateness(10min)
                          .late(late)
                          .aggregate("turnover", sw::count(), sw::sum(&Order::amount));
  totals.sink("totals", sw::write_json_lines("totals.jsonl"));
  totals.side(late).sink("late orders", sw::write_json_lines("late.jsonl"));
}

void live_turnover(const sw::Stream<Order>& orders) {
  orders.key_by(&Order::shop)
      .window(sw::tumbling(1h))
      .trigger({.early_every = 5min})
      .aggregate("live turnover", sw::sum(&Order::amount))
      .sink("live totals", sw::print_json());
}

struct GeometricMean {
  struct State {
    double logarithms = 0;
    std::int64_t count = 0;
  };
  void add(State& state, const Order& order) const {
    state.logarithms += std::log(order.amount);
    ++state.count;
  }
  void combine(State& state, const State& later) const {
    state.logarithms += later.logarithms;
    state.count += later.count;
  }
  double result(const State& state) const { return std::exp(state.logarithms / static_cast<double>(state.count)); }
};

void typical_order(const sw::Stream<Order>& orders) {
  orders.key_by(&Order::shop)
      .window(sw::sliding(1h, 1min))
      .aggregate("typical order", GeometricMean{})
      .sink("typical", sw::print_json());
}

void busiest_shop(const sw::Stream<Order>& orders) {
  orders.key_by(&Order::shop)
      .window(sw::tumbling(1h))
      .aggregate("orders per shop", sw::count())
      .window(sw::tumbling(1h))
      .aggregate("busiest", sw::top_n(1, &sw::WindowResult<std::string, std::int64_t>::value))
      .sink("print busiest", sw::print_json());
}

}  // namespace guide_windows
