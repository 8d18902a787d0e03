// The order in which results may come out, against a plain list of what went in.
#include <gtest/gtest.h>

#include <algorithm>
#include <streamwork/typed/call_order.hpp>
#include <utility>
#include <vector>

#include "kit/seeded_random.hpp"

namespace streamwork::typed {
namespace {

/// Everything that went in and is not out, and which of it may come out next.
class PlainOrder {
 public:
  struct Item {
    bool marker;
    std::uint32_t place;
    EventTime time;
    bool done = false;
  };

  explicit PlainOrder(bool one_by_one) : one_by_one_(one_by_one) {}
  std::vector<Item>& items() { return items_; }
  const std::vector<Item>& items() const { return items_; }

  bool may_come_out(std::size_t number) const {
    const Item& item = items_[number];
    if (item.marker || one_by_one_) return number == 0 && (item.marker || item.done);
    const auto is_marker = [](const Item& before) { return before.marker; };
    return item.done &&
           std::ranges::none_of(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(number), is_marker);
  }
  bool anything_may_come_out() const {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (may_come_out(i)) return true;
    }
    return false;
  }

 private:
  bool one_by_one_;
  std::vector<Item> items_;
};

EventTime at(std::int64_t tick) { return EventTime(Duration(tick)); }

/// What `for_each` tells is what there is; between two markers of an unordered one, events may be told in any order.
void expect_told(const CallOrder& order, const PlainOrder& plain, bool one_by_one) {
  using Told = std::vector<std::pair<bool, std::int64_t>>;
  Told expected;
  Told told;
  std::vector<std::uint32_t> places;
  for (const PlainOrder::Item& item : plain.items()) {
    expected.emplace_back(item.marker, item.marker ? item.time.time_since_epoch().count() : item.place);
    if (!item.marker) places.push_back(item.place);
  }
  std::ranges::sort(places);
  order.for_each(
      places, [&](std::uint32_t place) { told.emplace_back(false, place); },
      [&](const Marker& marker) { told.emplace_back(true, marker.time.time_since_epoch().count()); });
  if (!one_by_one) {
    for (Told* list : {&expected, &told}) {
      for (auto begin = list->begin(); begin != list->end();) {
        const auto end = std::find_if(begin, list->end(), [](const auto& item) { return item.first; });
        std::sort(begin, end);
        begin = end == list->end() ? end : end + 1;
      }
    }
  }
  ASSERT_EQ(told, expected);
}

void try_order(bool one_by_one, testkit::SeededRandom& random) {
  CallOrder order(one_by_one);
  PlainOrder plain(one_by_one);
  std::vector<std::uint32_t> free{0, 1, 2, 3, 4, 5, 6, 7};
  std::int64_t tick = 0;
  for (int step = 0; step < 4000; ++step) {
    const std::uint64_t choice = random.below(4);
    if (choice == 0 && !free.empty()) {
      order.add_event(free.back());
      plain.items().push_back({false, free.back(), {}});
      free.pop_back();
    } else if (choice == 1 && !plain.items().empty() && !plain.items().back().marker) {
      order.add_marker({0, MarkerKind::watermark, at(++tick)});
      plain.items().push_back({true, 0, at(tick)});
    } else if (choice == 2 && !plain.items().empty()) {
      auto& item = plain.items()[random.below(plain.items().size())];
      if (!item.marker && !item.done) order.set_done(item.place);
      item.done = true;
    } else if (const auto place = order.next_event()) {
      const auto found = std::ranges::find_if(
          plain.items(), [&](const PlainOrder::Item& item) { return !item.marker && item.place == *place; });
      ASSERT_NE(found, plain.items().end());
      ASSERT_TRUE(plain.may_come_out(static_cast<std::size_t>(found - plain.items().begin())));
      plain.items().erase(found);
      free.push_back(*place);
      order.pop_event();
    } else if (const Marker* marker = order.next_marker()) {
      ASSERT_TRUE(plain.items().front().marker);
      ASSERT_EQ(plain.items().front().time, marker->time);
      plain.items().erase(plain.items().begin());
      order.pop_marker();
    } else {
      ASSERT_FALSE(plain.anything_may_come_out());
    }
    if (step % 16 == 0) {
      ASSERT_NO_FATAL_FAILURE(expect_told(order, plain, one_by_one));
    }
  }
}

TEST(CallOrder, IsThatOfAPlainListUnordered) {
  testkit::SeededRandom random(11);
  SCOPED_TRACE(random.trace());
  try_order(false, random);
}

TEST(CallOrder, IsThatOfAPlainListOrdered) {
  testkit::SeededRandom random(12);
  SCOPED_TRACE(random.trace());
  try_order(true, random);
}

std::vector<MarkerKind> markers_that_come_out(CallOrder& order) {
  std::vector<MarkerKind> kinds;
  for (; const Marker* marker = order.next_marker(); order.pop_marker()) kinds.push_back(marker->kind);
  return kinds;
}

TEST(CallOrder, KeepsNoMoreMarkersThanSaySomethingWhileAnEventIsOut) {
  CallOrder order(false);
  order.add_event(0);
  for (std::int64_t i = 0; i < 100; ++i) {
    order.add_marker({0, MarkerKind::watermark, at(i)});
    order.add_marker({0, MarkerKind::idle, at(i)});
  }
  EXPECT_EQ(order.next_marker(), nullptr);
  order.set_done(0);
  order.pop_event();
  EXPECT_EQ(markers_that_come_out(order), (std::vector{MarkerKind::watermark, MarkerKind::idle}));
  EXPECT_TRUE(order.empty());
}

TEST(CallOrder, DropsNoMarkerOfAnotherKind) {
  CallOrder order(true);
  order.add_event(0);
  order.add_marker({0, MarkerKind::watermark, at(1)});
  order.add_marker({0, MarkerKind::end, at(1)});
  order.add_marker({0, MarkerKind::watermark, at(2)});
  order.set_done(0);
  order.pop_event();
  EXPECT_EQ(markers_that_come_out(order), (std::vector{MarkerKind::watermark, MarkerKind::end, MarkerKind::watermark}));
}

}  // namespace
}  // namespace streamwork::typed
