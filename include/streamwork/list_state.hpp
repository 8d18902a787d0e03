// A list per key: values in the order in which they were added.
//
//   history_ = context.list_state<double>("history");
//   ...
//   history_.add(reading.value);
//   for (double value : history_.values()) ...
//
// A key with an empty list takes a pointer. The list lies in memory as a whole, and is saved as a whole with its key: one of
// many thousands of values makes every checkpoint copy them all.
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>
#include <streamwork/state_lifetime.hpp>
#include <streamwork/typed/state_column.hpp>
#include <utility>
#include <vector>

namespace streamwork {

/// REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class T, class Lifetime = Forever>
class ListState {
 public:
  /// A handle that must be assigned from `OperatorContext::list_state` before it is used.
  ListState() = default;

  void add(T value) const { list().change().push_back(std::move(value)); }
  /// Puts these in the place of what there was.
  void replace(std::vector<T> values) const {
    list().clear();
    if (!values.empty()) list().change() = std::move(values);
  }
  void clear() const { list().clear(); }

  /// All of them, valid until the list is changed or the call of the operator ends.
  std::span<const T> values() const { return *list(); }
  /// The same, to change the values themselves.
  std::span<T> values_to_change() const { return empty() ? std::span<T>() : std::span<T>(list().change()); }
  std::size_t size() const { return list().size(); }
  bool empty() const { return list().empty(); }

  // For the engine.
  using Column = typed::StateColumnOf<typed::RowList<T>>;
  explicit ListState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::RowList<T>& list() const { return place_.content(); }

  typed::StatePlace<Column> place_;
};

/// A list whose values expire one by one: each so long after it was added.
template <class T>
class ListState<T, Expiring> {
 public:
  ListState() = default;

  void add(T value) const {
    const std::int64_t now = place_.age().now();
    drop_expired(now);
    std::vector<typed::Aged<T>>& values = list().change();
    const std::int64_t last = values.empty() ? now : std::max(values.back().written, now);
    values.push_back({std::move(value), last});
  }
  void replace(std::vector<T> values) const {
    list().clear();
    for (T& value : values) add(std::move(value));
  }
  void clear() const { list().clear(); }

  /// A range of `const T&`: those that have not expired, valid until the list is changed or the call of the operator ends.
  auto values() const {
    return std::views::transform(living(), [](const typed::Aged<T>& aged) -> const T& { return aged.value; });
  }
  std::size_t size() const { return living().size(); }
  bool empty() const { return living().empty(); }

  // For the engine.
  using Column = typed::AgingColumn<typed::RowList<typed::Aged<T>>>;
  explicit ListState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::RowList<typed::Aged<T>>& list() const { return place_.content(); }

  /// How many stand in front that have expired: times never decrease in a list. They stay so, also when time goes back with an
  /// event that comes late.
  std::size_t expired(std::int64_t now) const {
    std::vector<typed::Aged<T>>& values = list().change();
    const auto living =
        std::ranges::partition_point(values, [&](const auto& aged) { return place_.age().expired(aged.written, now); });
    for (auto gone = living; gone != values.begin() && std::prev(gone)->written != typed::never_written;)
      (--gone)->written = typed::never_written;
    return static_cast<std::size_t>(living - values.begin());
  }
  /// A part is dropped when it is the greater one: so moving the rest costs a constant per value that was added.
  void drop_expired(std::int64_t now) const {
    if (list().empty()) return;
    const std::size_t count = expired(now);
    if (count == list().size()) {
      list().clear();
    } else if (count > list().size() / 2) {
      auto& values = list().change();
      values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
  std::span<const typed::Aged<T>> living() const {
    if (list().empty()) return {};
    const std::int64_t now = place_.age().now();
    const std::span<typed::Aged<T>> rest = std::span(list().change()).subspan(expired(now));
    if (place_.age().reads_renew()) {
      for (typed::Aged<T>& aged : rest) aged.written = std::max(aged.written, now);
    }
    return rest;
  }

  typed::StatePlace<Column> place_;
};

}  // namespace streamwork
