// The rows that the events of two inputs make when they have met in one window.
#pragma once

#include <cstddef>
#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/window_result.hpp>
#include <utility>
#include <vector>

namespace streamwork::operators {

/// Each left event with each right one, or those of one side if there are no others and the type keeps them. Rows are made one by
/// one as they are drawn: a window of a thousand events on each side has a million.
template <class K, class L, class R>
class CrossProduct {
 public:
  using Row = WindowJoinResult<K, L, R>;

  CrossProduct(K key, TimeWindow window, std::vector<L> left, std::vector<R> right, JoinType type)
      : key_(std::move(key)), window_(window), left_(std::move(left)), right_(std::move(right)) {
    if (!left_.empty() && !right_.empty()) {
      rows_ = left_.size() * right_.size();
    } else if (keeps_left(type) && !left_.empty()) {
      rows_ = left_.size();
    } else if (keeps_right(type) && !right_.empty()) {
      rows_ = right_.size();
    }
  }

  class Iterator {
   public:
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const CrossProduct& product, std::size_t row) : product_(&product), row_(row) {}
    Row operator*() const { return product_->row(row_); }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++row_;
      return before;
    }
    friend bool operator==(const Iterator& one, const Iterator& other) { return one.row_ == other.row_; }

   private:
    const CrossProduct* product_ = nullptr;
    std::size_t row_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, rows_}; }

 private:
  Row row(std::size_t number) const {
    Row row{key_, window_.start, window_.end, std::nullopt, std::nullopt};
    if (!left_.empty()) row.left = left_[right_.empty() ? number : number / right_.size()];
    if (!right_.empty()) row.right = right_[left_.empty() ? number : number % right_.size()];
    return row;
  }

  K key_;
  TimeWindow window_;
  std::vector<L> left_;
  std::vector<R> right_;
  std::size_t rows_ = 0;
};

}  // namespace streamwork::operators
