// The same queries as loops that a programmer writes by hand: one thread, no engine, nothing that survives. What the engine is
// measured against.
#pragma once

#include <array>
#include <cstdint>

#include "row_sink.hpp"
#include "source.hpp"

namespace nexmark {

/// The events that a loop goes over: made as they are needed, or beforehand.
struct Feed {
  Generator generator;
  std::uint64_t count;
  const Events* made = nullptr;
  sw::Duration slide = std::chrono::seconds(2);  ///< of query 5

  template <class Use>
  void each(Use&& use) const {
    if (made != nullptr) {
      for (std::uint64_t number = 0; number < count; ++number) use((*made)[number]);
    } else {
      for (std::uint64_t number = 0; number < count; ++number) use(generator.event(number));
    }
  }
  template <class Use>
  void each_bid(Use&& use) const {
    each([&](const Event& event) {
      if (const auto* bid = std::get_if<Bid>(&event)) use(*bid);
    });
  }
};

void loop_q0(const Feed& feed, RowCount& out);
void loop_q1(const Feed& feed, RowCount& out);
void loop_q2(const Feed& feed, RowCount& out);
void loop_q3(const Feed& feed, RowCount& out);
void loop_q4(const Feed& feed, RowCount& out);
void loop_q5(const Feed& feed, RowCount& out);
void loop_q7(const Feed& feed, RowCount& out);
void loop_q8(const Feed& feed, RowCount& out);
void loop_q9(const Feed& feed, RowCount& out);
void loop_q11(const Feed& feed, RowCount& out);
void loop_q12(const Feed& feed, RowCount& out);
void loop_q14(const Feed& feed, RowCount& out);
void loop_q15(const Feed& feed, RowCount& out);
void loop_q16(const Feed& feed, RowCount& out);
void loop_q17(const Feed& feed, RowCount& out);
void loop_q18(const Feed& feed, RowCount& out);
void loop_q19(const Feed& feed, RowCount& out);
void loop_q20(const Feed& feed, RowCount& out);
void loop_q21(const Feed& feed, RowCount& out);
void loop_q22(const Feed& feed, RowCount& out);

struct Loop {
  int query;
  double target;  ///< the engine is to have at least this part of the loop's speed
  void (*run)(const Feed& feed, RowCount& out);
};

inline constexpr auto loops = std::to_array<Loop>({
    {0, 0.8, loop_q0},   {1, 0.8, loop_q1},   {2, 0.8, loop_q2},   {3, 0.6, loop_q3},   {4, 0.6, loop_q4},
    {5, 0.6, loop_q5},   {7, 0.6, loop_q7},   {8, 0.6, loop_q8},   {9, 0.6, loop_q9},   {11, 0.6, loop_q11},
    {12, 0.6, loop_q12}, {14, 0.8, loop_q14}, {15, 0.6, loop_q15}, {16, 0.6, loop_q16}, {17, 0.6, loop_q17},
    {18, 0.6, loop_q18}, {19, 0.6, loop_q19}, {20, 0.6, loop_q20}, {21, 0.8, loop_q21}, {22, 0.8, loop_q22},
});

}  // namespace nexmark
