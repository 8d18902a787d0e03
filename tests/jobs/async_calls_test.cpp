// Calls to a service while a job runs: how many, how long, how often, and who waits for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <streamwork/streamwork.hpp>
#include <thread>
#include <vector>

#include "kit/held_calls.hpp"
#include "kit/jobs.hpp"
#include "kit/scale.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;
using Numbers = std::vector<std::int64_t>;

TEST(AsyncCalls, AreNotMoreAtOnceThanMayBeInFlight) {
  kit::HeldCalls service;
  sw::Collected<std::int64_t> results;
  sw::Job job{"bounded"};
  job.source("numbers", kit::numbers(1000))
      .async_map("ask", service, {.in_flight = 10, .timeout = 1h})
      .sink("results", sw::collect(results));
  sw::JobHandle handle = sw::start(job, {.workers = 2});
  const auto asked = [&] { return handle.metrics().vertex("ask").instances.front(); };
  kit::wait_until([&] { return asked().in_flight == 10 && asked().times.calling > 5ms; }, "time spent on calls");
  EXPECT_EQ(service.made(), 10U);
  EXPECT_EQ(asked().events_in, 10U);
  while (handle.running()) {
    auto calls = service.take();
    EXPECT_LE(calls.size(), 10U);
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) call->reply.send(call->number);
    std::this_thread::yield();
  }
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
  Numbers expected;
  for (std::int64_t i = 0; i < 1000; ++i) expected.push_back(i);
  EXPECT_EQ(results.snapshot(), expected);
}

TEST(AsyncCalls, DoNotHoldBackTheResultsOfEarlierOnes) {
  kit::HeldCalls service;
  sw::Collected<std::int64_t> results;
  sw::Job job{"one by one"};
  job.source("numbers", kit::numbers(3))
      .async_map("ask", service, {.in_flight = 1, .timeout = 1h})
      .sink("results", sw::collect(results));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  for (std::size_t i = 1; i <= 3; ++i) {
    service.take_when_made(i).front().reply.send(static_cast<std::int64_t>(i) * 10);
    kit::wait_until([&] { return results.size() == i; }, "a result behind which a call is held");
  }
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
  EXPECT_EQ(results.snapshot(), (Numbers{10, 20, 30}));
}

TEST(AsyncCalls, OfTwoVerticesInARowBothGoOn) {
  kit::HeldCalls first;
  kit::HeldCalls second;
  sw::Collected<std::int64_t> results;
  sw::Job job{"two services"};
  job.source("numbers", kit::numbers(4))
      .async_map("first", first, {.in_flight = 2, .timeout = 1h})
      .async_map("second", second, {.in_flight = 1, .timeout = 1h})
      .sink("results", sw::collect(results));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  first.take_when_made(2).front().reply.send(1);  // the other one is never answered before the end
  second.take_when_made(1).front().reply.send(10);
  kit::wait_until([&] { return results.size() == 1; }, "a result of both");
  kit::wait_until([&] { return first.made() == 3; }, "room for a third call");
  handle.cancel();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::cancelled);
}

TEST(AsyncCalls, LeaveTheirWorkerToOthers) {
  kit::HeldCalls service;
  std::atomic<int> others = 0;
  sw::Job job{"neighbours"};
  job.source("numbers", kit::numbers(1000))
      .async_map("ask", service, {.in_flight = 5, .timeout = 1h})
      .sink("results", sw::discard());
  job.source("other numbers", kit::numbers(100'000)).sink("others", sw::for_each([&](std::int64_t) { ++others; }));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  kit::wait_until([&] { return service.made() == 5 && others == 100'000; }, "the work of others");
  handle.cancel();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::cancelled);
}

// A batch of which nothing passes the filter is nothing to the vertex behind it: replies are taken all the same.
TEST(AsyncCalls, ComeBackWhileInputKeepsTheTaskBusy) {
  kit::HeldCalls service;
  std::atomic<int> results = 0;
  sw::Job job{"busy"};
  job.source("numbers", kit::numbers())
      .filter("one", [](std::int64_t number) { return number == 7; })
      .async_map("ask", service, {.timeout = 1h})
      .sink("results", sw::for_each([&](std::int64_t) { ++results; }));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  service.take_when_made(1).front().reply.send(1);
  kit::wait_until([&] { return results == 1; }, "the result");
  handle.stop();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
}

TEST(AsyncCalls, InFlightComeOutWhenTheJobIsStopped) {
  kit::HeldCalls service;
  sw::Collected<std::int64_t> results;
  sw::Job job{"stopped"};
  job.source("numbers", kit::numbers())
      .async_map("ask", service, {.in_flight = 3, .timeout = 1h})
      .sink("results", sw::collect(results));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  const auto held = service.take_when_made(3);
  handle.stop();
  for (const auto& call : held) call.reply.send(call.number);
  while (handle.running()) {
    for (const auto& call : service.take()) call.reply.send(call.number);
  }
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
  EXPECT_EQ(results.size(), service.made());
}

// Threads of a client answer at any moment, also when the task, its job and everything else has gone.
TEST(AsyncCalls, MayBeAnsweredWhileTheJobIsCancelledAndAfterwards) {
  std::mt19937_64 random(kit::seed());
  for (std::uint64_t i = 0; i < kit::scaled(60); ++i) {
    kit::HeldCalls service;
    std::atomic<bool> answering = true;
    std::thread client([&] {
      while (answering) {
        for (const auto& call : service.take()) {
          if (call.number % 7 == 0) continue;  // dropped
          call.number % 5 == 0 ? call.reply.fail("no time") : call.reply.send(call.number);
        }
      }
    });
    std::vector<kit::HeldCalls::Call> late;
    {
      sw::Job job{"cancelled"};
      job.source("numbers", kit::numbers())
          .shuffle({.parallelism = 3})
          .async_map("ask", service,
                     {.order = i % 2 == 0 ? sw::AsyncOrder::ordered : sw::AsyncOrder::unordered,
                      .attempts = 1000,
                      .backoff = {.first = 1ms}})
          .sink("results", sw::discard());
      sw::JobHandle handle = sw::start(job, {.workers = 2});
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
      late = service.take();
      handle.cancel();
      EXPECT_EQ(handle.wait().end, sw::JobEnd::cancelled);
      for (const auto& call : late) EXPECT_FALSE(call.reply.wanted());
    }
    for (const auto& call : late) call.reply.send(1);
    answering = false;
    client.join();
  }
}

TEST(AsyncCalls, OnThreadsRunAsManyAtOnceAsThereAreThreads) {
  std::atomic<int> at_once = 0;
  std::atomic<int> most_at_once = 0;
  sw::Collected<std::int64_t> results;
  sw::Job job{"blocking client"};
  job.source("numbers", kit::numbers(200))
      .async_map("ask",
                 sw::on_threads(3,
                                [&](const std::int64_t& number) {
                                  const int now = ++at_once;
                                  for (int most = most_at_once; now > most;)
                                    most_at_once.compare_exchange_weak(most, now);
                                  std::this_thread::sleep_for(200us);
                                  --at_once;
                                  if (number % 10 == 3) throw sw::BadEvent("three");
                                  return number * 2;
                                }),
                 {.bad_events = sw::skip_bad_events()})
      .sink("results", sw::collect(results));
  const sw::JobResult result = kit::finished(job);
  EXPECT_EQ(result.metrics.vertex("ask").failed(), 20U);
  EXPECT_EQ(results.size(), 180U);
  EXPECT_GT(most_at_once, 1);
  EXPECT_LE(most_at_once, 3);
}

namespace {

struct Tick {
  sw::EventTime time;
};
Tick tick(std::int64_t second) { return {sw::EventTime(std::chrono::seconds(second))}; }

}  // namespace

// An input that waits for calls is not idle: its events are still to come, and nobody may go on without them.
TEST(AsyncCalls, DoNotMakeWhatIsBehindThemIdle) {
  kit::HeldCalls service;
  sw::Job job{"not idle"};
  const sw::Stream<Tick> slow = job.source("slow", kit::numbers(3))
                                    .async_map("ask", service, {.in_flight = 1, .timeout = 1h})
                                    .map("slow tick", tick)
                                    .event_time(&Tick::time, sw::ascending(), {.idle_after = 5ms, .name = "slow time"});
  const sw::Stream<Tick> fast = job.source("fast", kit::numbers())
                                    .map("fast tick", tick)
                                    .event_time(&Tick::time, sw::ascending(), {.name = "fast time"});
  sw::merge(slow, fast).window(sw::tumbling(1s)).aggregate("windows", sw::count()).sink("results", sw::discard());
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  service.take_when_made(1).front().reply.send(1);
  service.take_when_made(2);
  std::this_thread::sleep_for(50ms);
  const auto watermark = handle.metrics().vertex("windows").instances.front().watermark;
  EXPECT_TRUE(!watermark || *watermark <= sw::EventTime(1s)) << "went on without the events that wait for calls";
  handle.cancel();
  handle.wait();
}
