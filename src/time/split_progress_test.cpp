// The splits of one source instance on a clock that stands still until the test moves it.
#include <gtest/gtest.h>

#include <chrono>
#include <streamwork/typed/split_clocks.hpp>
#include <utility>
#include <vector>

#include "kit/fake_task.hpp"

namespace streamwork::typed {
namespace {

using namespace std::chrono_literals;
using testkit::FakeTask;
using Markers = std::vector<std::pair<MarkerKind, std::int64_t>>;

class Splits {
 public:
  explicit Splits(const EventTimeOptions& options) : progress_(options) {
    task_.time.set(SteadyTime(1h));
    progress_.open(task_, counters_);
  }
  SplitProgress* operator->() { return &progress_; }
  FakeTask& task() { return task_; }

  /// The markers that are due, their times in milliseconds.
  Markers released() {
    Terminal terminal;
    progress_.release(terminal);
    return terminal.markers;
  }

 private:
  struct Terminal {
    Markers markers;
    void mark(MarkerKind kind, EventTime time) {
      markers.emplace_back(kind, time == beginning_of_time ? -1 : time.time_since_epoch() / 1ms);
    }
  };

  FakeTask task_;
  VertexCounters counters_;
  SplitProgress progress_;
};

EventTime at(std::chrono::milliseconds time) { return EventTime(time); }

const Markers nothing;

}  // namespace

TEST(SplitProgress, IsThatOfTheSlowestSplit) {
  Splits splits({});
  const std::size_t first = splits->add_split();
  const std::size_t second = splits->add_split();
  EXPECT_FALSE(splits->advance(first, at(10ms)));
  EXPECT_EQ(splits.released(), nothing) << "the second has told nothing yet";
  EXPECT_TRUE(splits->advance(second, at(7ms)));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 7}}));
  EXPECT_TRUE(splits->end(second));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 10}}));
}

TEST(SplitProgress, StaysWhereItIsBetweenTwoSplits) {
  Splits splits({});
  const std::size_t first = splits->add_split();
  splits->advance(first, at(10ms));
  splits.released();
  EXPECT_FALSE(splits->end(first)) << "there may be another split to come";
  const std::size_t second = splits->add_split();
  EXPECT_FALSE(splits->advance(second, at(3ms)));
  EXPECT_TRUE(splits->advance(second, at(11ms)));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 11}}));
}

TEST(SplitProgress, SplitThatWaitedForSoLongIsIdle) {
  Splits splits({.idle_after = 100ms});
  const std::size_t quick = splits->add_split();
  const std::size_t slow = splits->add_split();
  splits->advance(quick, at(50ms));
  splits->advance(slow, at(5ms));
  splits.released();
  EXPECT_FALSE(splits->wait(slow));
  EXPECT_EQ(splits.task().wake_time, splits.task().time.steady_now() + 100ms) << "it asks to be asked again";
  splits.task().time.advance(99ms);
  EXPECT_FALSE(splits->wait(slow));
  splits.task().time.advance(1ms);
  EXPECT_TRUE(splits->wait(slow));
  EXPECT_TRUE(splits->idle(slow));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 50}})) << "the quick one alone counts";
  splits->resume(slow);
  EXPECT_FALSE(splits->idle(slow));
  EXPECT_FALSE(splits->advance(quick, at(90ms))) << "held back again";
  EXPECT_TRUE(splits->advance(slow, at(60ms)));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 60}}));
}

TEST(SplitProgress, TimeInWhichTheTaskIsBlockedIsNoIdleness) {
  Splits splits({.idle_after = 100ms});
  const std::size_t split = splits->add_split();
  splits->wait(split);
  splits.task().time.advance(80ms);
  splits->stop_idle_clock();  // blocked from now on
  splits.task().time.advance(1h);
  EXPECT_FALSE(splits->wait(split)) << "begins anew";
  EXPECT_FALSE(splits->idle(split));
  splits.task().time.advance(100ms);
  splits->wait(split);
  EXPECT_TRUE(splits->idle(split));
}

TEST(SplitProgress, NeverIdleWithoutATimeout) {
  Splits splits({});
  const std::size_t split = splits->add_split();
  splits->wait(split);
  splits.task().time.advance(24h);
  EXPECT_FALSE(splits->wait(split));
  EXPECT_FALSE(splits->idle(split));
  EXPECT_FALSE(splits.task().will_wake());
}

TEST(SplitProgress, HoldsWhenAllSplitsAreIdle) {
  Splits splits({});
  const std::size_t split = splits->add_split();
  splits->advance(split, at(20ms));
  splits.released();
  EXPECT_TRUE(splits->declare_idle(split));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::idle, 20}}));
  splits.task().time.advance(1h);
  EXPECT_FALSE(splits->declare_idle(split));
  EXPECT_TRUE(splits->resume(split));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 20}})) << "those behind hear that it is alive again";
}

TEST(SplitProgress, FollowsTheWallClockWhenAllSplitsAreIdleIfAskedTo) {
  Splits splits({.granularity = 1ms, .follow_wall_clock_when_idle = true});
  const std::size_t first = splits->add_split();
  const std::size_t second = splits->add_split();
  splits->advance(first, at(20ms));
  splits->advance(second, at(30ms));
  splits.released();
  splits->declare_idle(first);
  splits.released();
  splits.task().time.advance(1s);
  EXPECT_FALSE(splits->declare_idle(first)) << "the second is alive";
  splits->declare_idle(second);
  splits.released();
  splits.task().time.advance(250ms);
  EXPECT_TRUE(splits->declare_idle(second));
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::idle, 280}})) << "250 ms after the 30 ms where it stood";
  EXPECT_TRUE(splits.task().will_wake()) << "goes on without an event";
  splits->resume(first);
  EXPECT_EQ(splits.released(), (Markers{{MarkerKind::watermark, 280}})) << "does not go back";
}

TEST(SplitProgress, RoundsDownBeforeTheYear1970Too) {
  Splits splits({.granularity = 10ms});
  EXPECT_EQ(splits->floor(at(19ms)), at(10ms));
  EXPECT_EQ(splits->floor(at(-1ms)), at(-10ms));
  EXPECT_EQ(splits->floor(at(-10ms)), at(-10ms));
}

}  // namespace streamwork::typed
