// The execution plan as text, JSON and Graphviz.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/windowed_stream.hpp>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

int same(int number) { return number; }
auto numbers() { return from_vector(std::vector<int>{1, 2, 3}); }

class Splitter {
 public:
  explicit Splitter(SideOutput<int> tag) : tag_(std::move(tag)) {}
  void open(OperatorContext& context) { odd_ = &context.side_output(tag_); }
  void apply(const int& number, Output<int>& out) { (number % 2 == 0 ? out : *odd_).emit(number); }

 private:
  SideOutput<int> tag_;
  Output<int>* odd_ = nullptr;
};

/// A job with everything a plan can show: a fused chain, a fork, a regrouping, a side output, a merge, a blocking sink.
Job everything() {
  Job job("everything");
  const SideOutput<int> odd("odd");
  const auto parsed = job.source("numbers", numbers(), {.parallelism = 2}).map("parse", same);
  const Stream<int> even = parsed.key_by(same, {.parallelism = 3}).apply("split", Splitter(odd));
  even.sink("evens", discard());
  const Stream<int> halved = even.side(odd).map("halve", same);
  const Stream<int> others = parsed.map("other", same);
  merge(halved, others).sink("store", discard(), {.blocking = true});
  return job;
}

TEST(Explain, TellsChainsAndWhatLiesBetweenThemAsText) {
  EXPECT_EQ(explain(everything(), ExplainFormat::text, {.workers = 2}),
            "job 'everything': 3 chains, 8 tasks on 2 workers\n"
            "\n"
            "chain 0: 2 instances\n"
            "  numbers -> parse\n"
            "  other\n"
            "    from 'parse', in the same task\n"
            "\n"
            "chain 1: 3 instances\n"
            "  split\n"
            "    from 'parse', fields grouping (6 channels)\n"
            "  evens\n"
            "    from 'split', in the same task\n"
            "  halve\n"
            "    from 'split/odd', in the same task\n"
            "\n"
            "chain 2: 3 instances, each on a thread of its own (blocking)\n"
            "  store\n"
            "    from 'halve', forward grouping (3 channels); 'other', forward grouping (2 channels)\n");
}

TEST(Explain, TellsWindows) {
  Job job("windows");
  job.source("numbers", numbers())
      .key_by(same)
      .window(by_wall_clock(sliding(10s, 1s)))
      .allowed_lateness(2s)
      .aggregate("sums", count())
      .sink("out", discard());
  EXPECT_THAT(explain(job, ExplainFormat::text, {.workers = 1}),
              HasSubstr("  sums\n    from 'numbers', fields grouping, in the same task\n"
                        "    windows: sliding 10s by 1s by the wall clock, late events for another 2s\n"));
  EXPECT_THAT(explain(job, ExplainFormat::json),
              HasSubstr("\"windows\":\"sliding 10s by 1s by the wall clock, late events for another 2s\""));
}

TEST(Explain, TellsTheSameAsJson) {
  EXPECT_EQ(
      explain(everything(), ExplainFormat::json, {.workers = 2}),
      R"({"job":"everything","workers":2,"chains":[)"
      R"({"id":0,"parallelism":2,"blocking":false,"segments":[["numbers","parse"],["other"]]},)"
      R"({"id":1,"parallelism":3,"blocking":false,"segments":[["split"],["evens"],["halve"]]},)"
      R"({"id":2,"parallelism":3,"blocking":true,"segments":[["store"]]}],"vertices":[)"
      R"({"name":"numbers","kind":"source","chain":0,"parallelism":2,"windows":null},)"
      R"({"name":"parse","kind":"operator","chain":0,"parallelism":2,"windows":null},)"
      R"({"name":"split","kind":"operator","chain":1,"parallelism":3,"windows":null},)"
      R"({"name":"evens","kind":"sink","chain":1,"parallelism":3,"windows":null},)"
      R"({"name":"halve","kind":"operator","chain":1,"parallelism":3,"windows":null},)"
      R"({"name":"other","kind":"operator","chain":0,"parallelism":2,"windows":null},)"
      R"({"name":"store","kind":"sink","chain":2,"parallelism":3,"windows":null}],"edges":[)"
      R"({"from":"numbers","to":"parse","side_output":null,"grouping":"direct","inside_task":true,"channels":0},)"
      R"({"from":"parse","to":"split","side_output":null,"grouping":"fields","inside_task":false,"channels":6},)"
      R"({"from":"split","to":"evens","side_output":null,"grouping":"direct","inside_task":true,"channels":0},)"
      R"({"from":"split","to":"halve","side_output":"odd","grouping":"direct","inside_task":true,"channels":0},)"
      R"({"from":"parse","to":"other","side_output":null,"grouping":"direct","inside_task":true,"channels":0},)"
      R"({"from":"halve","to":"store","side_output":null,"grouping":"forward","inside_task":false,"channels":3},)"
      R"({"from":"other","to":"store","side_output":null,"grouping":"forward","inside_task":false,"channels":2}]})"
      "\n");
}

TEST(Explain, DrawsAClusterPerChain) {
  const std::string dot = explain(everything(), ExplainFormat::dot, {.workers = 2});
  EXPECT_THAT(dot, HasSubstr("digraph \"everything\" {\n"));
  EXPECT_THAT(dot, HasSubstr("subgraph cluster_1 {\n    label=\"chain 1: 3 instances\";\n"
                             "    vertex_2 [label=\"split\", shape=box];\n"));
  EXPECT_THAT(dot, HasSubstr("label=\"chain 2: 3 instances, blocking\""));
  EXPECT_THAT(dot, HasSubstr("  vertex_0 -> vertex_1;\n"));
  EXPECT_THAT(dot, HasSubstr("  vertex_1 -> vertex_2 [label=\"fields\", style=bold];\n"));
  EXPECT_THAT(dot, HasSubstr("  vertex_2 -> vertex_4 [label=\"odd\"];\n"));
  EXPECT_EQ(std::ranges::count(dot, '{'), std::ranges::count(dot, '}'));
}

TEST(Explain, IsTheSameEveryTimeAndForEveryWorkerCountWhenParallelismIsGiven) {
  EXPECT_EQ(explain(everything(), ExplainFormat::dot, {.workers = 2}),
            explain(everything(), ExplainFormat::dot, {.workers = 7}));
}

TEST(Explain, EscapesNames) {
  Job job("say \"hi\"\\");
  job.source("tab\there", numbers()).sink("new\nline \"quoted\" \\N", discard());
  EXPECT_THAT(explain(job, ExplainFormat::json), HasSubstr(R"("job":"say \"hi\"\\")"));
  EXPECT_THAT(explain(job, ExplainFormat::json), HasSubstr(R"("to":"new\nline \"quoted\" \\N")"));
  const std::string dot = explain(job, ExplainFormat::dot);
  EXPECT_THAT(dot, HasSubstr(R"(digraph "say \"hi\"\\" {)"));
  EXPECT_THAT(dot, HasSubstr(R"(label="new line \"quoted\" \\N")"));
}

TEST(Explain, SaysWhenARegroupingStaysInsideTheTask) {
  Job job("one");
  job.source("numbers", numbers()).key_by(same, {.parallelism = 1}).sink("print", discard());
  EXPECT_THAT(explain(job, ExplainFormat::text, {.workers = 1}),
              HasSubstr("job 'one': 1 chain, 1 task on 1 worker\n\nchain 0: 1 instance\n  numbers\n  print\n"
                        "    from 'numbers', fields grouping, in the same task\n"));
  EXPECT_THAT(explain(job, ExplainFormat::json, {.workers = 1}),
              HasSubstr(R"("grouping":"fields","inside_task":true,"channels":0)"));
}

TEST(Explain, ShowsAChainThatOnlyPassesEventsOn) {
  Job job("row");
  job.source("numbers", numbers())
      .shuffle({.parallelism = 2})
      .key_by(same, {.parallelism = 2})
      .sink("print", discard());
  const std::string text = explain(job, ExplainFormat::text);
  EXPECT_THAT(text, HasSubstr("chain 1: 2 instances\n  (only passes events on)\n"));
  EXPECT_THAT(text, HasSubstr("from 'numbers', shuffle, then fields grouping (6 channels)"));
}

TEST(Explain, UsesOneWorkerPerCoreUnlessToldOtherwise) {
  Job job("default");
  job.source("numbers", numbers()).sink("print", discard());
  EXPECT_THAT(explain(job, ExplainFormat::json), Not(HasSubstr("\"workers\":0")));
}

TEST(Explain, RefusesAGraphWithProblems) {
  Job job("dangling");
  job.source("numbers", numbers());
  EXPECT_THROW(explain(job, ExplainFormat::text), GraphError);
}

}  // namespace
}  // namespace streamwork
