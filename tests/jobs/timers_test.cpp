// Timers of an operator of one's own: order, cancelling, both kinds of time, and a million that are due at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

/// At `time` (ms): set a timer of `key` for `timer` (ms), or take it back.
struct Order {
  std::int64_t key = 0;
  std::int64_t time = 0;
  std::int64_t timer = 0;
  bool cancel = false;
  sw::EventTime event_time() const { return sw::EventTime(std::chrono::milliseconds(time)); }
};
struct Fired {
  std::int64_t key = 0;
  std::int64_t timer = 0;
  std::int64_t seen = 0;  ///< orders of this key by then
  friend auto operator<=>(const Fired&, const Fired&) = default;
};

class Alarm {
 public:
  void open(sw::OperatorContext& context) {
    key_ = context.current_key<std::int64_t>();
    timers_ = context.event_timers();
    seen_ = context.value_state<std::int64_t>("seen");
  }
  void apply(const Order& order, sw::Output<Fired>&) {
    ++*seen_;
    const sw::EventTime at(std::chrono::milliseconds(order.timer));
    order.cancel ? timers_.cancel(at) : timers_.set(at);
  }
  void on_timer(sw::EventTime time, sw::Output<Fired>& out) {
    out.emit({*key_, time.time_since_epoch() / 1ms, *seen_});
  }

 private:
  sw::CurrentKey<std::int64_t> key_;
  sw::EventTimers timers_;
  sw::ValueState<std::int64_t> seen_;
};

/// What must fire, from plain sets of timers; event time comes as far as the last order.
std::vector<Fired> fired_by_the_rules(const std::vector<Order>& orders) {
  std::vector<Fired> fired;
  std::map<std::int64_t, std::pair<std::int64_t, std::set<std::int64_t>>> keys;
  std::int64_t watermark = std::numeric_limits<std::int64_t>::min();
  const auto fire = [&] {
    for (auto& [key, of_key] : keys) {
      auto& [seen, timers] = of_key;
      while (!timers.empty() && *timers.begin() <= watermark) {
        fired.push_back({key, *timers.begin(), seen});
        timers.erase(timers.begin());
      }
    }
  };
  for (const Order& order : orders) {
    auto& [seen, timers] = keys[order.key];
    ++seen;
    if (order.cancel) {
      timers.erase(order.timer);
    } else {
      timers.insert(order.timer);
    }
    // A timer for a time that has passed fires with the next watermark at the latest.
    if (order.time > watermark) {
      watermark = order.time;
      fire();
    }
  }
  watermark = std::numeric_limits<std::int64_t>::max();
  fire();
  std::ranges::sort(fired);
  return fired;
}

}  // namespace

TEST(Timers, FireAsTheRulesSayForRandomOrders) {
  const std::uint64_t seed = streamwork::kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < streamwork::kit::scaled(300); ++round) {
    std::vector<Order> orders;
    std::int64_t time = -50;
    for (int i = 0; i < 80; ++i) {
      time += 1 + static_cast<std::int64_t>(random() % 4);  // each order brings a watermark
      const std::int64_t ahead = static_cast<std::int64_t>(random() % 12);
      orders.push_back({static_cast<std::int64_t>(random() % 4), time, time + ahead, random() % 3 == 0});
    }
    sw::Job job{"timers"};
    sw::Collected<Fired> fired;
    job.source("orders", sw::from_vector(orders))
        .event_time(&Order::event_time, sw::ascending(), {.granularity = 1ms})
        .key_by(&Order::key, {.parallelism = 1 + static_cast<int>(round % 3)})
        .apply("alarm", Alarm{})
        .sink("fired", sw::collect(fired));
    sw::testing::run(job, {.seed = seed + round});
    std::vector<Fired> got = fired.take();
    std::map<std::int64_t, std::int64_t> last;
    for (const Fired& one : got) {
      const auto [before, first] = last.try_emplace(one.key, one.timer);
      EXPECT_LE(before->second, one.timer) << "timers of a key fire in the order of their times";
      before->second = one.timer;
    }
    std::ranges::sort(got);
    ASSERT_EQ(got, fired_by_the_rules(orders)) << "round " << round;
  }
}

TEST(Timers, OfDifferentKeysFireInTheOrderOfTimesAndThenOfSetting) {
  std::vector<Order> orders;
  for (const auto& [key, timer] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 30}, {2, 10}, {3, 20}, {4, 10}})
    orders.push_back({key, 0, timer});
  orders.push_back({5, 100, 200});
  sw::Job job{"order"};
  sw::Collected<Fired> fired;
  job.source("orders", sw::from_vector(orders))
      .event_time(&Order::event_time, sw::ascending())
      .key_by(&Order::key, {.parallelism = 1})
      .apply("alarm", Alarm{})
      .sink("fired", sw::collect(fired));
  sw::testing::run(job);
  std::vector<std::int64_t> keys;
  for (const Fired& one : fired.take()) keys.push_back(one.key);
  EXPECT_EQ(keys, (std::vector<std::int64_t>{2, 4, 3, 1, 5}));
}

namespace {

/// Says when a key was silent for ten seconds of the wall clock.
class Silence {
 public:
  void open(sw::OperatorContext& context) {
    key_ = context.current_key<std::int64_t>();
    timers_ = context.processing_timers();
    time_ = context.time();
    last_ = context.value_state<sw::ProcessingTime>("last");
  }
  void apply(const std::int64_t&, sw::Output<std::pair<std::int64_t, std::int64_t>>&) {
    timers_.cancel(*last_ + 10s);
    *last_ = time_.processing_time();
    timers_.set(*last_ + 10s);
  }
  void on_timer(sw::ProcessingTime time, sw::Output<std::pair<std::int64_t, std::int64_t>>& out) {
    EXPECT_TRUE(timers_.empty());
    out.emit({*key_, (time - *last_) / 1s});
  }

 private:
  sw::CurrentKey<std::int64_t> key_;
  sw::ProcessingTimers timers_;
  sw::OperatorTime time_;
  sw::ValueState<sw::ProcessingTime> last_;
};

}  // namespace

TEST(Timers, OfProcessingTimeFireByTheWallClock) {
  sw::Job job{"silence"};
  sw::Collected<std::pair<std::int64_t, std::int64_t>> silent;
  // One event a second: key 0 for the first 30, key 1 for the next 30, key 0 again.
  job.source("events", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i / 30 % 2); },
                                                  {.count = 90, .rate = 1}))
      .key_by([](std::int64_t key) { return key; })
      .apply("silence", Silence{})
      .sink("silent", sw::collect(silent));
  sw::testing::ManualClock clock;
  sw::testing::run(job, {.clock = &clock});
  auto got = silent.take();
  std::ranges::sort(got);
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{{0, 10}, {0, 10}, {1, 10}};
  EXPECT_EQ(got, expected) << "each silence once; the last one at the end of input";
}

namespace {

/// Only counts: nothing that it emits could be what makes it stop in between.
class Quiet {
 public:
  explicit Quiet(std::atomic<std::int64_t>& fired) : fired_(&fired) {}
  void open(sw::OperatorContext& context) { timers_ = context.event_timers(); }
  void apply(const Order& order, sw::Output<Fired>&) {
    timers_.set(sw::EventTime(std::chrono::milliseconds(order.timer)));
  }
  void on_timer(sw::EventTime, sw::Output<Fired>&) {
    for (int i = 0; i < 100; ++i) work_ = work_ * 0x9E37'79B9'7F4A'7C15ULL + 1;  // a tenth of a microsecond or more
    if (work_ != 0) ++*fired_;
  }

 private:
  std::uint64_t work_ = 1;
  std::atomic<std::int64_t>* fired_;
  sw::EventTimers timers_;
};

}  // namespace

// A million keys fire at one watermark. The ticker is another task of the same, only worker: it gets its turn in between.
TEST(Timers, OfAMillionKeysAtOnceLetOthersWork) {
  const auto keys = static_cast<std::int64_t>(streamwork::kit::scaled(1'000'000));
  std::atomic<std::int64_t> fired = 0;
  std::atomic<std::int64_t> seen_in_between = 0;
  sw::Job job{"a million"};
  job.source("orders", sw::generate<Order>(
                           [keys](std::uint64_t i) {
                             const auto n = static_cast<std::int64_t>(i);
                             return n < keys ? Order{n, 0, 50} : Order{0, 100, 1000};
                           },
                           {.count = static_cast<std::uint64_t>(keys) + 1}))
      .event_time(&Order::event_time, sw::ascending())
      .key_by(&Order::key)
      .apply("quiet", Quiet{fired})
      .sink("fired", sw::discard());
  std::int64_t last_fired = 0;
  job.source("ticker",
             sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); }, {.rate = 5000}))
      .sink("ticks", sw::for_each([&](std::int64_t) {
              const std::int64_t now = fired;
              if (now > last_fired && now < keys) ++seen_in_between;
              last_fired = now;
            }));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  for (int i = 0; i < 60'000 && fired <= keys - 1; ++i) std::this_thread::sleep_for(1ms);
  handle.stop();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
  EXPECT_EQ(fired, keys + 1) << "the last one at the end of input";
  if (keys >= 500'000) {
    EXPECT_GE(seen_in_between, 3) << "the ticker had to wait until all of them had fired";
  }
}
