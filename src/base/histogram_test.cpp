#include <streamwork/histogram.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "kit/seeded_random.hpp"

namespace streamwork {
namespace {

constexpr std::uint64_t greatest = std::numeric_limits<std::uint64_t>::max();

Histogram histogram_of(const std::vector<std::uint64_t>& values) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

/// The definition, on sorted values.
std::uint64_t exact_quantile(const std::vector<std::uint64_t>& sorted, double fraction) {
  const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

void expect_close(std::uint64_t found, std::uint64_t exact) {
  EXPECT_GE(found, exact);
  EXPECT_LE(found - exact, exact / Histogram::precision) << "exact value " << exact;  // this is a relative error
}

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max(), 0U);
  EXPECT_EQ(histogram.quantile(0.5), 0U);
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 256; ++value) histogram.record(value);
  for (std::uint64_t value = 0; value < 256; ++value) {
    EXPECT_EQ(histogram.quantile(static_cast<double>(value + 1) / 256), value);
  }
}

TEST(Histogram, EveryValueAloneIsWithinTheError) {
  // Two counts of each, so that the quantile is read from the bucket and not from the maximum.
  std::vector<std::uint64_t> values = {0, 1, greatest - 1, greatest};
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t value : {power - 1, power, power + 1, power + power / 2}) values.push_back(value);
  }
  for (const std::uint64_t value : values) {
    Histogram histogram;
    histogram.record(value, 2);
    histogram.record(greatest);
    expect_close(histogram.quantile(0.5), value);
    EXPECT_EQ(histogram.max(), greatest);
  }
}

TEST(Histogram, QuantilesAreThoseOfTheSortedValues) {
  testkit::SeededRandom random(20'240'501);
  SCOPED_TRACE(random.trace());
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> values(1 + random.below(2000));
    const std::uint64_t kind = random.below(3);
    const std::uint64_t width = random.below(64);
    for (std::uint64_t& value : values) {
      switch (kind) {
        case 0:
          value = random.bits() >> random.below(64);
          break;  // all sizes
        case 1:
          value = random.bits() >> width;
          break;  // one size
        default:
          value = random.integer<std::uint64_t>();
          break;  // the edges
      }
    }
    const Histogram histogram = histogram_of(values);
    std::ranges::sort(values);
    ASSERT_EQ(histogram.count(), values.size());
    ASSERT_EQ(histogram.max(), values.back());
    ASSERT_EQ(histogram.quantile(1), values.back());
    for (const double fraction : {0.0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
      expect_close(histogram.quantile(fraction), exact_quantile(values, fraction));
    }
    const double drawn = static_cast<double>(random.below(1'000'000)) / 1e6;
    expect_close(histogram.quantile(drawn), exact_quantile(values, drawn));
  }
}

TEST(Histogram, MergedPartsEqualTheWhole) {
  testkit::SeededRandom random(7);
  SCOPED_TRACE(random.trace());
  for (int round = 0; round < 50; ++round) {
    Histogram whole;
    std::vector<Histogram> parts(1 + random.below(5));
    for (std::uint64_t i = random.below(500); i > 0; --i) {
      const std::uint64_t value = random.bits() >> random.below(64);
      const std::uint64_t times = random.below(4);
      whole.record(value, times);
      parts[random.below(parts.size())].record(value, times);
    }
    Histogram merged;
    for (const Histogram& part : parts) merged.merge(part);
    EXPECT_EQ(merged, whole);
  }
}

TEST(Histogram, AClearedOneIsAsNew) {
  Histogram histogram = histogram_of({1, 1'000'000, greatest});
  EXPECT_NE(histogram, Histogram());
  histogram.clear();
  EXPECT_EQ(histogram, Histogram());
  histogram.record(5);
  EXPECT_EQ(histogram, histogram_of({5}));
  EXPECT_EQ(histogram.quantile(0.5), 5U);
}

TEST(Histogram, NoTimesIsNoValue) {
  Histogram histogram;
  histogram.record(1000, 0);
  EXPECT_EQ(histogram, Histogram());
}

TEST(Histogram, RefusesWhatIsNoFraction) {
  const Histogram histogram = histogram_of({1});
  EXPECT_THROW(static_cast<void>(histogram.quantile(-0.1)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(histogram.quantile(1.1)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(histogram.quantile(std::nan(""))), std::invalid_argument);
}

}  // namespace
}  // namespace streamwork
