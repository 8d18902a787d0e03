#include "graph/rescaled.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streamwork/connect.hpp>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>

#include "graph/execution_plan.hpp"

namespace streamwork::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

auto numbers() { return from_vector(std::vector<int>{1, 2, 3}); }
int same(int number) { return number; }

/// Of every vertex, as planned for 3 workers.
std::vector<std::pair<std::string, int>> instances(const Job& job, const std::map<std::string, int>& parallelism) {
  const typed::JobGraph graph = rescaled(job.graph(), parallelism);
  const ExecutionPlan planned = plan(graph, 3);
  std::vector<std::pair<std::string, int>> found;
  for (std::size_t i = 0; i < graph.vertices().size(); ++i) {
    const auto chain = static_cast<std::size_t>(planned.chain_of_vertex[i]);
    found.emplace_back(graph.vertices()[i].name, planned.chains[chain].parallelism);
  }
  return found;
}

Job line() {
  Job job("line");
  job.source("numbers", numbers(), {.parallelism = 2})
      .map("parse", same)
      .key_by(same, {.parallelism = 4})
      .map("count", same)
      .shuffle()
      .sink("print", discard());
  return job;
}

TEST(Rescaled, ChangesTheChainOfAVertexAndNoOther) {
  using Instances = std::pair<std::string, int>;
  const Job job = line();
  EXPECT_THAT(instances(job, {}), ElementsAre(Instances{"numbers", 2}, Instances{"parse", 2}, Instances{"count", 4},
                                              Instances{"print", 3}));
  EXPECT_THAT(instances(job, {{"parse", 1}, {"print", 5}}), ElementsAre(Instances{"numbers", 1}, Instances{"parse", 1},
                                                                        Instances{"count", 4}, Instances{"print", 5}));
  EXPECT_THAT(instances(job, {{"count", 1}}), ElementsAre(Instances{"numbers", 2}, Instances{"parse", 2},
                                                          Instances{"count", 1}, Instances{"print", 3}));
}

TEST(Rescaled, LeavesTheJobAsItWas) {
  const Job job = line();
  rescaled(job.graph(), {{"count", 7}});
  EXPECT_EQ(job.graph().exchanges().front().parallelism, 4);
}

TEST(Rescaled, ChangesBothSidesOfAJoin) {
  Job job("joined");
  const auto left = job.source("left", numbers()).key_by(same);
  const auto right = job.source("right", numbers()).key_by(same);
  struct Pairs {
    void apply_left(const int& number, Output<int>& out) { out.emit(number); }
    void apply_right(const int& number, Output<int>& out) { out.emit(number); }
  };
  connect(left, right).apply("pairs", Pairs{}).sink("print", discard());
  const auto found = instances(job, {{"pairs", 2}});
  EXPECT_EQ(found[2], (std::pair<std::string, int>{"pairs", 2}));
  EXPECT_EQ(found[0].second, 1);
}

/// What the message of the refusal contains.
void expect_refused(const Job& job, const std::map<std::string, int>& parallelism, const std::string& reason) {
  try {
    plan(rescaled(job.graph(), parallelism), 3);
    ADD_FAILURE() << "not refused: " << reason;
  } catch (const GraphError& error) {
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
}

TEST(Rescaled, RefusesWhatCannotBe) {
  const Job job = line();
  expect_refused(job, {{"nobody", 2}}, "no vertex 'nobody'");
  expect_refused(job, {{"numbers", 2}, {"parse", 3}}, "'numbers' and 'parse' run in one chain");
  expect_refused(job, {{"count", 129}}, "129");
  expect_refused(job, {{"print", 0}}, "0");

  Job global("global");
  global.source("numbers", numbers()).global().map("all", same).sink("print", discard());
  expect_refused(global, {{"print", 2}}, "'print' is behind a global grouping");

  Job merged("merged");
  const auto one = merged.source("one", numbers());
  const auto two = merged.source("two", numbers());
  merge(one, two).sink("print", discard());
  expect_refused(merged, {{"print", 2}}, "'print' merges streams");
}

}  // namespace
}  // namespace streamwork::graph
