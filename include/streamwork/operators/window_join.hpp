// A join of what two streams have in the same window: the windows of windows.hpp over the events of both, and a firing gives
// each left event with each right one.
#pragma once

#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/window_result.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace streamwork::operators {

/// Keeps the events of both sides, in the order in which they came.
template <class L, class R>
struct CollectSides {
  struct State {
    std::vector<L> left;
    std::vector<R> right;
  };
  static void add(State& state, const std::variant<L, R>& event) {
    if (event.index() == 0) {
      state.left.push_back(std::get<0>(event));
    } else {
      state.right.push_back(std::get<1>(event));
    }
  }
  static void combine(State& state, const State& later) {
    state.left.insert(state.left.end(), later.left.begin(), later.left.end());
    state.right.insert(state.right.end(), later.right.begin(), later.right.end());
  }
  static const State& result(const State& state) { return state; }
};

/// The rows of one firing, made one by one as they are drawn: a window of a thousand events on each side has a million.
template <class K, class L, class R>
class CrossProduct {
 public:
  using Firing = WindowResult<K, typename CollectSides<L, R>::State>;
  using Row = WindowJoinResult<K, L, R>;

  CrossProduct(Firing firing, JoinType type) : firing_(std::move(firing)) {
    const std::size_t left = firing_.value.left.size();
    const std::size_t right = firing_.value.right.size();
    if (left > 0 && right > 0) {
      rows_ = left * right;
    } else if (keeps_left(type) && left > 0) {
      rows_ = left;
    } else if (keeps_right(type) && right > 0) {
      rows_ = right;
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
    const auto& [left, right] = firing_.value;
    Row row{firing_.key, firing_.start, firing_.end, std::nullopt, std::nullopt, firing_.update, firing_.retract};
    if (!left.empty()) row.left = left[right.empty() ? number : number / right.size()];
    if (!right.empty()) row.right = right[left.empty() ? number : number % right.size()];
    return row;
  }

  Firing firing_;
  std::size_t rows_ = 0;
};

/// Gives the events of two inputs to one window operator, and makes rows of what it emits.
template <class L, class R, class K, class Windows>
class WindowJoin {
  using Event = std::variant<L, R>;
  using Row = WindowJoinResult<K, L, R>;

 public:
  WindowJoin(Windows windows, JoinType type) : windows_(std::move(windows)), type_(type) {}

  void open(OperatorContext& context) { windows_.open(context); }
  void apply_left(const L& event, Output<Row>& out) {
    Rows rows{out, type_};
    windows_.take(Event(std::in_place_index<0>, event), rows);
  }
  void apply_right(const R& event, Output<Row>& out) {
    Rows rows{out, type_};
    windows_.take(Event(std::in_place_index<1>, event), rows);
  }
  void on_timer(EventTime at, Output<Row>& out) {
    Rows rows{out, type_};
    windows_.fire_due(at, rows);
  }

 private:
  struct Rows {
    Output<Row>& out;
    JoinType type;
    void emit(typename CrossProduct<K, L, R>::Firing firing, EventTime time) {
      out.emit_all(CrossProduct<K, L, R>(std::move(firing), type), time);
    }
  };

  Windows windows_;
  JoinType type_;
};

}  // namespace streamwork::operators
