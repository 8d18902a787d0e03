// Readers that are told where to stop: what they give out before a place and what is left from there on are the split's events,
// each once, wherever the place is. And how long a stretch is reserved.
#include <gtest/gtest.h>

#include <limits>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/file_lines.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <streamwork/typed/stretch_length.hpp>
#include <string>
#include <vector>

#include "kit/fake_task.hpp"
#include "kit/plain_lines.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;

/// Reads until nothing comes any more.
template <class Reader, class Event>
void read_on(Reader& reader, std::vector<Event>& events, testkit::SeededRandom& random) {
  for (int calls_without_events = 0; calls_without_events < 3; ++calls_without_events) {
    const auto status = reader.read(
        [&](auto&& event) {
          events.push_back(event);
          calls_without_events = -1;
          return !random.one_in(3);
        },
        1 + random.below(5));
    if (status == ReadStatus::ended) return;
  }
}

template <class Source>
void expect_parted_at_any_place(const Source& source, testkit::SeededRandom& random) {
  using Event = typename Source::Event;
  static_assert(ReservableSource<Source>);
  testkit::FakeTask task;
  const SplitRequest request{"source", 1 + static_cast<std::int64_t>(random.below(3))};
  const typed::VertexInstance vertex{"source", 0, 1, nullptr};
  SourceContext context(vertex, task);
  for (const auto& split : source.splits(request)) {
    std::vector<Event> whole;
    auto undisturbed = source.open(split, context);
    read_on(undisturbed, whole, random);

    auto reader = source.open(split, context);
    std::vector<Event> parted;
    std::vector<Event> with_rest;
    std::uint64_t place = reader.place();
    for (int stretch = 0; stretch < 4; ++stretch) {
      place = std::max(reader.place(), place + random.below(40));
      reader.stop_at(place);
      read_on(reader, parted, random);
      with_rest = parted;
      for (const auto& rest : source.splits_at(request, {reader.position_at(std::min(place, reader.end_place()))})) {
        auto later = source.open(rest, context);
        read_on(later, with_rest, random);
      }
      ASSERT_EQ(with_rest, whole) << "stopped at " << place;
    }
    reader.stop_at(std::numeric_limits<std::uint64_t>::max());
    read_on(reader, parted, random);
    ASSERT_EQ(parted, whole);
    ASSERT_GE(reader.place(), reader.end_place());
  }
}

TEST(ReservedPlaces, PartTheEventsOfEverySplit) {
  testkit::SeededRandom random(31);
  SCOPED_TRACE(random.trace());
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t count = random.below(100);
    expect_parted_at_any_place(generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.count = count}), random);
    std::vector<int> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<int>(i);
    expect_parted_at_any_place(from_vector(numbers), random);
    auto files = std::make_shared<testing::MemoryFileSystem>();
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i)
      text += std::string(random.below(12), 'x') + (random.one_in(5) ? "\r\n" : "\n");
    if (random.one_in(2)) text += "no line end";
    files->write("f", text);
    expect_parted_at_any_place(file_lines("f", {.block_bytes = 1 + random.below(80), .file_system = files}), random);
    if (HasFatalFailure()) return;
  }
}

TEST(ReservedPlaces, AreForAsMuchAsIsReadInTwoIntervals) {
  typed::StretchLength length;
  SteadyTime now{1s};
  std::uint64_t read = 0;
  length.next(read, now, 1s);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(length.next(read += 5000, now += 1s, 1s), 10'000U);
  EXPECT_EQ(length.next(read += 100, now += 1s, 1s), 200U);
  EXPECT_LE(length.next(read, now += 1s, 1s), 100U);
}

TEST(ReservedPlaces, BecomeMoreAsLongAsASourceRunsDry) {
  typed::StretchLength length;
  SteadyTime now{1s};
  std::uint64_t read = 0;
  std::uint64_t last = length.next(read, now, 1s);
  for (int i = 0; i < 10; ++i) {
    length.ran_dry();
    const std::uint64_t next = length.next(read += last, now += 1ms, 1s);
    EXPECT_EQ(next, 4 * last);
    last = next;
  }
}

}  // namespace
}  // namespace streamwork
