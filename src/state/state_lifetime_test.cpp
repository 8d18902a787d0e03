// Time-to-live: what was not written for long enough reads as never written, and its memory comes back.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <streamwork/operator.hpp>
#include <string>
#include <vector>

#include "kit/operator_instances.hpp"
#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"
#include "kit/state_backends.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using By = StateLifetime::By;

struct Command {
  std::int64_t key = 0;
  std::uint32_t action = 0;
  std::int64_t number = 0;
};
struct Kept {
  std::int64_t key = 0;
  std::string text;
  friend bool operator==(const Kept&, const Kept&) = default;
};

constexpr std::uint32_t actions = 8;

/// One of each kind, all with the same lifetime.
class Everything {
 public:
  explicit Everything(StateLifetime lifetime) : lifetime_(lifetime) {}

  void open(OperatorContext& context) {
    value_ = context.value_state<std::int64_t>("value", lifetime_, 7);
    list_ = context.list_state<std::int64_t>("list", lifetime_);
    map_ = context.map_state<std::int64_t, std::int64_t>("map", lifetime_);
    largest_ = context.reducing_state<std::int64_t>(
        "largest", [](auto one, auto other) { return std::max(one, other); }, lifetime_);
    count_ = context.aggregating_state<std::int64_t>("count", streamwork::count(), lifetime_);
  }
  void apply(const Command& command, Output<Kept>& out) {
    const std::int64_t number = command.number;
    switch (command.action) {
      case 0:
        *value_ += number;
        break;
      case 1:
        value_.clear();
        break;
      case 2:
        list_.add(number);
        break;
      case 3:
        map_.put(number % 5, number);
        break;
      case 4:
        ++map_[number % 5];
        break;
      case 5:
        if (const bool there = map_.contains(number % 5); map_.remove(number % 5) != there) ADD_FAILURE();
        break;
      case 6:
        largest_.add(number);
        count_.add(number);
        break;
      default:
        break;
    }
    std::string text = std::to_string(value_.get()) + (value_.empty() ? " never | " : " | ");
    for (const std::int64_t element : list_.values()) text += std::to_string(element) + " ";
    EXPECT_EQ(list_.size(), std::ranges::size(list_.values()));
    text += "| ";
    if (number % 2 == 0 && map_.empty() != (map_.size() == 0)) ADD_FAILURE();
    for (const auto& [key, value] : map_.entries()) text += std::to_string(key) + "=" + std::to_string(value) + " ";
    EXPECT_EQ(largest_.empty(), count_.empty());
    text += "| " + std::to_string(largest_.get().value_or(-1)) + " " + std::to_string(count_.result().value_or(-1));
    out.emit({command.key, text});
  }

 private:
  StateLifetime lifetime_;
  ValueState<std::int64_t, Expiring> value_;
  ListState<std::int64_t, Expiring> list_;
  MapState<std::int64_t, std::int64_t, Expiring> map_;
  ReducingState<std::int64_t, Expiring> largest_;
  AggregatingState<std::int64_t, std::int64_t, Expiring> count_;
};

/// The same, remembering for each thing until when it lives.
struct Reference {
  static constexpr std::int64_t life = 100;
  template <class T>
  struct Mortal {
    T value{};
    std::int64_t end = std::numeric_limits<std::int64_t>::min();
  };
  Mortal<std::int64_t> value{7};
  std::vector<Mortal<std::int64_t>> list;
  std::map<std::int64_t, Mortal<std::int64_t>> map;
  Mortal<std::pair<std::int64_t, std::int64_t>> folded;  ///< greatest, count

  void change(const Command& command, std::int64_t now) {
    const std::int64_t number = command.number;
    const std::int64_t end = now + life;
    forget(now);
    switch (command.action) {
      case 0:
        value = {value.value + number, std::max(value.end, end)};
        break;
      case 1:
        value = {7};
        break;
      case 2:
        list.push_back({number, list.empty() ? end : std::max(list.back().end, end)});
        break;
      case 3:
        map[number % 5] = {number, std::max(map[number % 5].end, end)};
        break;
      case 4:
        map[number % 5] = {map[number % 5].value + 1, std::max(map[number % 5].end, end)};
        break;
      case 5:
        map.erase(number % 5);
        break;
      case 6:
        folded.value = {folded.value.second == 0 ? number : std::max(folded.value.first, number),
                        folded.value.second + 1};
        folded.end = std::max(folded.end, end);
        break;
      default:
        break;
    }
  }
  void forget(std::int64_t now) {
    if (value.end <= now) value = {7};
    std::erase_if(list, [&](const auto& element) { return element.end <= now; });
    std::erase_if(map, [&](const auto& entry) { return entry.second.end <= now; });
    if (folded.end <= now) folded = {};
  }
  std::string text(std::int64_t now) const {
    std::string text = std::to_string(value.value) + (value.end <= now ? " never | " : " | ");
    for (const auto& element : list) text += std::to_string(element.value) + " ";
    text += "| ";
    for (const auto& [key, entry] : map) text += std::to_string(key) + "=" + std::to_string(entry.value) + " ";
    const bool none = folded.value.second == 0;
    return text + "| " + std::to_string(none ? -1 : folded.value.first) + " " +
           std::to_string(none ? -1 : folded.value.second);
  }
};

EventTime at(std::int64_t tick) { return EventTime(Duration(tick)); }

class StateLifetimes : public ::testing::TestWithParam<std::tuple<By, StateBackend>> {};

TEST_P(StateLifetimes, EndAsTheyShouldThroughCrashesAndChangesOfParallelism) {
  testkit::SeededRandom random(12);
  SCOPED_TRACE(random.trace());
  const auto [by, backend] = GetParam();
  const bool by_event_time = by == By::event_time;
  auto instances = testkit::keyed_instances<Command>(Everything({.time_to_live = Duration(Reference::life), .by = by}),
                                                     &Command::key);
  const auto stores = testkit::tight_stores(backend);
  instances.task().keep_rows_in(stores);
  std::int64_t now = 0;
  for (std::uint64_t round = 0; round < kit::scaled(backend == StateBackend::memory ? 10 : 3); ++round) {
    instances.start(1 + static_cast<std::int64_t>(random.below(4)));
    std::map<std::int64_t, Reference> kept;
    std::int64_t watermark = now;
    instances.watermark(at(watermark));
    const std::uint64_t keys = 1 + random.below(random.one_in(2) ? 100 : 1000);
    const auto run = [&](std::uint64_t commands) {
      for (std::uint64_t i = 0; i < commands; ++i) {
        const std::int64_t step = random.one_in(200) ? 150 : static_cast<std::int64_t>(random.below(3));
        now += step;
        instances.task().clock().advance(Duration(step));
        const Command command{static_cast<std::int64_t>(random.below(keys)),
                              static_cast<std::uint32_t>(random.below(actions)),
                              static_cast<std::int64_t>(random.below(1000))};
        // Events come out of order, some of them late; those count as written at the watermark.
        const std::int64_t time = now - static_cast<std::int64_t>(random.below(40));
        const std::int64_t seen = by_event_time ? std::max(time, watermark) : now;
        kept[command.key].change(command, seen);
        instances.apply(command, at(time));
        ASSERT_EQ(instances.take_results(), (std::vector<Kept>{{command.key, kept[command.key].text(seen)}}));
        if (random.one_in(10)) instances.watermark(at(watermark = std::max(watermark, now - 20)));
        if (random.one_in(10)) instances.settle();
      }
    };
    for (int crash = 0; crash < 4; ++crash) {
      run(random.below(400));
      instances.cut();
      const auto saved = kept;
      const std::int64_t saved_watermark = watermark;
      run(random.below(300));
      const auto snapshot = instances.save();
      run(random.below(50));
      kept = saved;
      watermark = saved_watermark;
      instances.start(1 + static_cast<std::int64_t>(random.below(6)), snapshot);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(By, StateLifetimes,
                         ::testing::Combine(::testing::Values(By::processing_time, By::event_time),
                                            ::testing::Values(StateBackend::memory, StateBackend::rocksdb)),
                         [](const auto& by) {
                           return std::string(std::get<0>(by.param) == By::event_time ? "EventTime"
                                                                                      : "ProcessingTime") +
                                  testkit::name_of(std::get<1>(by.param));
                         });

/// Writes a number under its key, and sets a timer for those that are odd and wanted.
struct Writer {
  void open(OperatorContext& context) {
    map = context.map_state<std::int64_t, std::int64_t>("map", {.time_to_live = 1h});
    if (timed) timers = context.event_timers();
  }
  void apply(const Command& command, Output<Kept>&) {
    map.put(command.number, command.number);
    if (timed && command.key % 2 == 1) timers.set(EventTime::max() - 1h);
  }
  void on_timer(EventTime, Output<Kept>&) {}
  bool timed = false;
  MapState<std::int64_t, std::int64_t, Expiring> map{};
  EventTimers timers{};
};

TEST(StateSweep, RemovesTheRowsOfKeysWithNothingLeft) {
  auto instances = testkit::keyed_instances<Command>(Writer{.timed = true}, &Command::key);
  instances.start(1);
  for (std::int64_t key = 0; key < 3000; ++key) instances.apply({.key = key, .number = key});
  instances.task().clock().advance(30min);
  for (std::int64_t key = 0; key < 100; ++key) instances.apply({.key = key, .number = -key});
  for (int i = 0; i < 100; ++i) instances.settle();
  EXPECT_EQ(instances.rows(0).size(), 3000U);
  instances.task().clock().advance(30min);
  for (int i = 0; i < 100; ++i) instances.settle();
  EXPECT_EQ(instances.rows(0).size(), 50U + 1500U) << "those written since, and those with timers";
  instances.task().clock().advance(30min);
  for (int i = 0; i < 100; ++i) instances.settle();
  EXPECT_EQ(instances.rows(0).size(), 1500U);
}

TEST(StateSweep, LeavesInASnapshotWhatWasThereAtTheBarrier) {
  auto instances = testkit::keyed_instances<Command>(Writer{}, &Command::key);
  instances.start(1);
  for (std::int64_t key = 0; key < 3000; ++key) instances.apply({.key = key, .number = key});
  instances.cut();
  instances.task().clock().advance(2h);
  for (int i = 0; i < 100; ++i) instances.settle();
  EXPECT_EQ(instances.rows(0).size(), 0U);
  for (std::int64_t key = 0; key < 100; ++key) instances.apply({.key = key + 5000, .number = key});
  instances.start(1, instances.save());
  EXPECT_EQ(instances.rows(0).size(), 3000U);
  for (int i = 0; i < 100; ++i) instances.settle();
  EXPECT_EQ(instances.rows(0).size(), 0U) << "time has gone on since they were written";
}

TEST(StateSweep, TakesALargeMapApartInSmallSteps) {
  auto instances = testkit::keyed_instances<Command>(Writer{}, &Command::key);
  instances.start(1);
  for (std::int64_t number = 0; number < 64'000; ++number) instances.apply({.key = 1, .number = number});
  instances.task().clock().advance(2h);
  int steps = 0;
  for (; instances.rows(0).size() > 0; ++steps) instances.rows(0).expire_some(64);
  EXPECT_GE(steps, 1000);
  EXPECT_LE(steps, 3000);
}

TEST(StateLifetime, IsRenewedByReadsIfAskedFor) {
  struct Reader {
    void open(OperatorContext& context) {
      map = context.map_state<std::int64_t, std::int64_t>("map", {.time_to_live = 1h, .reads_renew = true});
      value = context.value_state<std::int64_t>("value", {.time_to_live = 1h, .reads_renew = true});
      list = context.list_state<std::int64_t>("list", {.time_to_live = 1h, .reads_renew = true});
    }
    void apply(const Command& command, Output<Kept>& out) {
      if (command.action == 0) {
        map.put(1, 5);
        *value = 6;
        list.add(8);
      }
      const std::int64_t* found = map.get(1);
      out.emit({0, std::to_string(found ? *found : 0) + std::to_string(value.get()) + std::to_string(list.size())});
    }
    MapState<std::int64_t, std::int64_t, Expiring> map;
    ValueState<std::int64_t, Expiring> value;
    ListState<std::int64_t, Expiring> list;
  };
  auto instances = testkit::keyed_instances<Command>(Reader(), &Command::key);
  instances.start(1);
  const auto read = [&](std::uint32_t action) {
    instances.apply({.action = action});
    return instances.take_results().front().text;
  };
  EXPECT_EQ(read(0), "561");
  for (int i = 0; i < 5; ++i) {
    instances.task().clock().advance(50min);
    EXPECT_EQ(read(1), "561");
  }
  instances.task().clock().advance(1h);
  EXPECT_EQ(read(1), "000");
}

TEST(StateLifetime, IsRefusedOutOfBounds) {
  for (const StateLifetime& lifetime : {StateLifetime{.time_to_live = 0s}, StateLifetime{.time_to_live = -1s},
                                        StateLifetime{.time_to_live = std::chrono::years(40'000)}}) {
    auto instances = testkit::keyed_instances<Command>(Everything(lifetime), &Command::key);
    EXPECT_THROW(instances.start(1), std::exception);
  }
}

}  // namespace
}  // namespace streamwork
