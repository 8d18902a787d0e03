// The queries of the benchmark, one file each.
#pragma once

#include <array>

#include "setup.hpp"

namespace nexmark {

void q0(const Setup& setup);
void q1(const Setup& setup);
void q2(const Setup& setup);
void q3(const Setup& setup);
void q4(const Setup& setup);
void q5(const Setup& setup);
void q6(const Setup& setup);
void q7(const Setup& setup);
void q8(const Setup& setup);
void q9(const Setup& setup);
void q10(const Setup& setup);
void q11(const Setup& setup);
void q12(const Setup& setup);
void q13(const Setup& setup);
void q14(const Setup& setup);
void q15(const Setup& setup);
void q16(const Setup& setup);
void q17(const Setup& setup);
void q18(const Setup& setup);
void q19(const Setup& setup);
void q20(const Setup& setup);
void q21(const Setup& setup);
void q22(const Setup& setup);

struct Query {
  int number;
  const char* name;
  void (*write)(const Setup& setup);
};

inline constexpr auto queries = std::to_array<Query>({
    {0, "pass through", q0},
    {1, "currency", q1},
    {2, "selection", q2},
    {3, "local items", q3},
    {4, "category prices", q4},
    {5, "hot items", q5},
    {6, "selling prices", q6},
    {7, "highest bids", q7},
    {8, "new sellers", q8},
    {9, "winning bids", q9},
    {10, "log", q10},
    {11, "sessions", q11},
    {12, "by wall clock", q12},
    {13, "side input", q13},
    {14, "calculation", q14},
    {15, "bidding statistics", q15},
    {16, "channel statistics", q16},
    {17, "auction statistics", q17},
    {18, "last bid", q18},
    {19, "top bids", q19},
    {20, "expanded bids", q20},
    {21, "channel id", q21},
    {22, "url directories", q22},
});

}  // namespace nexmark
