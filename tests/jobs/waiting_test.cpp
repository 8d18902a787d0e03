// Nothing that becomes possible while a task waits for something else is forgotten.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/source.hpp>
#include <thread>
#include <vector>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

/// Like a socket that always has more in a moment: after each burst it waits, and is woken at once, whatever its task is
/// doing by then.
struct Bursts {
  using Event = std::int64_t;
  struct Split {};
  static constexpr sw::SplitOrder split_order = sw::SplitOrder::one_after_another;
  /// More than fits into the channels behind it, and no multiple of a batch.
  static constexpr std::int64_t burst = 49'999;
  std::int64_t count;

  std::vector<Split> splits(const sw::SplitRequest&) const { return {Split{}}; }

  struct Reader {
    sw::SourceContext* context;
    std::int64_t left;

    template <class Push>
    sw::ReadStatus read(Push&& push, std::size_t limit) {
      while (left > 0 && limit-- > 0) {
        const bool room = push(--left);
        if (left > 0 && left % burst == 0) {
          context->wake_at(context->clock().steady_now());
          return sw::ReadStatus::waiting;
        }
        if (!room) break;
      }
      return left > 0 ? sw::ReadStatus::more : sw::ReadStatus::ended;
    }
  };
  Reader open(const Split&, sw::SourceContext& context) const { return {&context, count * burst}; }
};

}  // namespace

// A source has read all there was, and its output is full. What wakes it now is more input, and it cannot take it yet; when
// its output has room again it must look for input once more, for nothing else will wake it.
TEST(Waiting, InputThatComesWhileASourceIsBlockedIsNotForgotten) {
  constexpr std::int64_t count = 20;
  sw::Job job{"bursts"};
  const sw::Stream<std::int64_t> numbers = job.source("bursts", Bursts{count});
  std::atomic<std::int64_t> seen = 0;
  numbers.shuffle({.parallelism = 2})
      .sink("slow", sw::for_each([&seen](std::int64_t n) {
              ++seen;
              if (n % 1000 == 0) std::this_thread::sleep_for(1ms);
            }),
            {.blocking = true});
  sw::JobHandle handle = sw::start(job, {.workers = 2});
  ASSERT_TRUE(handle.wait_for(60s)) << "the source was never woken again";
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
  EXPECT_EQ(seen, count * Bursts::burst);
}
