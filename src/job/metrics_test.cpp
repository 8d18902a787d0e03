// Sums, the summary table, and who is called the bottleneck.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <streamwork/metrics.hpp>

#include "job/status_line.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Shares of one second, in percent.
struct Percent {
  int busy = 0;
  int queued = 0;
  int blocked = 0;
  int calling = 0;
};

InstanceMetrics instance(std::int64_t number, Percent spent) {
  InstanceMetrics metrics;
  metrics.instance = number;
  metrics.times = {spent.busy * 10ms, spent.queued * 10ms, spent.blocked * 10ms,
                   (100 - spent.busy - spent.queued - spent.blocked - spent.calling) * 10ms, spent.calling * 10ms};
  return metrics;
}

VertexMetrics vertex(const std::string& name, const std::string& kind, int chain, const std::vector<Percent>& instances,
                     std::vector<std::string> blocked_by = {}) {
  VertexMetrics metrics{name, kind, chain, std::move(blocked_by), {}};
  for (const Percent& spent : instances) {
    metrics.instances.push_back(instance(static_cast<std::int64_t>(metrics.instances.size()), spent));
  }
  return metrics;
}

/// What is told of a job after its first second.
std::string bottleneck_of(std::vector<VertexMetrics> vertices) {
  return bottleneck({"traffic", 0s, {}}, {"traffic", 1s, std::move(vertices)});
}

TEST(Metrics, AddUpOverInstances) {
  VertexMetrics counter = vertex("counter", "operator", 0, {{}, {}});
  counter.instances[0] = {0, 10, 20, 1, 3, {}};
  counter.instances[1] = {1, 5, 6, 2, 4, {}};
  EXPECT_EQ(counter.events_in(), 15U);
  EXPECT_EQ(counter.events_out(), 26U);
  EXPECT_EQ(counter.failed(), 3U);
  EXPECT_EQ(counter.unclaimed(), 7U);
}

TEST(Metrics, FindAVertexByName) {
  const JobMetrics metrics{"traffic", 1s, {vertex("reader", "source", 0, {{}}), vertex("print", "sink", 0, {{}})}};
  EXPECT_EQ(metrics.vertex("print").kind, "sink");
  try {
    metrics.vertex("prnt");
    FAIL() << "found a vertex that is not there";
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "job 'traffic' has no vertex 'prnt'");
  }
}

TEST(SummaryTable, AlignsItsColumns) {
  JobMetrics metrics{"traffic", 12345ms, {}};
  metrics.vertices = {vertex("reader", "source", 0, {{}, {}}), vertex("zähler", "operator", 1, {{}}),
                      vertex("print results", "sink", 1, {{}})};
  metrics.vertices[0].instances[0].events_out = 600;
  metrics.vertices[0].instances[1].events_out = 666;
  metrics.vertices[1].instances[0] = {0, 1266, 1264, 2, 0, {}};
  metrics.vertices[2].instances[0].events_in = 1264;
  EXPECT_EQ(summary_table(metrics),
            "traffic, 12.3 s\n"
            "vertex         instances    in   out  failed\n"
            "reader                 2     -  1266       0\n"
            "zähler                 1  1266  1264       2\n"
            "print results          1  1264     -       0\n");
}

TEST(SummaryTable, NotesCallsThatWereMadeAgain) {
  JobMetrics metrics{"traffic", 1s, {vertex("ask", "operator", 0, {{}})}};
  metrics.vertices[0].instances[0].retried = 3;
  EXPECT_THAT(summary_table(metrics), HasSubstr("\nnote: 'ask' made 3 calls again that had failed\n"));
}

TEST(SummaryTable, NotesEventsThatCameTooLate) {
  JobMetrics metrics{"traffic", 1s, {vertex("windows", "operator", 0, {{}, {}})}};
  metrics.vertices[0].instances[0].late = 3;
  metrics.vertices[0].instances[1].late = 4;
  EXPECT_THAT(summary_table(metrics), HasSubstr("\nnote: 7 events came too late for 'windows'\n"));
}

TEST(SummaryTable, NotesEventsThatNobodyTook) {
  JobMetrics metrics{"traffic", 1s, {vertex("split", "operator", 0, {{}})}};
  metrics.vertices[0].instances[0].unclaimed = 12;
  EXPECT_THAT(summary_table(metrics),
              HasSubstr("\nnote: 'split' emitted 12 events to side outputs from which no stream was made\n"));
}

TEST(Bottleneck, IsTheChainThatOthersWaitFor) {
  EXPECT_EQ(bottleneck_of({vertex("sensor reader", "source", 0, {{.busy = 35, .blocked = 61}}, {"vehicle counter"}),
                           vertex("vehicle counter", "operator", 1, {{.busy = 97}, {.busy = 96}}),
                           vertex("print", "sink", 1, {{.busy = 97}, {.busy = 96}})}),
            "'vehicle counter' is the bottleneck: 97 % busy; it blocks 'sensor reader' 61 % of the time");
}

TEST(Bottleneck, IsTheCauseAndNotTheVictimInTheMiddle) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 10, .blocked = 90}}, {"parse"}),
                           vertex("parse", "operator", 1, {{.busy = 20, .blocked = 75}}, {"count"}),
                           vertex("count", "operator", 2, {{.busy = 99}})}),
            "'count' is the bottleneck: 99 % busy; it blocks 'parse' 75 % of the time");
}

TEST(Bottleneck, IsNotTheBusiestChainIfNobodyWaitsForIt) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 40, .blocked = 55}}, {"count"}),
                           vertex("other reader", "source", 1, {{.busy = 100}}),
                           vertex("count", "operator", 2, {{.busy = 93}})}),
            "'count' is the bottleneck: 93 % busy; it blocks 'reader' 55 % of the time");
}

TEST(Bottleneck, IsTheBusiestChainIfThoseWaitedForHaveLittleToDo) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 75, .blocked = 24}}, {"count"}),
                           vertex("count", "operator", 1, {{.busy = 6, .queued = 40}, {.busy = 7, .queued = 38}})}),
            "'reader' is the bottleneck: 75 % busy");
}

TEST(Bottleneck, IsABusySourceIfNobodyWaits) {
  EXPECT_EQ(
      bottleneck_of({vertex("reader", "source", 0, {{.busy = 100}}), vertex("count", "operator", 1, {{.busy = 30}})}),
      "'reader' is the bottleneck: 100 % busy");
}

TEST(Bottleneck, NamesTheInstanceIfTheWorkIsSpreadUnevenly) {
  EXPECT_EQ(
      bottleneck_of({vertex("reader", "source", 0, {{.busy = 20, .blocked = 70}}, {"count"}),
                     vertex("count", "operator", 1, {{.busy = 10}, {.busy = 12}, {.busy = 98}, {.busy = 8}})}),
      "instance 2 of 'count' is the bottleneck: 98 % busy, 32 % on average of 4 instances; it blocks 'reader' 70 % of "
      "the time");
}

TEST(Bottleneck, TellsTimeInTheQueueOfAWorker) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 20, .queued = 10, .blocked = 70}}, {"count"}),
                           vertex("count", "operator", 1, {{.busy = 58, .queued = 40}})}),
            "'count' is the bottleneck: 98 % busy (40 % waiting for a worker); it blocks 'reader' 70 % of the time");
}

TEST(Bottleneck, IsWhatASinkWritesToIfThatDoesNotTakeMore) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 5, .blocked = 90}}, {"print"}),
                           vertex("print", "sink", 1, {{.busy = 3, .blocked = 95}})}),
            "what 'print' writes to is the bottleneck: it does not take more 95 % of the time; it blocks 'reader' 90 % "
            "of the "
            "time");
}

TEST(Bottleneck, IsAServiceIfItsCallsTakeTooLong) {
  std::vector<VertexMetrics> vertices{
      vertex("reader", "source", 0, {{.busy = 5, .blocked = 90}}, {"parse"}),
      vertex("parse", "operator", 1, {{.busy = 8, .calling = 92}}),
      vertex("look up owner", "operator", 1, {{.busy = 8, .calling = 92}}),
  };
  vertices[2].instances[0].in_flight = 100;
  EXPECT_EQ(
      bottleneck_of(std::move(vertices)),
      "the service that 'look up owner' calls is the bottleneck: as many calls as may be are in flight 92 % of the "
      "time; it blocks 'reader' 90 % of the time");
}

TEST(Bottleneck, NamesTheSinksOfAChainThatBeginsElsewhere) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 5, .blocked = 90}}),
                           vertex("print", "sink", 0, {{.busy = 5, .blocked = 90}}),
                           vertex("store", "sink", 0, {{.busy = 5, .blocked = 90}}),
                           vertex("alarm", "sink", 1, {{.busy = 5}})}),
            "what 'print' or 'store' writes to is the bottleneck: it does not take more 90 % of the time");
}

TEST(Bottleneck, IsNobodyIfTheJobKeepsUp) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 9, .blocked = 1}}, {"count"}),
                           vertex("count", "operator", 1, {{.busy = 12}})}),
            "no bottleneck: the job keeps up (busiest: 'count', 12 % busy)");
}

TEST(Bottleneck, IsNotAQueueThatIsFullNowAndThen) {
  EXPECT_EQ(bottleneck_of({vertex("reader", "source", 0, {{.busy = 9, .blocked = 8}}, {"count"}),
                           vertex("count", "operator", 1, {{.busy = 12}})}),
            "no bottleneck: the job keeps up (busiest: 'count', 12 % busy)");
}

TEST(Bottleneck, BlocksTheVertexInFrontOfIt) {
  JobMetrics now{"traffic",
                 1s,
                 {vertex("reader", "source", 0, {{.busy = 5, .blocked = 90}}, {"count"}),
                  vertex("parse", "operator", 0, {{.busy = 5, .blocked = 90}}, {"count"}),
                  vertex("count", "operator", 1, {{.busy = 97}})}};
  now.edges.resize(2);
  now.edges[0].from = "reader";
  now.edges[0].to = "parse";
  now.edges[1].from = "parse";
  now.edges[1].to = "count";
  EXPECT_EQ(bottleneck({"traffic", 0s, {}}, now),
            "'count' is the bottleneck: 97 % busy; it blocks 'parse' 90 % of the time");
}

TEST(Bottleneck, LooksAtTheIntervalOnly) {
  const JobMetrics before{"traffic", 1s, {vertex("reader", "source", 0, {{.busy = 100}})}};
  JobMetrics now{"traffic", 3s, {vertex("reader", "source", 0, {{.busy = 100}})}};
  now.vertices[0].instances[0].times.busy += 1s;
  EXPECT_EQ(bottleneck(before, now), "no bottleneck: the job keeps up (busiest: 'reader', 50 % busy)");
}

TEST(Bottleneck, IsUnknownWithoutAnInterval) {
  const JobMetrics once{"traffic", 1s, {vertex("reader", "source", 0, {{.busy = 100}})}};
  EXPECT_EQ(bottleneck(once, once), "no bottleneck: no time has passed");
}

TEST(StatusLine, TellsRatesAndTheBottleneck) {
  JobMetrics before{"traffic", 10s, {vertex("reader", "source", 0, {{}, {}}), vertex("print", "sink", 0, {{}, {}})}};
  JobMetrics now = before;
  now.running_for = 12s;
  now.vertices[0].instances[0].events_out = 2'500'000;
  now.vertices[0].instances[1].events_out = 3'920'000;
  now.vertices[1].instances[0].events_in = 25'000;
  EXPECT_EQ(job::status_line(before, now),
            "  12 s  in 3.21 M/s  out 12.50 k/s  no bottleneck: the job keeps up (busiest: 'reader', 0 % busy)");
  now.vertices[1].instances[0].events_in = 1900;
  EXPECT_THAT(job::status_line(before, now), HasSubstr("out 950/s"));
}

}  // namespace
}  // namespace streamwork
