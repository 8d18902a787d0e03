// The operators of windows and joins by themselves, in all ways in which a task may run them (testing::results_of): also with
// their state saved and restored between any two events. All events have one time there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <streamwork/join.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAre;

struct Reading {
  std::int64_t key = 0;
  std::int64_t value = 0;
  friend bool operator==(const Reading&, const Reading&) = default;
};
struct Order {
  std::int64_t key = 0;
  std::int64_t value = 0;
  friend bool operator==(const Order&, const Order&) = default;
};

EventTime at(Duration time) { return EventTime(time); }

const std::vector<Reading> readings{{1, 10}, {2, 20}, {1, 11}, {1, 12}, {2, 21}};

using Sums = decltype(aggregates::bind<Reading>(sum(&Reading::value)));
using Tops = decltype(aggregates::bind<Reading>(maximum(&Reading::value)));
using SumOf = WindowResult<std::int64_t, std::int64_t>;

/// Key by key, because keys whose timers are set for one time fire in no promised order.
template <class Operator, class KeyOf, class Event>
auto results_of_each_key(const Operator& prototype, KeyOf key_of, const std::vector<Event>& events) {
  decltype(testing::results_of(prototype, key_of, events)) all;
  for (const std::int64_t key : {1, 2, 3}) {
    std::vector<Event> of_key;
    for (const Event& event : events) {
      if (std::invoke(key_of, event) == key) of_key.push_back(event);
    }
    const auto results = testing::results_of(prototype, key_of, of_key);
    all.insert(all.end(), results.begin(), results.end());
  }
  return all;
}

template <class Windows, class Aggregate>
auto sliced(Windows windows, Aggregate aggregate) {
  return operators::SlicedWindows<Reading, std::int64_t, Windows, operators::ByEventTime, Aggregate>(
      std::move(windows), std::move(aggregate), 0s, std::nullopt);
}

TEST(TimeOperators, TumblingWindowsGiveTheSameFourWays) {
  EXPECT_THAT(results_of_each_key(sliced(tumbling(5s), Sums{&Reading::value}), &Reading::key, readings),
              UnorderedElementsAre(SumOf{1, at(0s), at(5s), 33}, SumOf{2, at(0s), at(5s), 41}));
}

TEST(TimeOperators, SlidingWindowsGiveTheSameFourWays) {
  const auto expected = UnorderedElementsAre(SumOf{1, at(-1s), at(1s), 33}, SumOf{1, at(0s), at(2s), 33},
                                             SumOf{2, at(-1s), at(1s), 41}, SumOf{2, at(0s), at(2s), 41});
  EXPECT_THAT(results_of_each_key(sliced(sliding(2s, 1s), Sums{&Reading::value}), &Reading::key, readings), expected);
  // One whose combination cannot be undone keeps stacks instead of a sum.
  EXPECT_THAT(results_of_each_key(sliced(sliding(2s, 1s), Tops{{&Reading::value}}), &Reading::key, readings),
              UnorderedElementsAre(SumOf{1, at(-1s), at(1s), 12}, SumOf{1, at(0s), at(2s), 12},
                                   SumOf{2, at(-1s), at(1s), 21}, SumOf{2, at(0s), at(2s), 21}));
}

TEST(TimeOperators, SessionsGiveTheSameFourWays) {
  using Sessions = operators::SessionWindows<Reading, std::int64_t, windows::Session<windows::FixedGap>,
                                             operators::ByEventTime, Sums>;
  EXPECT_THAT(
      results_of_each_key(Sessions(session(3s), Sums{&Reading::value}, 0s, std::nullopt), &Reading::key, readings),
      UnorderedElementsAre(SumOf{1, at(0s), at(3s), 33}, SumOf{2, at(0s), at(3s), 41}));
  // Early results, of every two events.
  EXPECT_THAT(results_of_each_key(Sessions(session(3s), Sums{&Reading::value}, 0s, std::nullopt, {.every_events = 2}),
                                  &Reading::key, readings),
              UnorderedElementsAre(SumOf{1, at(0s), at(3s), 21}, SumOf{2, at(0s), at(3s), 41},
                                   SumOf{1, at(0s), at(3s), 33, true}, SumOf{2, at(0s), at(3s), 41, true}));
}

/// A join as an operator with one input of either's events.
template <class Join, class Row>
class OfEither {
 public:
  explicit OfEither(Join join) : join_(std::move(join)) {}
  void open(OperatorContext& context) { join_.open(context); }
  void apply(const std::variant<Order, Reading>& event, Output<Row>& out) {
    if (event.index() == 0) {
      join_.apply_left(std::get<0>(event), out);
    } else {
      join_.apply_right(std::get<1>(event), out);
    }
  }
  void on_timer(EventTime time, Output<Row>& out) { join_.on_timer(time, out); }

 private:
  Join join_;
};

template <class Row, class Join>
std::vector<Row> rows_of(Join join) {
  const std::vector<std::variant<Order, Reading>> events{Order{1, 1}, Reading{1, 10}, Reading{2, 20},
                                                         Order{1, 2}, Reading{1, 11}, Order{3, 3}};
  const auto key = [](const std::variant<Order, Reading>& event) {
    return std::visit([](const auto& either) { return either.key; }, event);
  };
  return results_of_each_key(OfEither<Join, Row>(std::move(join)), key, events);
}

using Row = JoinResult<std::int64_t, Order, Reading>;
using WindowRow = WindowJoinResult<std::int64_t, Order, Reading>;

Row pair(std::int64_t key, std::optional<std::int64_t> order, std::optional<std::int64_t> reading) {
  Row row{key, std::nullopt, std::nullopt};
  if (order) row.left = Order{key, *order};
  if (reading) row.right = Reading{key, *reading};
  return row;
}

auto all_in(EventTime start, EventTime end) {
  std::vector<WindowRow> rows;
  for (const Row& row : {pair(1, 1, 10), pair(1, 1, 11), pair(1, 2, 10), pair(1, 2, 11), pair(2, std::nullopt, 20),
                         pair(3, 3, std::nullopt)})
    rows.push_back({row.key, start, end, row.left, row.right});
  return rows;
}

TEST(TimeOperators, IntervalJoinsGiveTheSameFourWays) {
  EXPECT_THAT(
      rows_of<Row>(operators::IntervalJoin<Order, Reading, std::int64_t>(-1s, 1s, JoinType::full, std::nullopt)),
      UnorderedElementsAre(pair(1, 1, 10), pair(1, 1, 11), pair(1, 2, 10), pair(1, 2, 11), pair(2, std::nullopt, 20),
                           pair(3, 3, std::nullopt)));
}

TEST(TimeOperators, AsOfJoinsGiveTheSameFourWays) {
  EXPECT_THAT(
      rows_of<Row>(operators::AsOfJoin<Order, Reading, std::int64_t>(JoinType::left, std::nullopt, std::nullopt)),
      UnorderedElementsAre(pair(1, 1, 11), pair(1, 2, 11), pair(3, 3, std::nullopt)));
}

TEST(TimeOperators, WindowedJoinsGiveTheSameFourWays) {
  EXPECT_THAT(rows_of<WindowRow>(operators::WindowJoin<Order, Reading, std::int64_t, windows::Tumbling>(
                  tumbling(5s), JoinType::full, std::nullopt)),
              ::testing::UnorderedElementsAreArray(all_in(at(0s), at(5s))));
  std::vector<WindowRow> sliding_rows = all_in(at(-1s), at(1s));
  for (WindowRow& row : all_in(at(0s), at(2s))) sliding_rows.push_back(row);
  EXPECT_THAT(rows_of<WindowRow>(operators::WindowJoin<Order, Reading, std::int64_t, windows::Sliding>(
                  sliding(2s, 1s), JoinType::full, std::nullopt)),
              ::testing::UnorderedElementsAreArray(sliding_rows));
  using Session = windows::Session<windows::FixedGap>;
  EXPECT_THAT(rows_of<WindowRow>(operators::SessionJoin<Order, Reading, std::int64_t, Session>(
                  session(3s), JoinType::full, std::nullopt)),
              ::testing::UnorderedElementsAreArray(all_in(at(0s), at(3s))));
}

}  // namespace
}  // namespace streamwork
