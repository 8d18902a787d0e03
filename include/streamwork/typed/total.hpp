// Sums that do not depend on the order.
// Thread rule: a plain value.
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <streamwork/stored.hpp>
#include <tuple>
#include <type_traits>

namespace streamwork::aggregates {

/// Integers are added up in 64 bits, and overflow is an error; floating-point numbers with the rounding errors kept apart,
/// so that the sum does not depend on the order or on how the events were split (Neumaier 1974).
template <class V>
class Total {
 public:
  using Value = std::conditional_t<std::is_floating_point_v<V>, double,
                                   std::conditional_t<std::is_unsigned_v<V>, std::uint64_t, std::int64_t>>;

  void add(Value value) {
    if constexpr (std::is_floating_point_v<Value>) {
      const double sum = sum_ + value;
      error_ += std::abs(sum_) >= std::abs(value) ? (sum_ - sum) + value : (value - sum) + sum_;
      sum_ = sum;
    } else if (__builtin_add_overflow(sum_, value, &sum_)) {
      throw std::overflow_error("a sum of integers does not fit into 64 bits");
    }
  }
  void subtract(Value value) {
    if constexpr (std::is_floating_point_v<Value>) {
      add(-value);
    } else if (__builtin_sub_overflow(sum_, value, &sum_)) {
      throw std::overflow_error("a sum of integers does not fit into 64 bits");
    }
  }
  void add(const Total& other) {
    add(other.sum_);
    if constexpr (std::is_floating_point_v<Value>) error_ += other.error_;
  }
  Value value() const {
    if constexpr (std::is_floating_point_v<Value>) {
      return std::isfinite(sum_) ? sum_ + error_ : sum_;  // infinity minus infinity is no error term
    } else {
      return sum_;
    }
  }
  template <class Self>
  static auto stored_fields(Self& self) {
    if constexpr (std::is_floating_point_v<Value>) {
      return std::tuple(stored<"sum">(self.sum_), stored<"error">(self.error_));
    } else {
      return std::tuple(stored<"sum">(self.sum_));
    }
  }

 private:
  struct Nothing {};
  Value sum_{};
  [[no_unique_address]] std::conditional_t<std::is_floating_point_v<V>, double, Nothing> error_{};
};

}  // namespace streamwork::aggregates
