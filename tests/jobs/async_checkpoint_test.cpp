// Calls that are under way when a checkpoint is taken. That they change nothing of what is published, wherever a job crashes, is
// shown by the simulation ("calls" and "fork").
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <vector>

#include "kit/held_calls.hpp"
#include "kit/jobs.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<std::int64_t>;

/// Ten numbers that `ask` gets, of a source that does not end.
template <class Ask>
JobHandle start_asking(const Ask& ask, Collected<std::int64_t>& results, const std::shared_ptr<FileSystem>& files) {
  Job job("asking");
  job.source("numbers", kit::numbers())
      .filter("ten", [](std::int64_t number) { return number < 10; })
      .async_map("ask", ask, {.in_flight = 100, .timeout = 1h})
      .sink("results", collect(results));
  return start(job, {.workers = 1, .checkpoints = {.directory = "checkpoints", .interval = 1h, .file_system = files}});
}

Numbers numbers_of(const std::vector<kit::HeldCalls::Call>& calls) {
  Numbers numbers;
  for (const auto& call : calls) numbers.push_back(call.number);
  std::ranges::sort(numbers);
  return numbers;
}

TEST(CallsInFlight, DoNotHoldUpACheckpointAndAreMadeAgainAfterARestart) {
  const auto files = std::make_shared<testing::MemoryFileSystem>();
  Collected<std::int64_t> results;
  const kit::HeldCalls silent;
  {
    JobHandle handle = start_asking(silent, results, files);
    const auto calls = silent.take_when_made(10);
    calls[2].reply.send(2);  // in the order of the events, so it cannot come out
    handle.take_savepoint();
    kit::wait_until([&] { return handle.metrics().checkpoints.completed == 1; }, "a checkpoint while calls are held");
    calls[0].reply.send(0);
    kit::wait_until([&] { return handle.metrics().vertex("results").events_in() == 1; }, "a result");
    handle.suspend();
    EXPECT_EQ(handle.wait().end, JobEnd::suspended);
    EXPECT_EQ(results.snapshot(), Numbers{0});
  }
  const kit::HeldCalls service;
  JobHandle handle = start_asking(service, results, files);
  const auto calls = service.take_when_made(9);
  EXPECT_EQ(numbers_of(calls), (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  for (const auto& call : calls) call.reply.send(call.number);
  kit::wait_until([&] { return handle.metrics().vertex("results").events_in() == 9; }, "all results");
  handle.suspend();
  EXPECT_EQ(handle.wait().end, JobEnd::suspended);
  EXPECT_EQ(results.snapshot(), (Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

/// Of a type that cannot be stored.
struct Pointer {
  explicit Pointer(const std::int64_t* pointee) : to(pointee) {}
  const std::int64_t* to;
};

TEST(CallsInFlight, AreWaitedForWhereTheEventsCannotBeStored) {
  static constexpr std::int64_t pointee = 7;
  Collected<std::int64_t> results;
  const kit::HeldCalls service;
  Job job("pointers");
  job.source("numbers", kit::numbers())
      .map("point", [](std::int64_t) { return Pointer(&pointee); })
      .async_map("ask",
                 [ask = kit::HeldCalls(service)](const Pointer& event, Reply<std::int64_t> reply) mutable {
                   ask(*event.to, reply);
                 },
                 {.in_flight = 1, .timeout = 1h})
      .sink("results", collect(results));
  JobHandle handle = start(job, {.workers = 1,
                                 .checkpoints = {.directory = "checkpoints",
                                                 .interval = 1h,
                                                 .file_system = std::make_shared<testing::MemoryFileSystem>()}});
  auto calls = service.take_when_made(1);
  handle.take_savepoint();
  while (handle.metrics().checkpoints.completed == 0) {
    EXPECT_GE(service.made(), results.size());
    for (const auto& call : calls) call.reply.send(call.number);
    calls = service.take();
  }
  EXPECT_GE(results.size(), 1U);
  handle.cancel();
  EXPECT_EQ(handle.wait().end, JobEnd::cancelled);
}

}  // namespace
}  // namespace streamwork
