// A job that is to be at most once loses what a crash finds reserved and not read, and gives no event out twice, even where
// what it does cannot be taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <string>

#include "kit/crashing_runs.hpp"
#include "kit/scale.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using testkit::message_of;

constexpr std::uint64_t events = 400;

/// How often each event has taken effect in the world outside.
using Effects = std::map<std::uint64_t, int>;

/// What may be read: the numbers below `events`, in several ways.
enum class Input : std::uint8_t { generator, vector, file, last = file };

Stream<std::uint64_t> numbers_from(Job& job, Input input, int parallelism) {
  switch (input) {
    case Input::generator:
      return job.source("numbers", generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.count = events}),
                        {.parallelism = parallelism});
    case Input::vector: {
      std::vector<std::uint64_t> numbers(events);
      std::ranges::generate(numbers, [i = std::uint64_t{0}]() mutable { return i++; });
      return job.source("numbers", from_vector(std::move(numbers)), {.parallelism = parallelism});
    }
    case Input::file: {
      auto files = std::make_shared<testing::MemoryFileSystem>();
      std::string text;
      for (std::uint64_t i = 0; i < events; ++i) text += std::to_string(i) + (i + 1 < events ? "\n" : "");
      files->write("numbers", text);
      return job
          .source("numbers", file_lines("numbers", {.block_bytes = 100, .file_system = files}),
                  {.parallelism = parallelism})
          .map("number", [](const Line& line) { return std::uint64_t{std::stoull(line.text)}; });
    }
  }
  throw std::logic_error("no such input");
}

Job with_effects(Input input, int parallelism, Effects& effects) {
  Job job("numbers");
  numbers_from(job, input, parallelism)
      .key_by([](std::uint64_t i) { return i % 5; }, {.parallelism = 2})
      .sink("effects", for_each([&effects](std::uint64_t i) { ++effects[i]; }));
  return job;
}

TEST(AtMostOnce, LosesSomeAndRepeatsNothingWhereverItCrashes) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uint64_t lost = 0;
  std::uint64_t taken = 0;
  for (std::uint64_t schedule = 0; schedule < kit::scaled(300); ++schedule) {
    const auto input = static_cast<Input>(random() % (static_cast<unsigned>(Input::last) + 1));
    const std::uint64_t schedule_seed = random();
    SCOPED_TRACE("input " + std::to_string(static_cast<int>(input)) + ", seed " + std::to_string(schedule_seed));
    Effects effects;
    const int crashes = testkit::run_until_it_ends(
        [&](std::mt19937_64& choose) { return with_effects(input, 1 + static_cast<int>(choose() % 3), effects); },
        {.seed = schedule_seed, .delivery = Delivery::at_most_once});
    for (const auto& [event, times] : effects) ASSERT_EQ(times, 1) << "event " << event;
    if (crashes == 0) {
      ASSERT_EQ(effects.size(), events);
    }
    taken += effects.size();
    lost += events - effects.size();
  }
  EXPECT_GT(lost, 0U);
  EXPECT_GT(taken, lost);
}

TEST(AtMostOnce, GivesOutEverythingWhenNothingFails) {
  for (int input = 0; input <= static_cast<int>(Input::last); ++input) {
    for (std::uint64_t seed = 1; seed <= kit::scaled(20); ++seed) {
      Effects effects;
      testkit::run_until_it_ends(
          [&](std::mt19937_64& choose) {
            return with_effects(static_cast<Input>(input), 1 + static_cast<int>(choose() % 3), effects);
          },
          {.seed = seed, .delivery = Delivery::at_most_once, .crashes = 0});
      ASSERT_EQ(effects.size(), events) << "input " << input << ", seed " << seed;
    }
  }
}

struct Counted {
  std::uint64_t key;
  std::int64_t count;
};
class Counter {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::uint64_t>();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(std::uint64_t, Output<Counted>& out) { out.emit({*key_, ++*count_}); }

 private:
  CurrentKey<std::uint64_t> key_;
  ValueState<std::int64_t> count_;
};

TEST(AtMostOnce, LosesNothingWhenItIsSuspendedInOrder) {
  for (std::uint64_t seed = 1; seed <= kit::scaled(50); ++seed) {
    auto files = std::make_shared<testing::MemoryFileSystem>();
    Collected<Counted> counts;
    for (const std::uint64_t slices : {20 + seed, std::uint64_t{0}}) {
      Job job("counts");
      numbers_from(job, Input::generator, 2)
          .key_by([](std::uint64_t i) { return i % 5; }, {.parallelism = 2})
          .apply("count", Counter{})
          .sink("counts", collect(counts));
      testing::RunOptions options{.seed = seed};
      options.suspend_after_slices = slices;
      options.checkpoints = {
          .directory = "checkpoints", .delivery = Delivery::at_most_once, .interval = 0ns, .file_system = files};
      ASSERT_EQ(testing::run(job, options).failure, "");
    }
    ASSERT_EQ(counts.size(), events) << "seed " << seed;
    std::map<std::uint64_t, std::int64_t> greatest;
    for (const Counted& counted : counts.take()) greatest[counted.key] = std::max(greatest[counted.key], counted.count);
    for (const auto& [key, count] : greatest) ASSERT_EQ(count, events / 5) << "key " << key << ", seed " << seed;
  }
}

/// Can be read again, but not be told where to stop.
class Countdown {
 public:
  using Event = int;
  struct Split {
    int from;
  };
  using Position = Split;
  static constexpr SplitOrder split_order = SplitOrder::one_after_another;
  static std::vector<Split> splits(const SplitRequest&) { return {{10}}; }
  static Position position(const Split& split) { return split; }
  static std::vector<Split> splits_at(const SplitRequest&, const std::vector<Position>& rests) { return rests; }
  class Reader {
   public:
    explicit Reader(int from) : next_(from) {}
    template <class Push>
    ReadStatus read(Push&& push, std::size_t) {
      push(int{next_--});
      return next_ > 0 ? ReadStatus::more : ReadStatus::ended;
    }
    Position position() const { return {next_}; }

   private:
    int next_;
  };
  static Reader open(const Split& split, SourceContext&) { return Reader(split.from); }
};

TEST(AtMostOnce, RefusesASourceThatWouldReadAgainWhatItHasGivenOut) {
  Job job("countdown");
  job.source("countdown", Countdown{}).sink("nowhere", discard());
  testing::RunOptions options;
  options.checkpoints = {.directory = "checkpoints",
                         .delivery = Delivery::at_most_once,
                         .file_system = std::make_shared<testing::MemoryFileSystem>()};
  EXPECT_THAT(message_of([&] { testing::run(job, options); }),
              ::testing::AllOf(::testing::HasSubstr("countdown"), ::testing::HasSubstr("stop_at")));
}

TEST(AtMostOnce, DoesNotGoOnFromAnOlderCheckpointUnlessItIsToldTo) {
  auto files = std::make_shared<testing::MemoryFileSystem>();
  Effects effects;
  testing::RunOptions options;
  options.checkpoints = {
      .directory = "checkpoints", .delivery = Delivery::at_most_once, .interval = 0ns, .file_system = files};
  testing::run(with_effects(Input::generator, 1, effects), options);
  std::vector<std::string> names = files->list("checkpoints");
  std::string newest;
  for (const std::string& name : names) {
    if (files->describe("checkpoints/" + name).kind == FileKind::directory) newest = std::max(newest, name);
  }
  for (const std::string& name : files->list("checkpoints/" + newest))
    files->write("checkpoints/" + newest + "/" + name, "damaged");
  const std::string message = message_of([&] { testing::run(with_effects(Input::generator, 1, effects), options); });
  EXPECT_THAT(message, ::testing::AllOf(::testing::HasSubstr("at most once"),
                                        ::testing::HasSubstr("--restore checkpoints/"), ::testing::HasSubstr(newest)));
}

TEST(AtMostOnce, NoticesThatTheNewestCheckpointIsGone) {
  // With its manifest it is an attempt that failed, without its directory it never was.
  for (const bool whole_directory : {false, true}) {
    auto files = std::make_shared<testing::MemoryFileSystem>();
    Effects effects;
    testing::RunOptions options;
    options.checkpoints = {
        .directory = "checkpoints", .delivery = Delivery::at_most_once, .interval = 0ns, .file_system = files};
    ASSERT_EQ(testing::run(with_effects(Input::generator, 1, effects), options).end, JobEnd::finished);
    std::string newest;
    for (const std::string& name : files->list("checkpoints")) {
      if (files->exists("checkpoints/" + name + "/manifest")) newest = std::max(newest, "checkpoints/" + name);
    }
    for (const std::string& name : files->list(newest)) {
      if (whole_directory || name == "manifest") files->remove(newest + "/" + name);
    }
    if (whole_directory) files->remove(newest);
    const std::string message = message_of([&] { testing::run(with_effects(Input::generator, 1, effects), options); });
    EXPECT_THAT(message,
                ::testing::AllOf(::testing::HasSubstr("was complete"), ::testing::HasSubstr("--restore checkpoints/")));
    for (const auto& [event, times] : effects) EXPECT_EQ(times, 1) << "event " << event;
    options.checkpoints.restore = "none";
    EXPECT_NE(testing::run(with_effects(Input::generator, 1, effects), options).end, JobEnd::failed);
  }
}

}  // namespace
}  // namespace streamwork
