// Whole jobs through the public interface: what the engine promises about order, memory, state and bad events.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ranges>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;
using streamwork::kit::finished;
using streamwork::kit::numbers;
using streamwork::kit::resident_megabytes;
using streamwork::kit::scaled;

namespace {

struct Numbered {
  std::int64_t key = 0;
  std::int64_t number = 0;
  friend bool operator==(const Numbered&, const Numbered&) = default;
};

}  // namespace

TEST(Order, IsKeptBetweenOneProducerAndOneConsumer) {
  for (const int workers : {1, 2, 3}) {
    sw::Job job{"order"};
    sw::Collected<std::int64_t> collected;
    job.source("numbers", numbers(scaled(300'000)))
        .forward()
        .map("same", [](std::int64_t n) { return n; })
        .forward()
        .sink("collect", sw::collect(collected));
    finished(job, workers);
    const std::vector<std::int64_t> got = collected.take();
    ASSERT_EQ(got.size(), scaled(300'000));
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], static_cast<std::int64_t>(i));
  }
}

TEST(Order, IsKeptPerKeyBehindAFieldsGrouping) {
  struct InOrder {
    void open(sw::OperatorContext& context) { last_ = context.value_state<std::int64_t>("last", -1); }
    void apply(const Numbered& event, sw::Output<Numbered>& out) {
      if (event.number <= *last_) out.emit(event);
      *last_ = event.number;
    }
    sw::ValueState<std::int64_t> last_;
  };
  sw::Job job{"order per key"};
  sw::Collected<Numbered> violations;
  job.source("numbers", numbers(scaled(500'000)))
      .map("key", [](std::int64_t n) { return Numbered{n % 97, n}; })
      .key_by(&Numbered::key, {.parallelism = 5})
      .apply("check", InOrder{})
      .sink("violations", sw::collect(violations));
  finished(job, 3);
  EXPECT_TRUE(violations.take().empty());
}

TEST(Emission, OneEventBecomesTenMillionInBoundedMemory) {
  struct Explode {
    void apply(const std::int64_t& count, sw::Output<std::int64_t>& out) {
      out.emit_all(std::views::iota(std::int64_t{0}, count));
    }
  };
  const auto many = static_cast<std::int64_t>(scaled(10'000'000));
  const std::int64_t before = resident_megabytes();
  sw::Job job{"explosion"};
  std::atomic<std::int64_t> sum{0};
  const auto add = sw::for_each([&sum](std::int64_t n) { sum.fetch_add(n, std::memory_order_relaxed); });
  auto source = job.source("one", sw::from_vector(std::vector<std::int64_t>{many}));
  source.apply("explode", Explode{}).shuffle({.parallelism = 2}).sink("by emit_all", add);
  source.flat_map("range", [](std::int64_t count) { return std::views::iota(std::int64_t{0}, count); })
      .forward()
      .sink("by flat_map", add);
  finished(job);
  EXPECT_EQ(sum.load(), many * (many - 1));
  EXPECT_LT(resident_megabytes() - before, 64);
}

TEST(Emission, MoreThanTheLimitFromOneCallIsAnErrorThatNamesTheRemedy) {
  struct Flood {
    void apply(const std::int64_t&, sw::Output<std::int64_t>& out) {
      for (std::int64_t i = 0; i < 200'000; ++i) out.emit(i);
    }
  };
  sw::Job job{"flood"};
  job.source("one", numbers(1)).apply("flood", Flood{}).sink("discard", sw::discard());
  const sw::JobResult result = sw::start(job).wait();
  EXPECT_EQ(result.end, sw::JobEnd::failed);
  EXPECT_NE(result.failure.find("'flood'"), std::string::npos) << result.failure;
  EXPECT_NE(result.failure.find("emit_all"), std::string::npos) << result.failure;
}

TEST(BackPressure, ASlowSinkBoundsMemoryAndLosesNothing) {
  const auto events = scaled(1'000'000);
  struct Heavy {
    std::int64_t number;
    std::int64_t payload[15];
  };
  const std::int64_t before = resident_megabytes();
  sw::Job job{"slow sink"};
  std::atomic<std::uint64_t> seen{0};
  std::atomic<std::int64_t> sum{0};
  job.source("fast", sw::generate<Heavy>([](std::uint64_t i) { return Heavy{static_cast<std::int64_t>(i), {}}; },
                                         {.count = events}))
      .forward()
      .sink("slow", sw::for_each([&](const Heavy& heavy) {
              if (seen.fetch_add(1, std::memory_order_relaxed) % 50'000 == 0) std::this_thread::sleep_for(10ms);
              sum.fetch_add(heavy.number, std::memory_order_relaxed);
            }),
            {.blocking = true});
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  std::int64_t most = 0;
  while (!handle.wait_for(5ms)) most = std::max(most, resident_megabytes() - before);
  const sw::JobResult result = handle.wait();
  EXPECT_EQ(seen.load(), events);
  EXPECT_EQ(sum.load(), static_cast<std::int64_t>(events * (events - 1) / 2));
  EXPECT_LT(most, 48);
  EXPECT_GT(result.metrics.vertex("fast").instances[0].times.blocked, 10ms) << "the source was not held back";
  EXPECT_EQ(result.metrics.vertex("fast").blocked_by, std::vector<std::string>{"slow"});
}

TEST(BadEvents, FailSkipOrBecomeDeadLettersAsTheVertexSays_F17) {
  const auto odd_is_bad = [](std::int64_t n) {
    if (n % 2 == 1) throw sw::BadEvent("odd", 3);
    return n;
  };
  {
    sw::Job job{"fail"};
    job.source("numbers", numbers(10)).map("even", odd_is_bad).sink("discard", sw::discard());
    const sw::JobResult result = sw::start(job).wait();
    EXPECT_EQ(result.failure, "vertex 'even', instance 0: bad event: odd");
  }
  {
    sw::Job job{"skip"};
    sw::Collected<std::int64_t> kept;
    job.source("numbers", numbers(10))
        .map("even", odd_is_bad, {.bad_events = sw::skip_bad_events()})
        .sink("keep", sw::collect(kept));
    EXPECT_EQ(finished(job).metrics.vertex("even").failed(), 5U);
    EXPECT_EQ(kept.take(), (std::vector<std::int64_t>{0, 2, 4, 6, 8}));
  }
  {
    sw::Job job{"dead letters"};
    sw::Collected<sw::DeadLetter> letters;
    const sw::SideOutput<sw::DeadLetter> rejected{"rejected"};
    const std::vector<sw::Line> lines{{"0", 0}, {"1", 2}, {"2", 4}, {"3", 6}};
    auto even = job.source("lines", sw::from_vector(lines))
                    .map("even", [&](const sw::Line& line) { return odd_is_bad(line.text[0] - '0'); },
                         {.bad_events = sw::dead_letter(rejected)});
    even.sink("discard", sw::discard());
    even.side(rejected).sink("letters", sw::collect(letters));
    finished(job);
    const std::vector<sw::DeadLetter> got = letters.take();
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[1].vertex, "even");
    EXPECT_EQ(got[1].text, "3");
    EXPECT_EQ(got[1].position, 6);
    EXPECT_EQ(got[1].offset, 3);
    EXPECT_EQ(got[1].reason, "odd");
  }
}

TEST(SideOutputs, ThatTheOperatorDoesNotOpenAreRefused) {
  struct Plain {
    void apply(const std::int64_t& n, sw::Output<std::int64_t>& out) { out.emit(n); }
  };
  sw::Job job{"typo"};
  auto plain = job.source("numbers", numbers(10)).apply("plain", Plain{});
  plain.sink("discard", sw::discard());
  plain.side(sw::SideOutput<std::int64_t>("late")).sink("late", sw::discard());
  const sw::JobResult result = sw::start(job).wait();
  EXPECT_EQ(result.end, sw::JobEnd::failed);
  EXPECT_NE(result.failure.find("'late'"), std::string::npos) << result.failure;
}

TEST(SideOutputs, ThatNobodyTakesAreCounted) {
  struct Noisy {
    void open(sw::OperatorContext& context) { noise_ = &context.side_output(sw::SideOutput<int>("noise")); }
    void apply(const std::int64_t& n, sw::Output<std::int64_t>& out) {
      noise_->emit(1);
      out.emit(n);
    }
    sw::Output<int>* noise_ = nullptr;
  };
  sw::Job job{"noise"};
  job.source("numbers", numbers(1000)).apply("noisy", Noisy{}).sink("discard", sw::discard());
  EXPECT_EQ(finished(job).metrics.vertex("noisy").unclaimed(), 1000U);
}

TEST(State, OfEachKeyIsItsOwnAndStartsWithTheInitialValue) {
  struct Sum {
    void open(sw::OperatorContext& context) {
      sum_ = context.value_state<std::int64_t>("sum", 1000);
      seen_ = context.value_state<std::vector<std::int64_t>>("seen");
    }
    void apply(const Numbered& event, sw::Output<Numbered>& out) {
      seen_->push_back(event.number);
      *sum_ += event.number;
      if (seen_->size() == 10) out.emit({event.key, *sum_});
    }
    sw::ValueState<std::int64_t> sum_;
    sw::ValueState<std::vector<std::int64_t>> seen_;
  };
  const auto keys = static_cast<std::int64_t>(scaled(30'000));
  sw::Job job{"state"};
  sw::Collected<Numbered> sums;
  job.source("numbers", numbers(static_cast<std::uint64_t>(keys) * 10), {.parallelism = 2})
      .map("key", [keys](std::int64_t n) { return Numbered{n % keys, n / keys}; })
      .key_by([](const Numbered& event) { return "key " + std::to_string(event.key); }, {.parallelism = 3})
      .apply("sum", Sum{})
      .sink("sums", sw::collect(sums));
  finished(job);
  const std::vector<Numbered> got = sums.take();
  EXPECT_EQ(got.size(), static_cast<std::size_t>(keys));
  for (const Numbered& sum : got) ASSERT_EQ(sum.number, 1045);
}

TEST(State, WithoutAKeyIsRefusedWithTheRemedy) {
  struct Keyless {
    void open(sw::OperatorContext& context) { context.value_state<int>("count"); }
    void apply(const std::int64_t&, sw::Output<int>&) {}
  };
  sw::Job job{"keyless"};
  job.source("numbers", numbers(1)).apply("keyless", Keyless{}).sink("discard", sw::discard());
  EXPECT_NE(sw::start(job).wait().failure.find(".key_by("), std::string::npos);
}
