// Which vertices share a task, and what lies between tasks.
#include "graph/execution_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streamwork/connectors/collection.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>

#include "graph/vertex_edges.hpp"

namespace streamwork::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Doubler {
 public:
  void apply(const int& number, Output<int>& out) { out.emit(2 * number); }
};

auto numbers() { return from_vector(std::vector<int>{1, 2, 3}); }
int same(int number) { return number; }

/// A plan as text: chains as "2x: a>b, c" (instances, segments), edges as "a-fields-b".
std::vector<std::string> chains_of(const Job& job, const ExecutionPlan& plan) {
  std::vector<std::string> chains;
  for (const PlannedChain& chain : plan.chains) {
    std::string& text = chains.emplace_back(std::to_string(chain.parallelism) + "x:" + (chain.blocking ? "!" : ""));
    std::string separator = " ";
    for (const int segment : chain.segments) {
      std::string loop;
      for (const int vertex : plan.segments[static_cast<std::size_t>(segment)].vertices) {
        loop += (loop.empty() ? "" : ">") + job.graph().vertices()[static_cast<std::size_t>(vertex)].name;
      }
      text += std::exchange(separator, ", ") + (loop.empty() ? "." : loop);
    }
  }
  return chains;
}

std::vector<std::string> exchanges_of(const Job& job, const ExecutionPlan& plan) {
  std::vector<std::string> texts;
  for (const VertexEdge& edge : edges_of(plan)) {
    if (edge.grouping == "direct") continue;
    const auto name = [&](int vertex) { return job.graph().vertices()[static_cast<std::size_t>(vertex)].name; };
    texts.push_back(name(edge.from) + " -" + edge.grouping + "-> " + name(edge.to) + " " +
                    std::to_string(edge.channels));
  }
  return texts;
}

TEST(ExecutionPlan, FusesAFluentExpressionIntoOneSegment) {
  Job job("line");
  job.source("numbers", numbers()).map("a", same).map("b", same).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: numbers>a>b>print"));
  EXPECT_THAT(planned.exchanges, IsEmpty());
  EXPECT_THAT(planned.chain_of_vertex, ElementsAre(0, 0, 0, 0));
}

TEST(ExecutionPlan, KeepsARegroupingFromOneToOneInsideTheTask) {
  Job job("one to one");
  job.source("numbers", numbers()).key_by(same, {.parallelism = 1}).apply("double", Doubler{}).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: numbers, double, print"));
  ASSERT_THAT(planned.exchanges, SizeIs(1));
  EXPECT_TRUE(planned.exchanges.front().inside_task);
  EXPECT_EQ(planned.exchanges.front().chain, 0);
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("numbers -fields-> double 0"));
}

TEST(ExecutionPlan, KeepsAGlobalGroupingBehindOneInstanceInsideTheTask) {
  Job job("global");
  job.source("numbers", numbers()).global().sink("print", discard());
  EXPECT_THAT(chains_of(job, plan(job.graph(), 4)), ElementsAre("1x: numbers, print"));
}

TEST(ExecutionPlan, CutsAtEveryOtherRegrouping) {
  Job job("cuts");
  job.source("numbers", numbers(), {.parallelism = 2})
      .shuffle({.parallelism = 3})
      .map("a", same)
      .broadcast({.parallelism = 2})
      .map("b", same)
      .global()
      .sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("2x: numbers", "3x: a", "2x: b", "1x: print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("numbers -shuffle-> a 6", "a -all-> b 6", "b -global-> print 2"));
}

TEST(ExecutionPlan, CutsAtForwardEvenFromOneToOne) {
  Job job("forward");
  job.source("numbers", numbers()).forward().map("a", same).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: numbers", "1x: a>print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("numbers -forward-> a 1"));
}

TEST(ExecutionPlan, GivesForwardTheParallelismOfItsProducer) {
  Job job("forward");
  job.source("numbers", numbers(), {.parallelism = 3}).forward().sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 8);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("3x: numbers", "3x: print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("numbers -forward-> print 3"));
}

TEST(ExecutionPlan, KeepsADiamondInOneChain) {
  Job job("diamond");
  const Stream<int> all = job.source("numbers", numbers(), {.parallelism = 2});
  const Stream<int> left = all.map("left", same);
  const Stream<int> right = all.map("right", same);
  merge(left, right).map("both", same).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("2x: numbers, left, right, both>print"));
  EXPECT_THAT(planned.exchanges, IsEmpty());
}

TEST(ExecutionPlan, CarriesAMergeOfDifferentChainsToTasksOfTheirOwn) {
  Job job("merge");
  const Stream<int> narrow = job.source("narrow", numbers());
  const Stream<int> wide = job.source("wide", numbers(), {.parallelism = 3}).map("a", same);
  merge(narrow, wide).map("both", same).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 4);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: narrow, .", "3x: wide>a, .", "3x: both>print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("narrow -forward-> both 1", "a -forward-> both 3"));
}

TEST(ExecutionPlan, RegroupsEachInputOfAMergeByItself) {
  Job job("merge then key");
  const Stream<int> first = job.source("first", numbers(), {.parallelism = 2});
  const Stream<int> second = job.source("second", numbers());
  merge(first, second).key_by(same, {.parallelism = 4}).apply("double", Doubler{}).sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 2);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("2x: first, .", "1x: second, .", "4x: double, print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("first -fields-> double 8", "second -fields-> double 4"));
}

TEST(ExecutionPlan, GivesEverythingBehindTheFirstRegroupingTheNumberOfWorkers) {
  Job job("default");
  job.source("numbers", numbers()).key_by(same).apply("double", Doubler{}).shuffle().sink("print", discard());
  EXPECT_THAT(chains_of(job, plan(job.graph(), 3)), ElementsAre("1x: numbers", "3x: double, .", "3x: print"));
  EXPECT_EQ(plan(job.graph(), 3).workers, 3);
  EXPECT_THAT(chains_of(job, plan(job.graph(), 1)), ElementsAre("1x: numbers, double, ., print"));
}

TEST(ExecutionPlan, KeepsToTheLimitsWithManyWorkers) {
  Job job("limits");
  job.source("numbers", numbers()).key_by(same).apply("double", Doubler{}).shuffle().sink("print", discard());
  EXPECT_THAT(chains_of(job, plan(job.graph(), 5000)), ElementsAre("1x: numbers", "128x: double, .", "1024x: print"));
}

TEST(ExecutionPlan, MarksAChainAsBlockingIfOneOfItsVerticesIs) {
  Job job("blocking");
  job.source("numbers", numbers())
      .shuffle({.parallelism = 2})
      .map("a", same)
      .map("slow", same, {.blocking = true})
      .sink("print", discard());
  EXPECT_THAT(chains_of(job, plan(job.graph(), 2)), ElementsAre("1x: numbers", "2x:! a>slow>print"));
}

TEST(ExecutionPlan, PutsSideOutputsIntoTheChainOfTheirVertex) {
  class Splitter {
   public:
    explicit Splitter(SideOutput<int> tag) : tag_(std::move(tag)) {}
    void open(OperatorContext& context) { odd_ = &context.side_output(tag_); }
    void apply(const int& number, Output<int>& out) { (number % 2 == 0 ? out : *odd_).emit(number); }

   private:
    SideOutput<int> tag_;
    Output<int>* odd_ = nullptr;
  };
  Job job("split");
  const SideOutput<int> odd("odd");
  const Stream<int> even = job.source("numbers", numbers()).apply("split", Splitter(odd));
  even.sink("evens", discard());
  even.side(odd).map("halve", same).sink("odds", discard());
  const ExecutionPlan planned = plan(job.graph(), 2);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: numbers, split, evens, halve>odds"));
  const std::vector<VertexEdge> edges = edges_of(planned);
  ASSERT_THAT(edges, SizeIs(4));
  EXPECT_EQ(edges[2].side_output, "odd");
}

TEST(ExecutionPlan, NamesRegroupingsInARow) {
  Job job("row");
  job.source("numbers", numbers())
      .shuffle({.parallelism = 2})
      .key_by(same, {.parallelism = 3})
      .sink("print", discard());
  const ExecutionPlan planned = plan(job.graph(), 2);
  EXPECT_THAT(chains_of(job, planned), ElementsAre("1x: numbers", "2x: .", "3x: print"));
  EXPECT_THAT(exchanges_of(job, planned), ElementsAre("numbers -shuffle, then fields-> print 8"));
}

TEST(ExecutionPlan, IsTheSameEveryTime) {
  Job job("again");
  const Stream<int> all = job.source("numbers", numbers(), {.parallelism = 2});
  merge(all.shuffle({.parallelism = 3}), all).sink("print", discard());
  const ExecutionPlan first = plan(job.graph(), 2);
  const ExecutionPlan second = plan(job.graph(), 2);
  EXPECT_EQ(explain_as_json(job.graph(), first), explain_as_json(job.graph(), second));
}

TEST(ExecutionPlan, RefusesAGraphWithProblems) {
  Job job("dangling");
  job.source("numbers", numbers());
  EXPECT_THROW(plan(job.graph(), 2), GraphError);
}

}  // namespace
}  // namespace streamwork::graph
