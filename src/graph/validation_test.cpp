// Every refusal of the graph check, with the vertex and the remedy in its message.
#include "graph/validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <streamwork/bad_event.hpp>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>

namespace streamwork::graph {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Doubler {
 public:
  void apply(const int& number, Output<int>& out) { out.emit(2 * number); }
};

auto numbers() { return from_vector(std::vector<int>{1, 2, 3}); }
int same(int number) { return number; }
bool is_even(int number) { return number % 2 == 0; }

std::vector<std::string> problems(const Job& job) { return problems_of(job.graph()); }

/// A message about `vertex` that says what to do.
auto names(const std::string& vertex, const std::string& remedy) {
  return AllOf(HasSubstr("'" + vertex + "'"), HasSubstr(remedy));
}

TEST(Validation, AcceptsAWholeJob) {
  Job job("whole");
  auto evens = job.source("numbers", numbers(), {.parallelism = 2}).filter("even", is_even);
  evens.key_by(same, {.parallelism = 128}).apply("double", Doubler{}).sink("doubled", discard());
  merge(evens, evens.shuffle().map("same", same)).sink("all", discard());
  EXPECT_THAT(problems(job), IsEmpty());
}

TEST(Validation, RefusesAnEmptyJob) {
  EXPECT_THAT(problems(Job("nothing")), ElementsAre(HasSubstr("the job is empty: begin with job.source(")));
}

TEST(Validation, RefusesTwoVerticesOfOneName) {
  Job job("twins");
  job.source("numbers", numbers()).map("step", same).map("step", same).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(names("step", "give each its own name")));
}

TEST(Validation, RefusesAnEmptyName) {
  Job job("nameless");
  job.source("numbers", numbers()).map("", same).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(HasSubstr("a vertex has an empty name")));
}

TEST(Validation, RefusesParallelismOnAnOperatorAndASink) {
  Job job("misplaced");
  job.source("numbers", numbers()).map("step", same, {.parallelism = 4}).sink("print", discard(), {.parallelism = 2});
  EXPECT_THAT(problems(job), ElementsAre(names("step", ".shuffle({.parallelism = 4})"),
                                         names("print", ".shuffle({.parallelism = 2})")));
}

TEST(Validation, RefusesParallelismBelowOneEverywhere) {
  for (const int parallelism : {0, -1}) {
    Job job("few");
    job.source("numbers", numbers(), {.parallelism = parallelism})
        .key_by(same, {.parallelism = parallelism})
        .map("keyed", same)
        .shuffle({.parallelism = parallelism})
        .map("shuffled", same)
        .broadcast({.parallelism = parallelism})
        .map("broadcast", same)
        .partition_by([](int, int) { return 0; }, {.parallelism = parallelism})
        .sink("print", discard());
    const std::string found = "parallelism " + std::to_string(parallelism);
    EXPECT_THAT(problems(job), ElementsAre(AllOf(HasSubstr(found), names("numbers", "write 1 to 1024")),
                                           AllOf(HasSubstr("fields grouping"), names("numbers", "write 1 to 128")),
                                           AllOf(HasSubstr("shuffle grouping"), names("keyed", "write 1 to 1024")),
                                           AllOf(HasSubstr("all grouping"), names("shuffled", "write 1 to 1024")),
                                           AllOf(HasSubstr("custom grouping"), names("broadcast", "write 1 to 1024"))));
  }
}

TEST(Validation, RefusesMoreInstancesThanKeyGroups) {
  Job job("wide");
  job.source("numbers", numbers()).key_by(same, {.parallelism = 129}).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(AllOf(names("numbers", "write 1 to 128"), HasSubstr("128 key groups"))));
}

TEST(Validation, RefusesMoreThan1024Instances) {
  Job job("wider");
  job.source("numbers", numbers(), {.parallelism = 1025}).shuffle({.parallelism = 2000}).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(names("numbers", "write 1 to 1024"), names("numbers", "write 1 to 1024")));
}

TEST(Validation, RefusesAStreamThatGoesNowhere) {
  Job job("dangling");
  const Stream<int> doubled = job.source("numbers", numbers()).apply("double", Doubler{});
  EXPECT_THAT(problems(job), ElementsAre(names("double", "end it in .sink(")));
}

TEST(Validation, RefusesAForkWithOneEndInMidAir) {
  Job job("fork");
  const Stream<int> all = job.source("numbers", numbers());
  all.sink("print", discard());
  all.filter("even", is_even).map("halve", same);
  EXPECT_THAT(problems(job), ElementsAre(names("halve", "end it in .sink(")));
}

TEST(Validation, RefusesAnExpressionThatEndsInMidAir) {
  Job job("unfinished");
  job.source("numbers", numbers()).map("step", same);
  job.source("others", numbers()).sink("print", discard());
  job.source("last", numbers());
  EXPECT_THAT(problems(job), ElementsAre(names("step", "end it in .sink("), names("last", "end it in .sink(")));
}

TEST(Validation, RefusesAGroupingThatGoesNowhere) {
  Job job("unfinished grouping");
  job.source("numbers", numbers()).map("step", same).key_by(same);
  EXPECT_THAT(problems(job), ElementsAre(AllOf(HasSubstr("fields grouping behind 'step' goes nowhere"),
                                               HasSubstr("apply an operator or a sink"))));
}

TEST(Validation, RefusesDeadLettersThatNobodyTakes) {
  Job job("dead letters");
  const SideOutput<DeadLetter> rejects("rejects");
  job.source("numbers", numbers()).map("parse", same, {.bad_events = dead_letter(rejects)}).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(AllOf(names("parse", ".side("), HasSubstr("'rejects'"))));
}

TEST(Validation, AcceptsDeadLettersThatAreTaken) {
  Job job("dead letters");
  const SideOutput<DeadLetter> rejects("rejects");
  auto parsed = job.source("numbers", numbers()).map("parse", same, {.bad_events = dead_letter(rejects)});
  parsed.sink("print", discard());
  parsed.side(rejects).sink("letters", discard());
  EXPECT_THAT(problems(job), IsEmpty());
}

TEST(Validation, RefusesDeadLettersOfASink) {
  Job job("sink letters");
  const SideOutput<DeadLetter> rejects("rejects");
  job.source("numbers", numbers()).sink("print", discard(), {.bad_events = dead_letter(rejects)});
  EXPECT_THAT(problems(job), ElementsAre(names("print", "check in an operator before it")));
}

TEST(Validation, RefusesASideOutputOfAMergeOrARegrouping) {
  Job job("sides");
  const SideOutput<int> late("late");
  const Stream<int> all = job.source("numbers", numbers());
  all.sink("print", discard());
  merge(all, all).side(late).key_by(same).sink("of the merge", discard());
  all.shuffle().side(late).map("step", same).sink("of the regrouping", discard());
  EXPECT_THAT(problems(job),
              testing::Contains(HasSubstr("side output 'late' is taken from a merge or a regrouping")).Times(2));
}

TEST(Validation, RefusesAMergeOfTwoJobs) {
  Job job("first");
  Job other("second");
  const Stream<int> ours = job.source("ours", numbers());
  const Stream<int> theirs = other.source("theirs", numbers());
  merge(ours, theirs).sink("print", discard());
  EXPECT_THAT(problems(job), ElementsAre(AllOf(names("first", "merge streams of one job"), HasSubstr("'second'"))));
  EXPECT_THAT(problems(other), ElementsAre(names("theirs", "end it in .sink(")));
}

TEST(Validation, RefusesWhateverIsMadeOfAMergeOfTwoJobs) {
  Job job("first");
  Job other("second");
  const Stream<int> ours = job.source("ours", numbers());
  const Stream<int> theirs = other.source("theirs", numbers());
  const SideOutput<int> late("late");
  const Stream<int> merged = merge(ours, theirs, theirs.map("same", same));
  const Stream<int> nothing = merge(theirs, ours).side(late);
  merge(merged, nothing, ours.side(late)).key_by(same).apply("double", Doubler{}).sink("doubled", discard());
  merge(nothing, merged).sink("all", discard());
  EXPECT_THAT(
      problems(job),
      AllOf(testing::Contains(AllOf(names("first", "merge streams of one job"), HasSubstr("'second'"))).Times(3),
            testing::SizeIs(3)));
  EXPECT_THAT(problems(other), testing::Contains(names("second", "merge streams of one job")).Times(2));
  EXPECT_THROW(start(job), GraphError);
  EXPECT_THROW(start(other), GraphError);
}

/// What can be done with a stream, each as a job of its own: `stream` was refused while the job was written.
std::vector<std::function<void(const Stream<int>& stream, const Stream<int>& good)>> every_use() {
  const SideOutput<int> late("late");
  return {
      [](const auto&, const auto&) {},
      [](const auto& stream, const auto&) { stream.map("use", same).sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.map("use", same); },
      [](const auto& stream, const auto&) { stream.filter("use", is_even).sink("out", discard()); },
      [](const auto& stream, const auto&) {
        stream.flat_map("use", [](int number) { return std::vector<int>{number}; }).sink("out", discard());
      },
      [](const auto& stream, const auto&) { stream.apply("use", Doubler{}).sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.apply("use", Doubler{}); },
      [late](const auto& stream, const auto&) {
        const auto doubled = stream.apply("use", Doubler{});
        doubled.sink("out", discard());
        doubled.side(late).sink("late", discard());
      },
      [](const auto& stream, const auto&) { stream.sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.key_by(same); },
      [](const auto& stream, const auto&) { stream.key_by(same).apply("use", Doubler{}).sink("out", discard()); },
      [](const auto& stream, const auto&) {
        const KeyedStream<int, int> keyed = stream.key_by(same, {.parallelism = 129});
        keyed.sink("out", discard());
      },
      [](const auto& stream, const auto&) { stream.shuffle().sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.broadcast({.parallelism = 2}).sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.global().map("use", same).sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.forward().sink("out", discard()); },
      [](const auto& stream, const auto&) { stream.forward().shuffle().global().key_by(same); },
      [](const auto& stream, const auto&) { stream.partition_by([](int, int) { return 0; }).sink("out", discard()); },
      [late](const auto& stream, const auto&) { stream.side(late).side(late).sink("out", discard()); },
      [](const auto& stream, const auto&) { merge(stream).sink("out", discard()); },
      [](const auto& stream, const auto&) { merge(stream, stream).forward().sink("out", discard()); },
      [](const auto& stream, const auto& good) { merge(stream, good).key_by(same).sink("out", discard()); },
      [](const auto& stream, const auto& good) { merge(good, stream).sink("out", discard()); },
      [](const auto& stream, const auto& good) {
        merge(good, stream.map("use", same), stream.shuffle()).sink("out", discard());
      },
      [](const auto& stream, const auto&) { Stream<int>(stream).key_by(same).sink("out", discard()); },
  };
}

TEST(Validation, RefusesEveryUseOfTheSideOutputOfAMerge) {
  const SideOutput<int> late("late");
  for (std::size_t use = 0; use < every_use().size(); ++use) {
    SCOPED_TRACE(use);
    Job job("sides");
    const Stream<int> all = job.source("numbers", numbers());
    all.sink("print", discard());
    every_use()[use](merge(all, all.map("same", same)).side(late), all);
    const auto refused = HasSubstr("side output 'late' is taken from a merge or a regrouping");
    EXPECT_THAT(problems(job), testing::Contains(refused).Times(1));
    EXPECT_THROW(start(job), GraphError);
    EXPECT_THROW(explain(job, ExplainFormat::text), GraphError);
  }
}

TEST(Validation, RefusesAStreamThatIsUsedAfterItWasMovedFrom) {
  Job job("moved");
  auto all = job.source("numbers", numbers());
  std::move(all).sink("print", discard());
  all.sink("again", discard());  // NOLINT: this is the mistake
  EXPECT_THAT(problems(job), testing::Contains(names("numbers", "is used after it was moved from")));
}

TEST(Validation, RefusesAStreamThatIsMovedFromAfterItWasUsed) {
  Job job("moved late");
  auto all = job.source("numbers", numbers());
  all.sink("print", discard());
  std::move(all).sink("again", discard());
  EXPECT_THAT(problems(job), testing::Contains(names("numbers", "is moved from after it was used")));
}

int add_vertex(typed::JobGraph& graph, const std::string& name, typed::VertexKind kind) {
  return graph.add_vertex(name, kind, {});
}

TEST(Validation, RefusesACycleMadeByHand) {
  using typed::Port;
  typed::JobGraph graph("circle");
  const int numbers = add_vertex(graph, "numbers", typed::VertexKind::source);
  const int around = add_vertex(graph, "around", typed::VertexKind::operation);
  const int print = add_vertex(graph, "print", typed::VertexKind::sink);
  graph.add_segment({{numbers}, {}, std::nullopt, {}});
  graph.add_segment({{around}, {Port{Port::Kind::segment, 0}, Port{Port::Kind::segment, 1}}, std::nullopt, {}});
  graph.add_segment({{print}, {Port{Port::Kind::segment, 1}}, std::nullopt, {}});
  EXPECT_THAT(problems_of(graph), ElementsAre(AllOf(HasSubstr("cycle through 'around'"), HasSubstr("acyclic"))));
}

TEST(Validation, RefusesACycleThroughAnExchangeMadeByHand) {
  using typed::Port;
  typed::JobGraph graph("circle");
  const int numbers = add_vertex(graph, "numbers", typed::VertexKind::source);
  const int around = add_vertex(graph, "around", typed::VertexKind::operation);
  const int exchange = graph.add_exchange({typed::GroupingKind::shuffle, 2, {}});
  graph.add_segment({{numbers}, {}, exchange, {}});
  graph.add_segment({{around}, {Port{Port::Kind::exchange, exchange}}, exchange, {}});
  EXPECT_THAT(problems_of(graph), ElementsAre(HasSubstr("cycle through 'around'")));
}

TEST(Validation, ListsEveryProblemAtOnceAndStartsNothing) {
  Job job("many");
  job.source("numbers", numbers(), {.parallelism = 0}).map("step", same, {.parallelism = 3}).map("step", same);
  try {
    start(job);
    FAIL() << "the job was started";
  } catch (const GraphError& error) {
    EXPECT_THAT(error.problems(),
                UnorderedElementsAre(HasSubstr("parallelism 0"), HasSubstr("parallelism is set on 'step'"),
                                     HasSubstr("two vertices are called 'step'"),
                                     HasSubstr("the stream behind 'step' goes nowhere")));
    for (const std::string& problem : error.problems()) EXPECT_THAT(error.what(), HasSubstr("\n  - " + problem));
  }
}

}  // namespace
}  // namespace streamwork::graph
