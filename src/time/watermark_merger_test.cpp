#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <streamwork/typed/watermark_merger.hpp>
#include <vector>

#include "kit/scale.hpp"

namespace streamwork::typed {
namespace {

using Change = WatermarkMerger::Change;

EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

/// The same by looking at every input each time.
struct Model {
  enum class Life { active, idle, ended };
  struct Input {
    EventTime watermark = beginning_of_time;
    EventTime offer = beginning_of_time;
    Life life = Life::active;
  };
  std::vector<Input> inputs;
  EventTime merged = beginning_of_time;
  bool idle = false;

  bool any(Life life) const {
    return std::ranges::any_of(inputs, [life](const Input& input) { return input.life == life; });
  }
  EventTime now() const {
    if (!any(Life::active) && !any(Life::idle)) return end_of_time;
    const Life counts = any(Life::active) ? Life::active : Life::idle;
    EventTime least = end_of_time;
    for (const Input& input : inputs) {
      if (input.life == counts) least = std::min(least, counts == Life::active ? input.watermark : input.offer);
    }
    return least;
  }
  Change settle() {
    const bool was_idle = idle;
    const EventTime before = merged;
    idle = !any(Life::active) && any(Life::idle);
    merged = std::max(merged, now());
    if (idle) return was_idle && merged == before ? Change::nothing : Change::idle;
    return was_idle || merged != before ? Change::watermark : Change::nothing;
  }
};

}  // namespace

TEST(WatermarkMerger, DoesWhatLookingAtEveryInputDoes) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(3000); ++round) {
    const std::size_t count = 1 + random() % 5;
    WatermarkMerger merger(count);
    Model model{.inputs = std::vector<Model::Input>(count)};
    for (int step = 0; step < 60; ++step) {
      const std::size_t input = random() % model.inputs.size();
      Model::Input& of_model = model.inputs[input];
      const EventTime time = at(static_cast<std::int64_t>(random() % 40) - 10);
      if (of_model.life == Model::Life::ended) {
        if (random() % 4 != 0 || (!model.any(Model::Life::active) && !model.any(Model::Life::idle))) continue;
        merger.reopen(input);
        of_model = {};
        continue;
      }
      MarkerKind kind = MarkerKind::watermark;
      switch (random() % 8) {
        case 0:
          kind = MarkerKind::end;
          of_model.life = Model::Life::ended;
          break;
        case 1:
        case 2:
          kind = MarkerKind::idle;
          of_model.life = Model::Life::idle;
          of_model.offer = std::max(of_model.offer, time);
          break;
        default:
          of_model.life = Model::Life::active;
          of_model.watermark = std::max(of_model.watermark, time);
      }
      ASSERT_EQ(merger.update(input, kind, time), model.settle()) << "round " << round << ", step " << step;
      ASSERT_EQ(merger.watermark(), model.merged);
      ASSERT_EQ(merger.idle(), model.idle);
      if (merger.holder() >= 0) {
        const Model::Input& holder = model.inputs[static_cast<std::size_t>(merger.holder())];
        ASSERT_EQ(holder.life, Model::Life::active);
        ASSERT_LE(holder.watermark, model.merged) << "nobody holds event time back who is ahead of it";
      }
    }
  }
}

TEST(WatermarkMerger, InputThatResumesBehindDoesNotTakeEventTimeBack) {
  WatermarkMerger merger(2);
  merger.update(0, MarkerKind::watermark, at(5));
  merger.update(1, MarkerKind::watermark, at(9));
  EXPECT_EQ(merger.update(0, MarkerKind::idle, beginning_of_time), Change::watermark);
  EXPECT_EQ(merger.watermark(), at(9));
  EXPECT_EQ(merger.update(0, MarkerKind::watermark, at(6)), Change::nothing);
  EXPECT_EQ(merger.watermark(), at(9));
  EXPECT_TRUE(merger.behind(0));
  merger.update(1, MarkerKind::watermark, at(30));
  EXPECT_EQ(merger.watermark(), at(9)) << "held back by the one that resumed";
  EXPECT_EQ(merger.holder(), 0);
  EXPECT_EQ(merger.update(0, MarkerKind::watermark, at(20)), Change::watermark);
  EXPECT_FALSE(merger.behind(0));
}

TEST(WatermarkMerger, EndOfEveryInputIsTheEndOfTime) {
  WatermarkMerger merger(2);
  merger.update(0, MarkerKind::watermark, at(5));
  EXPECT_EQ(merger.update(1, MarkerKind::end, end_of_time), Change::watermark);
  EXPECT_EQ(merger.watermark(), at(5)) << "what has ended holds nobody back";
  merger.update(0, MarkerKind::end, end_of_time);
  EXPECT_EQ(merger.watermark(), end_of_time);
  EXPECT_EQ(merger.holder(), -1);
}

}  // namespace streamwork::typed
