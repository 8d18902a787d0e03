// Joins of facts (left) with a table that a stream of changes (right) makes: its value as of the fact's time, or the latest.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <streamwork/change.hpp>
#include <streamwork/join_result.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/side_output.hpp>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace streamwork {

/// What a fact waits for before it meets the latest value of its key in a table.
enum class TableWait : std::uint8_t {
  no,         ///< nothing: it takes what is there
  its_time,   ///< the table's event time has passed the fact's
  the_whole,  ///< the table's stream has ended
};

namespace operators {

/// What a table holds for a key: an event of its stream is the new row; a change may also say that there is none any more.
template <class R>
struct TableEntry {
  using Row = typename typed::RowOf<R>::Type;
  /// May be nothing, if rows can go.
  using Kept = std::conditional_t<typed::is_change<R>, std::optional<Row>, Row>;

  static Kept kept(const R& event) {
    if constexpr (typed::is_change<R>) {
      return event.kind == ChangeKind::remove ? std::nullopt : Kept(event.value);
    } else {
      return event;
    }
  }
};

/// As of event time: each fact meets the change of its key with the greatest time not after its own (of equal times, the one
/// that came last), as soon as event time of both inputs has passed it.
template <class L, class R, class K>
class AsOfJoin {
  using Entry = TableEntry<R>;
  using Result = JoinResult<K, L, typename Entry::Row>;
  struct Version {
    std::int64_t time;
    typename Entry::Kept value;
  };
  struct Fact {
    std::int64_t time;
    L event;
  };
  using Rows = RowsOfCall<Result, Output<Result>>;

 public:
  /// A value older than `retention`, if there is one, is no longer found.
  AsOfJoin(JoinType type, std::optional<Duration> retention, std::optional<SideOutput<std::variant<L, R>>> late)
      : type_(type), retention_(retention), late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
    key_ = context.current_key<K>();
    versions_ = context.value_state<std::vector<Version>>("versions");
    facts_ = context.value_state<std::vector<Fact>>("facts");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply_left(const L& event, Output<Result>&) {
    if (refuse_late<0>(event)) return;
    const std::int64_t now = ticks(time_.event_time());
    facts_->insert(std::ranges::upper_bound(*facts_, now, {}, &Fact::time), Fact{now, event});
    timers_.set(at(now + 1));
  }

  void apply_right(const R& event, Output<Result>&) {
    if (refuse_late<1>(event)) return;
    const std::int64_t now = ticks(time_.event_time());
    const auto place = std::ranges::lower_bound(*versions_, now, {}, &Version::time);
    if (place != versions_->end() && place->time == now) {
      place->value = Entry::kept(event);
    } else {
      versions_->insert(place, Version{now, Entry::kept(event)});
    }
    timers_.set(at(now + 1));
    if (retention_) timers_.set(at(now + retention_->count() + 1));
  }

  void on_timer(EventTime, Output<Result>& out) {
    const std::int64_t reached = ticks(time_.watermark());
    Rows rows(out);
    auto done = facts_->begin();
    for (; done != facts_->end() && done->time < reached; ++done) meet(*done, rows);
    facts_->erase(facts_->begin(), done);
    rows.finish();
    drop_versions(reached);
    if (facts_->empty() && versions_->empty() && timers_.empty()) key_.forget();
  }

 private:
  static std::int64_t ticks(EventTime time) { return time.time_since_epoch().count(); }
  static EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

  template <std::size_t side, class Event>
  bool refuse_late(const Event& event) {
    if (time_.event_time() >= time_.own_watermark()) return false;
    time_.count_late(event);
    if (late_ != nullptr) late_->emit(std::variant<L, R>(std::in_place_index<side>, event));
    return true;
  }

  void meet(const Fact& fact, Rows& rows) {
    const auto after = std::ranges::upper_bound(*versions_, fact.time, {}, &Version::time);
    const bool found =
        after != versions_->begin() && (!retention_ || (after - 1)->time >= fact.time - retention_->count());
    std::optional<typename Entry::Row> row;
    if (found) row = (after - 1)->value;
    if (row || keeps_left(type_)) rows.add(Result{*key_, fact.event, std::move(row)}, at(fact.time));
  }

  /// Facts to come are at or behind the watermark: of what is before it, the last value is enough, if it is not too old.
  void drop_versions(std::int64_t reached) {
    auto needed = std::ranges::upper_bound(*versions_, reached, {}, &Version::time);
    if (needed != versions_->begin()) --needed;
    if (retention_) {
      while (needed != versions_->end() && needed->time < reached - retention_->count()) ++needed;
    }
    versions_->erase(versions_->begin(), needed);
  }

  JoinType type_;
  std::optional<Duration> retention_;
  std::optional<SideOutput<std::variant<L, R>>> late_tag_;
  OperatorTime time_;
  EventTimers timers_;
  CurrentKey<K> key_;
  ValueState<std::vector<Version>> versions_;
  ValueState<std::vector<Fact>> facts_;
  Output<std::variant<L, R>>* late_ = nullptr;
};

/// The latest: each fact meets the value that is there, or that is there when it has waited.
template <class L, class R, class K>
class LatestJoin {
  using Row = typename TableEntry<R>::Row;
  using Result = JoinResult<K, L, Row>;
  struct Fact {
    std::int64_t time;
    L event;
  };

 public:
  /// A fact meets what there is, whenever it comes. `on_time_only`: facts that the watermark of their own input has passed are late
  /// instead.
  LatestJoin(JoinType type, TableWait wait, bool on_time_only, std::optional<SideOutput<std::variant<L, R>>> late)
      : type_(type), wait_(wait), on_time_only_(on_time_only), late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.right_event_timers();
    key_ = context.current_key<K>();
    latest_ = context.value_state<std::optional<Row>>("latest");
    facts_ = context.value_state<std::vector<Fact>>("facts");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply_left(const L& event, Output<Result>& out) {
    if (on_time_only_ && time_.event_time() < time_.own_watermark()) return refuse_late(event);
    const std::int64_t now = time_.event_time().time_since_epoch().count();
    const std::int64_t awaited = wait_ == TableWait::its_time ? now : std::numeric_limits<std::int64_t>::max();
    if (wait_ == TableWait::no || time_.right_watermark().time_since_epoch().count() >= awaited) {
      if (has_row()) out.emit(Result{*key_, event, *latest_}, time_.event_time());
      return;
    }
    facts_->insert(std::ranges::upper_bound(*facts_, now, {}, &Fact::time), Fact{now, event});
    timers_.set(RightEventTime(Duration(awaited)));
  }
  void apply_right(const R& event, Output<Result>&) { *latest_ = TableEntry<R>::kept(event); }
  /// Nothing while facts may wait for the whole table: they come out with their own times.
  EventTime passes_on(EventTime watermark) const {
    const bool waits = wait_ == TableWait::the_whole && time_.right_watermark() != EventTime::max();
    return waits ? EventTime::min() : watermark;
  }

  void on_timer(RightEventTime, Output<Result>& out) {
    const std::int64_t reached = time_.right_watermark().time_since_epoch().count();
    RowsOfCall<Result, Output<Result>> rows(out);
    auto done = facts_->begin();
    for (; done != facts_->end() && (wait_ == TableWait::the_whole || done->time <= reached); ++done) {
      if (has_row()) rows.add(Result{*key_, done->event, *latest_}, EventTime(Duration(done->time)));
    }
    facts_->erase(facts_->begin(), done);
    rows.finish();
  }

 private:
  void refuse_late(const L& event) {
    time_.count_late(event);
    if (late_ != nullptr) late_->emit(std::variant<L, R>(std::in_place_index<0>, event));
  }
  bool has_row() const { return latest_->has_value() || keeps_left(type_); }

  JoinType type_;
  TableWait wait_;
  bool on_time_only_;
  std::optional<SideOutput<std::variant<L, R>>> late_tag_;
  OperatorTime time_;
  RightEventTimers timers_;
  CurrentKey<K> key_;
  ValueState<std::optional<Row>> latest_;
  ValueState<std::vector<Fact>> facts_;
  Output<std::variant<L, R>>* late_ = nullptr;
};

}  // namespace operators

}  // namespace streamwork
