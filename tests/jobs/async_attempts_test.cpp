// Attempts, by a clock that is moved by hand: when they are made, and what becomes of an event when none helps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <vector>

#include "kit/jobs.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Reply = sw::Reply<std::int64_t>;

namespace {

/// Notes when it is called, and leaves the rest to `answer(attempt, reply)`.
class NotedService {
 public:
  explicit NotedService(std::function<void(std::size_t, Reply)> answer) : answer_(std::move(answer)) {}

  void open(sw::AsyncContext& context) { clock_ = &context.clock(); }
  void operator()(const std::int64_t&, Reply reply) {
    times_->push_back(std::chrono::round<std::chrono::milliseconds>(clock_->steady_now().time_since_epoch()));
    answer_(times_->size(), std::move(reply));
  }

  /// Milliseconds since the start of each call.
  const std::vector<std::chrono::milliseconds>& times() const { return *times_; }

 private:
  std::function<void(std::size_t, Reply)> answer_;
  const sw::Clock* clock_ = nullptr;
  std::shared_ptr<std::vector<std::chrono::milliseconds>> times_ =
      std::make_shared<std::vector<std::chrono::milliseconds>>();
};

struct Ended {
  sw::JobResult result;
  std::vector<std::int64_t> results;
};

/// Runs one event through the service.
Ended run(const NotedService& service, const sw::AsyncOptions& options) {
  sw::Collected<std::int64_t> results;
  sw::Job job{"attempts"};
  job.source("numbers", kit::numbers(1)).async_map("ask", service, options).sink("results", sw::collect(results));
  sw::JobResult result = sw::testing::run(job);
  return {std::move(result), results.snapshot()};
}

constexpr sw::Backoff exact{.first = 100ms, .factor = 2.0, .longest = 300ms, .spread = 0};

}  // namespace

TEST(AsyncAttempts, ComeAfterTheTimeoutAndLongerAndLongerWaits) {
  std::vector<Reply> silent;
  const NotedService service([&](std::size_t, Reply reply) { silent.push_back(std::move(reply)); });
  const Ended ended = run(service, {.timeout = 2s, .attempts = 5, .backoff = exact});
  EXPECT_THAT(service.times(), ElementsAre(0ms, 2100ms, 4300ms, 6600ms, 8900ms));
  EXPECT_EQ(ended.result.end, sw::JobEnd::failed);
  EXPECT_THAT(ended.result.failure,
              HasSubstr("'ask', instance 0: bad event: no answer in 5 attempts; the last one: no answer within 2s"));
  EXPECT_EQ(ended.result.metrics.vertex("ask").instances.front().retried, 4U);
}

TEST(AsyncAttempts, EndWithTheFirstAnswerAndALaterOneIsIgnored) {
  std::vector<Reply> held;
  const NotedService service([&](std::size_t attempt, Reply reply) {
    held.push_back(reply);
    if (attempt < 3) return;
    EXPECT_FALSE(held[0].wanted());
    held[0].send(1);
    held[1].refuse("too late for that");
    EXPECT_TRUE(reply.wanted());
    reply.send(3);
    reply.send(4);
    reply.fail("too late too");
    EXPECT_FALSE(reply.wanted());
  });
  const Ended ended = run(service, {.timeout = 1s, .backoff = exact});
  EXPECT_EQ(ended.result.end, sw::JobEnd::finished) << ended.result.failure;
  EXPECT_THAT(ended.results, ElementsAre(3));
}

TEST(AsyncAttempts, AreMadeAgainAfterEveryKindOfFailure) {
  const NotedService service([&](std::size_t attempt, const Reply& reply) {
    if (attempt == 1) throw std::runtime_error("not there");
    if (attempt == 2) throw 5;
    if (attempt == 3) return reply.fail("no time");
    if (attempt == 5) reply.send(5);  // the fourth one is dropped
  });
  const Ended ended = run(service, {.timeout = 1s, .attempts = 5, .backoff = exact});
  EXPECT_EQ(ended.result.end, sw::JobEnd::finished) << ended.result.failure;
  EXPECT_THAT(ended.results, ElementsAre(5));
  EXPECT_THAT(service.times(), ElementsAre(0ms, 100ms, 300ms, 600ms, 900ms));
}

TEST(AsyncAttempts, AreNotMadeAgainWhenTheEventIsRefused) {
  for (const bool throws : {false, true}) {
    const NotedService service([&](std::size_t, const Reply& reply) {
      if (throws) throw sw::BadEvent("unknown machine");
      reply.refuse("unknown machine");
    });
    const Ended ended = run(service, {.bad_events = sw::skip_bad_events()});
    EXPECT_EQ(ended.result.end, sw::JobEnd::finished) << ended.result.failure;
    EXPECT_EQ(service.times().size(), 1U);
    EXPECT_EQ(ended.result.metrics.vertex("ask").failed(), 1U);
    EXPECT_TRUE(ended.results.empty());
  }
}

TEST(AsyncAttempts, TellTheReasonOfTheLastOne) {
  const NotedService dropping([](std::size_t, const Reply&) {});
  EXPECT_THAT(run(dropping, {.attempts = 1}).result.failure,
              HasSubstr("bad event: the reply was dropped without an answer"));
  const NotedService throwing([](std::size_t, const Reply&) { throw std::runtime_error("connection refused"); });
  EXPECT_THAT(run(throwing, {.attempts = 2}).result.failure,
              HasSubstr("bad event: no answer in 2 attempts; the last one: connection refused"));
}

TEST(AsyncAttempts, OfTwoVerticesBehindAForkBothGetTheWholeEvent) {
  const std::vector<std::string> words(50, "longer than what a string keeps without memory of its own");
  sw::Collected<std::string> left;
  sw::Collected<std::string> right;
  sw::Job job{"fork"};
  const sw::Stream<std::string> stream = job.source("words", sw::from_vector(words));
  const auto echo = [](const std::string& word, const sw::Reply<std::string>& reply) { reply.send(word); };
  stream.async_map("left", echo, {.in_flight = 3}).sink("left words", sw::collect(left));
  stream.async_map("right", echo, {.in_flight = 7}).sink("right words", sw::collect(right));
  EXPECT_EQ(sw::testing::run(job).failure, "");
  EXPECT_EQ(left.snapshot(), words);
  EXPECT_EQ(right.snapshot(), words);
}

TEST(AsyncAttempts, MayBeGivenAnOpenThatFails) {
  struct Closed {
    void open(sw::AsyncContext&) { throw std::runtime_error("no route to the service"); }
    void operator()(const std::int64_t&, sw::Reply<std::int64_t>) {}
  };
  sw::Job job{"closed"};
  job.source("numbers", kit::numbers(1)).async_map("ask", Closed{}).sink("results", sw::discard());
  EXPECT_THAT(sw::testing::run(job).failure, HasSubstr("'ask', instance 0: no route to the service"));
}

TEST(AsyncAttempts, WithImpossibleOptionsAreRefusedBeforeTheStart) {
  const auto problem = [](sw::AsyncOptions options) -> std::string {
    sw::Job job{"refused"};
    job.source("numbers", kit::numbers(1))
        .async_map(
            "ask", [](const std::int64_t& n, const Reply& reply) { reply.send(n); }, std::move(options))
        .sink("results", sw::discard());
    try {
      sw::testing::run(job);
    } catch (const sw::GraphError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(problem({}), "accepted");
  EXPECT_THAT(problem({.in_flight = 0}), HasSubstr("async_map 'ask': in_flight is 0; write a number from 1"));
  EXPECT_THAT(problem({.in_flight = 1'000'000}), HasSubstr("to 65536"));
  EXPECT_THAT(problem({.timeout = 0s}), HasSubstr("a time greater than zero"));
  EXPECT_THAT(problem({.timeout = sw::Duration::max()}), HasSubstr("at most a year"));
  EXPECT_THAT(problem({.attempts = 0}), HasSubstr("write at least 1"));
  EXPECT_THAT(problem({.backoff = {.first = -1s}}), HasSubstr("between zero and a year"));
  EXPECT_THAT(problem({.backoff = {.factor = 0.5}}), HasSubstr("at least 1"));
  EXPECT_THAT(problem({.backoff = {.spread = 2}}), HasSubstr("from 0 to 1"));
}
