// Which source holds event time back, and when that is worth a sentence.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "console/look.hpp"

namespace streamwork::console {
namespace {

using namespace std::chrono_literals;

EventTime at(Duration time) { return EventTime(time); }

/// Two sources and a window behind both, which the second holds back.
Sighting sighting(std::chrono::nanoseconds running_for, Duration fast, Duration slow,
                  std::chrono::nanoseconds slow_blocked = 0ns) {
  Sighting seen;
  seen.metrics.job = "plant";
  seen.metrics.running_for = running_for;
  for (const auto& [name, kind, chain] :
       {std::tuple{"fast", "source", 0}, std::tuple{"slow", "source", 1}, std::tuple{"window", "operator", 2}}) {
    VertexMetrics& vertex = seen.metrics.vertices.emplace_back();
    vertex.name = name;
    vertex.kind = kind;
    vertex.chain = chain;
    vertex.instances.resize(1);
  }
  seen.metrics.vertices[0].instances[0].watermark = at(fast);
  seen.metrics.vertices[1].instances[0].watermark = at(slow);
  seen.metrics.vertices[1].instances[0].times.blocked = slow_blocked;
  seen.metrics.vertices[2].instances[0].watermark = at(slow);
  seen.metrics.vertices[2].instances[0].held_back_by = "'slow' instance 0";
  return seen;
}

std::vector<std::string> texts(const Sighting& before, const Sighting& now) {
  std::vector<std::string> texts;
  for (const api::Sentence& sentence : problems_of(&before, now)) {
    if (sentence.kind == api::SentenceKind::watermark) texts.push_back(sentence.text);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Health, NamesTheSourceThatHoldsEventTimeBack) {
  const Sighting before = sighting(1s, 60s, 58s);
  const Sighting now = sighting(2s, 101s, 59s);
  EXPECT_EQ(texts(before, sighting(2s, 61s, 59s)), Texts());
  EXPECT_EQ(texts(sighting(1s, 100s, 59s), now), Texts{"'slow' instance 0 holds event time back by 42 s"});
  const auto problems = problems_of(&before, sighting(2s, 61s, 40s));
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems.back().vertex, 1);
  EXPECT_EQ(problems.back().instance, 0);
  EXPECT_EQ(problems.back().victim, 2);
}

TEST(Health, DoesNotBlameASourceThatMustWaitItself) {
  EXPECT_EQ(texts(sighting(1s, 100s, 58s), sighting(2s, 101s, 59s, 900ms)), Texts());
  EXPECT_EQ(texts(sighting(1s, 100s, 58s), sighting(2s, 101s, 59s, 100ms)).size(), 1U);
}

TEST(Health, MeasuresALeadByHowFastEventTimeGoes) {
  // 300 s of event time in a second: what lies in queues is minutes.
  EXPECT_EQ(texts(sighting(1s, 1000s, 900s), sighting(2s, 1300s, 1200s)), Texts());
  EXPECT_EQ(texts(sighting(1s, 5000s, 900s), sighting(2s, 5300s, 1200s)).size(), 1U);
}

}  // namespace
}  // namespace streamwork::console
