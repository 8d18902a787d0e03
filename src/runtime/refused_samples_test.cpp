// What is kept of the events that a vertex could not use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streamwork/typed/refused_samples.hpp>

namespace streamwork::typed {
namespace {

using namespace std::chrono_literals;

struct Ticket {
  int number = 0;
};

void add(RefusedSamples& samples, RefusalKind kind, int first, int last) {
  for (int number = first; number <= last; ++number)
    samples.add(kind, Ticket{number}, EventTime(10s), EventTime(20s), "a reason");
}

std::vector<std::string> events_of(RefusedSamples& samples, RefusalKind kind) {
  std::vector<std::string> events;
  for (const RefusedSample& sample : samples.look()) {
    if (sample.kind == kind) events.push_back(sample.event);
  }
  return events;
}

TEST(RefusedSamples, TellTheEventItsTimesAndTheReason) {
  RefusedSamples samples;
  add(samples, RefusalKind::late, 7, 7);
  const std::vector<RefusedSample> seen = samples.look();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.front().kind, RefusalKind::late);
  EXPECT_EQ(seen.front().event, R"({"number":7})");
  EXPECT_EQ(seen.front().event_time, EventTime(10s));
  EXPECT_EQ(seen.front().watermark, EventTime(20s));
  EXPECT_EQ(seen.front().reason, "a reason");
}

TEST(RefusedSamples, OfAFloodAreTenUntilSomebodyLooksAndThenTheNextTen) {
  RefusedSamples samples;
  add(samples, RefusalKind::bad, 1, 1000);
  EXPECT_EQ(events_of(samples, RefusalKind::bad).back(), R"({"number":10})");
  add(samples, RefusalKind::bad, 1001, 1003);
  const std::vector<std::string> seen = events_of(samples, RefusalKind::bad);
  ASSERT_EQ(seen.size(), 10U);
  EXPECT_EQ(seen.front(), R"({"number":4})");
  EXPECT_EQ(seen.back(), R"({"number":1003})");
}

TEST(RefusedSamples, OfOneKindDoNotPushOutThoseOfTheOther) {
  RefusedSamples samples;
  add(samples, RefusalKind::bad, 1, 1);
  for (int i = 0; i < 5; ++i) {
    add(samples, RefusalKind::late, 100 * i, 100 * i + 50);
    samples.look();
  }
  EXPECT_EQ(events_of(samples, RefusalKind::late).size(), 10U);
  EXPECT_EQ(events_of(samples, RefusalKind::bad).size(), 1U);
}

TEST(RefusedSamples, SayWhatIsNotKnown) {
  struct Opaque {
    void (*function)() = nullptr;
  };
  RefusedSamples samples;
  samples.add(RefusalKind::bad, Opaque{}, beginning_of_time, beginning_of_time, "a reason");
  samples.add(RefusalKind::bad, std::string(5000, 'x'), EventTime(), beginning_of_time, "a reason");
  const std::vector<RefusedSample> seen = samples.look();
  EXPECT_THAT(seen[0].event, ::testing::HasSubstr("no JSON form"));
  EXPECT_EQ(seen[0].event_time, std::nullopt);
  EXPECT_EQ(seen[1].event_time, EventTime());
  EXPECT_EQ(seen[1].watermark, std::nullopt);
  EXPECT_LT(seen[1].event.size(), RefusedSamples::most_event_bytes + 20);
  EXPECT_THAT(seen[1].event, ::testing::AllOf(::testing::StartsWith("\"\\\"xxx"), ::testing::EndsWith("x…\"")));
}

}  // namespace
}  // namespace streamwork::typed
