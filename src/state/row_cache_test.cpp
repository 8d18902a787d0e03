// Rows that come and go between memory and RocksDB against rows that stay: timers, keys that are forgotten, keys of equal hashes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <streamwork/operator.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "kit/operator_instances.hpp"
#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"
#include "kit/state_backends.hpp"

namespace streamwork {
namespace {

/// A key many of which have the same hash.
struct Name {
  std::int64_t number = 0;
  friend bool operator==(const Name&, const Name&) = default;
  friend std::uint64_t stable_hash_value(const Name& name) { return static_cast<std::uint64_t>(name.number / 2); }
};
struct Command {
  Name name;
  std::uint32_t action = 0;
  std::int64_t number = 0;
};
struct Rang {
  std::int64_t name = 0;
  std::int64_t at = 0;
  std::int64_t count = 0;
  std::string text;
  friend auto operator<=>(const Rang&, const Rang&) = default;
};

EventTime at(std::int64_t tick) { return EventTime(Duration(tick)); }

/// Sets timers, takes them back, and forgets itself when one fires.
class Alarm {
 public:
  void open(OperatorContext& context) {
    name_ = context.current_key<Name>();
    count_ = context.value_state<std::int64_t>("count");
    text_ = context.value_state<std::string>("text");
    timers_ = context.event_timers();
    time_ = context.time();
  }
  void apply(const Command& command, Output<Rang>& out) {
    const EventTime time = time_.watermark() + Duration(command.number % 100);
    if (command.action == 0) timers_.set(time);
    if (command.action == 1) timers_.cancel(time);
    *text_ += std::to_string(command.number % 10);
    out.emit({name_->number, -1, ++*count_, *text_});
  }
  void on_timer(EventTime time, Output<Rang>& out) {
    const std::int64_t count = ++*count_;
    out.emit({name_->number, time.time_since_epoch().count(), count, *text_});
    if (count % 3 == 0) return name_.forget();
    if (count % 4 == 0) timers_.set(time + Duration(60));
  }

 private:
  CurrentKey<Name> name_;
  ValueState<std::int64_t> count_;
  ValueState<std::string> text_;
  EventTimers timers_;
  OperatorTime time_;
};

/// Timers of one time may fire in another order.
std::vector<Rang> sorted(std::vector<Rang> rang) {
  std::ranges::sort(rang, {}, [](const Rang& each) { return std::tuple(each.at, each.name); });
  return rang;
}

TEST(RowCache, DoesWhatMemoryDoesWithTimersAndKeysOfEqualHashes) {
  testkit::SeededRandom random(21);
  SCOPED_TRACE(random.trace());
  const auto stores = testkit::tight_stores(StateBackend::rocksdb);
  for (std::uint64_t round = 0; round < kit::scaled(3); ++round) {
    auto expected = testkit::keyed_instances<Command>(Alarm(), &Command::name);
    auto cached = testkit::keyed_instances<Command>(Alarm(), &Command::name);
    cached.task().keep_rows_in(stores);
    std::int64_t parallelism = 1 + static_cast<std::int64_t>(random.below(3));
    expected.start(parallelism);
    cached.start(parallelism);
    const std::uint64_t names = 1 + random.below(random.one_in(2) ? 2000 : 300);
    std::int64_t now = 0;
    const auto both = [&](auto&& act) {
      act(expected);
      act(cached);
      ASSERT_EQ(sorted(cached.take_results()), sorted(expected.take_results()));
    };
    const auto run = [&](std::uint64_t commands) {
      for (std::uint64_t i = 0; i < commands && !::testing::Test::HasFatalFailure(); ++i) {
        const Command command{{static_cast<std::int64_t>(random.below(names))},
                              static_cast<std::uint32_t>(random.below(3)),
                              static_cast<std::int64_t>(random.below(1000))};
        both([&](auto& instances) { instances.apply(command); });
        if (!random.one_in(50)) continue;
        now += static_cast<std::int64_t>(random.below(40));
        both([&](auto& instances) { instances.watermark(at(now)); });
      }
    };
    for (int crash = 0; crash < 4; ++crash) {
      run(random.below(3000));
      both([](auto& instances) { instances.cut(); });
      std::int64_t then = now;
      run(random.below(1500));
      auto snapshot = expected.save();
      auto cached_snapshot = cached.save();
      run(random.below(200));
      if (random.one_in(2)) {  // the next barrier comes while the files of the first are not copied yet
        both([](auto& instances) { instances.cut(); });
        const std::int64_t later = now;
        run(random.below(1500));
        const auto next = expected.save();
        const auto cached_next = cached.save();
        run(random.below(200));
        if (random.one_in(2)) {
          snapshot = next;
          cached_snapshot = cached_next;
          then = later;
        }
      }
      ASSERT_FALSE(HasFatalFailure());
      now = then;
      if (random.one_in(2)) parallelism = 1 + static_cast<std::int64_t>(random.below(5));
      expected.start(parallelism, snapshot);
      cached.start(parallelism, random.one_in(3) ? snapshot : cached_snapshot);
    }
    both([&](auto& instances) { instances.watermark(at(now + 1'000'000)); });
  }
}

TEST(RowCache, KeepsFewRowsInMemoryAlsoAfterACheckpointThatWasGivenUp) {
  auto instances = testkit::keyed_instances<Command>(Alarm(), &Command::name);
  instances.task().keep_rows_in(testkit::tight_stores(StateBackend::rocksdb));
  instances.start(1);
  std::int64_t name = 0;
  const auto apply_to_new_names = [&](int count) {
    for (; count > 0; --count) instances.apply({{name++}, 0, 50});
  };
  apply_to_new_names(1000);
  const std::uint64_t few = instances.rows(0).size();
  instances.cut();
  auto snapshot = instances.save();
  instances.task().take_into(nullptr);
  apply_to_new_names(150);
  EXPECT_GT(instances.rows(0).size(), few) << "what is newer than the barrier stays while a copy is to be made";
  snapshot.reset();
  apply_to_new_names(1);
  EXPECT_LE(instances.rows(0).size(), few + 1);
}

TEST(RowCache, KeepsFewRowsInMemory) {
  auto instances = testkit::keyed_instances<Command>(Alarm(), &Command::name);
  instances.task().keep_rows_in(testkit::tight_stores(StateBackend::rocksdb));
  instances.start(1);
  for (std::int64_t name = 0; name < 5000; ++name) instances.apply({{name}, 0, 50});
  EXPECT_LE(instances.rows(0).size(), 256U);
  instances.take_results();
  instances.watermark(at(100));
  EXPECT_EQ(instances.take_results().size(), 5000U) << "timers of all, wherever their rows were";
}

}  // namespace
}  // namespace streamwork
