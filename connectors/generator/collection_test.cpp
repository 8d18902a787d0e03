#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <vector>

#include "kit/source_driver.hpp"

namespace streamwork {
namespace {

using testing::ElementsAre;

TEST(VectorSource, reads_blocks_that_together_are_the_vector_in_its_order) {
  const std::vector<std::string> words{"a", "b", "c", "d", "e", "f", "g"};
  for (std::int64_t parallelism = 1; parallelism <= 9; ++parallelism) {
    EXPECT_EQ(testkit::read_all(from_vector(words), {.parallelism = parallelism, .limit = 2, .room = 1}), words);
  }
}

TEST(VectorSource, of_an_empty_vector_has_no_events) {
  EXPECT_TRUE(testkit::read_all(from_vector(std::vector<int>{}), {.parallelism = 2}).empty());
}

TEST(VectorSource, can_be_read_by_one_job_after_another) {
  Collected<int> collected;
  Job job{"twice"};
  job.source("numbers", from_vector(std::vector{1, 2, 3})).sink("collect", collect(collected));
  start(job).wait();
  start(job).wait();
  EXPECT_THAT(collected.snapshot(), ElementsAre(1, 2, 3, 1, 2, 3));
}

TEST(CollectSink, keeps_the_order_of_an_instance) {
  std::vector<int> numbers(5000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int>(i);
  Collected<int> collected;
  Job job{"one"};
  job.source("numbers", from_vector(numbers)).sink("collect", collect(collected));
  start(job).wait();
  EXPECT_EQ(collected.size(), numbers.size());
  EXPECT_EQ(collected.take(), numbers);
  EXPECT_EQ(collected.size(), 0U);
}

TEST(CollectSink, shows_while_the_job_runs_what_came_before_the_sink_waited) {
  Collected<int> collected;
  CollectSink<int> sink = collect(collected);
  sink.write(1);
  sink.write(2);
  EXPECT_TRUE(collected.snapshot().empty());
  EXPECT_TRUE(sink.flush());
  EXPECT_THAT(collected.snapshot(), ElementsAre(1, 2));
}

TEST(CollectSink, gathers_the_events_of_all_instances) {
  std::vector<int> numbers(20'000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int>(i);
  Collected<int> collected;
  Job job{"many"};
  job.source("numbers", from_vector(numbers), {.parallelism = 4}).sink("collect", collect(collected));
  JobHandle handle = start(job, {.workers = 4});
  while (handle.running()) static_cast<void>(collected.snapshot());
  handle.wait();
  std::vector<int> events = collected.take();
  std::ranges::sort(events);
  EXPECT_EQ(events, numbers);
}

TEST(ForEachSink, calls_the_function_for_every_event) {
  std::atomic<int> sum = 0;
  Job job{"sum"};
  job.source("numbers", from_vector(std::vector{1, 2, 3, 4}), {.parallelism = 2}).sink("sum", for_each([&sum](int i) {
                                                                                         sum += i;
                                                                                       }));
  start(job).wait();
  EXPECT_EQ(sum, 10);
}

TEST(ForEachSink, ends_the_job_when_the_function_throws) {
  Job job{"thrower"};
  job.source("numbers", from_vector(std::vector{1})).sink("thrower", for_each([](int) {
                                                            throw std::runtime_error("no more");
                                                          }));
  const JobResult result = start(job).wait();
  EXPECT_EQ(result.end, JobEnd::failed);
  EXPECT_THAT(result.failure, testing::HasSubstr("thrower"));
  EXPECT_THAT(result.failure, testing::HasSubstr("no more"));
}

TEST(DiscardSink, takes_everything) {
  Job job{"discard"};
  job.source("numbers", from_vector(std::vector{1, 2, 3})).sink("nowhere", discard());
  EXPECT_EQ(start(job).wait().metrics.vertex("nowhere").events_in(), 3U);
}

}  // namespace
}  // namespace streamwork
