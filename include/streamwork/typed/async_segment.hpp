// A segment that calls a service for every event and gives out the answers.
//
// It never waits inside a call: it takes events while fewer than the limit are in flight, and has the task run again when
// a reply has come or a time is due. Watermarks are held until all events before them are out. A barrier is not: events in
// flight become part of the snapshot and are asked about anew after a restart; only events of a type that cannot be stored
// hold it up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <streamwork/async_function.hpp>
#include <streamwork/options.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <streamwork/typed/call_attempts.hpp>
#include <streamwork/typed/calls_in_flight.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/input_time.hpp>
#include <streamwork/typed/waiting_events.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class T, class Result, class Function>
class AsyncSegment final : public Segment {
  using Call = typename CallsInFlight<T, Result>::Call;
  using Ticket = CallTicket<Result>;
  using Box = ReplyBox<Result>;
  using Kind = typename Answer<Result>::Kind;
  static constexpr bool stores_events = Storable<T> && std::default_initializable<T>;

 public:
  /// `inputs`: ports its events come from. `timed`: they have event times.
  AsyncSegment(Function function, AsyncOptions options, std::size_t inputs, bool timed, VertexInstance vertex)
      : function_(std::move(function)),
        options_(std::move(options)),
        vertex_(std::move(vertex)),
        saved_(vertex_),
        output_(timed, time_at_hand_),
        sides_(vertex_.counters, timed, time_at_hand_),
        handler_(options_.bad_events.action(), vertex_, sides_.claim_dead_letters(options_.bad_events)),
        input_time_(inputs),
        calls_(options_.order == AsyncOrder::ordered) {
    if (timed) handler_.set_clock(vertex_.counters.get());
  }
  ~AsyncSegment() override { give_up_calls(); }

  TaskPort& main() { return output_; }
  SideOutputs& sides() { return sides_; }

  bool check_restored(TaskContext& task) override {
    saved_.open(task);
    return false;
  }

  void open(TaskContext& task) override {
    task_ = &task;
    saved_.open(task);
    box_ = std::make_shared<Box>(task);
    guarded([&] {
      if constexpr (requires(AsyncContext& context) { function_.open(context); }) {
        AsyncContext context(vertex_, task);
        function_.open(context);
      }
      sides_.require_all_claimed();
    });
    saved_.take([&](auto waiting) { take(std::move(waiting.event), waiting.time); },
                [&](const WaitingMarker& marker) { take_time_marker(marker.kind(), marker.time); });
  }

  void accept(BatchBase& batch, std::size_t input, bool last_user) override {
    input_ = &static_cast<Batch<T>&>(batch);
    input_time_.accept(batch, input);
    position_ = 0;
    may_move_ = last_user;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    while (true) {
      if (!give_out()) return false;
      if (barrier_ && !pass_barrier()) return false;
      if (take_markers()) continue;
      if (position_ == input_->size()) break;
      if (full()) {
        if (!look_for_replies()) return false;
        continue;
      }
      if (!take_events()) return false;
    }
    if (!flush()) return false;
    input_ = nullptr;
    return true;
  }

  /// Gives out what has come back. What has not is no reason to stay: its reply runs the task again.
  bool settle() override { return give_out() && flush(); }

  bool save_more() override { return saved_.save_some(); }

  bool finish() override {
    while (true) {
      if (!give_out()) return false;
      if (calls_.size() == 0) return flush();
      if (!look_for_replies()) return false;
    }
  }

  void close() override {
    give_up_calls();
    guarded([&] {
      if constexpr (requires { function_.close(); }) function_.close();
    });
  }

 private:
  /// More than may be in flight are, if those of several instances were dealt out anew.
  bool full() const { return calls_.size() >= options_.in_flight; }
  bool has_room() const { return output_.has_room() && sides_.has_room(); }
  bool flush() {
    const bool finished = output_.flush(*task_) && sides_.flush(*task_);
    vertex_.counters->events_out.add(output_.take_count());
    return finished;
  }

  /// True: replies have come. False: the task has to wait for them, or for room. (One that comes now wakes it.)
  bool look_for_replies() {
    if (!box_->empty()) return true;
    if (!flush()) return false;
    task_->wait_for_calls(*this);
    return false;
  }

  // --- in

  /// Saves what is in flight and sends the barrier on before it. False: not yet.
  bool pass_barrier() {
    while (!stores_events && calls_.size() > 0) {
      if (!look_for_replies() || !give_out()) return false;
    }
    if (!flush()) return false;
    if (!std::exchange(barrier_marked_, true)) {
      if (task_->snapshot().keeps_state()) save();
      output_.mark_barrier(*barrier_);
      sides_.mark_barrier(*barrier_);
    }
    if (!flush()) return false;
    barrier_.reset();
    barrier_marked_ = false;
    return true;
  }

  void save() {
    calls_.add_to(saved_);
    saved_.begin_saving(task_->snapshot());
  }

  bool take_markers() {
    const Marker* marker = input_time_.take_marker(position_);
    if (marker == nullptr) return false;
    if (marker->kind == MarkerKind::barrier) {
      barrier_ = marker->barrier;
      return true;
    }
    if (marker->kind == MarkerKind::latency) {
      take_latency_marker(*marker);
      return true;
    }
    take_time_marker(marker->kind, marker->time);
    return true;
  }
  void take_time_marker(MarkerKind kind, EventTime time) {
    watermark_ = std::max(watermark_, time);
    calls_.order().add_marker({0, kind, watermark_});
  }

  /// It comes out with the event before it, and if that is out already, with none: unlike other markers it holds up nothing.
  void take_latency_marker(const Marker& marker) {
    if (calls_.size() == 0) {
      calls_.order().add_marker(marker);
    } else if (Call* const newest = calls_.newest()) {
      newest->latency = marker.latency;
    }
  }

  /// Takes events up to the next marker, as long as few enough are in flight. False: the slice is over.
  bool take_events() {
    const std::uint32_t begin = position_;
    const std::uint32_t end = std::min(input_time_.next_stop(input_->size()), position_ + chunk_.events());
    for (; position_ != end && !full(); ++position_) take_event();
    vertex_.counters->events_in.add(position_ - begin);
    const bool time_is_up = task_->time_is_up();
    chunk_.adapt(time_is_up);
    if (time_is_up) task_->wait_for(WaitReason::none);
    return !time_is_up;
  }

  void take_event() {
    const EventTime time = input_->times() == nullptr ? beginning_of_time : input_->times()[position_];
    T& event = input_->events()[position_];
    may_move_ ? take(std::move(event), time) : take(std::as_const(event), time);
  }
  template <class Event>
  void take(Event&& event, EventTime time) {
    const std::uint32_t place = calls_.add(std::forward<Event>(event), time);
    vertex_.counters->in_flight.set(calls_.size());
    attempt(place);
  }

  // --- calls

  void attempt(std::uint32_t place) {
    Call& call = calls_[place];
    ++call.attempts;
    call.resting = false;
    set_due(call, options_.timeout);
    const auto ticket = std::make_shared<Ticket>(box_, place);
    call.ticket = ticket;
    try {
      function_(std::as_const(call.event), Reply<Result>(ticket));
    } catch (const BadEvent& bad) {
      if (ticket->close()) end(place, {Kind::refused, std::nullopt, bad.what()});
    } catch (const std::exception& error) {
      if (ticket->close()) end(place, {Kind::failed, std::nullopt, error.what()});
    } catch (...) {
      if (ticket->close()) end(place, {Kind::failed, std::nullopt, "an exception that is no std::exception"});
    }
  }

  /// An attempt has ended.
  void end(std::uint32_t place, Answer<Result> answer) {
    Call& call = calls_[place];
    if (answer.kind == Kind::failed) {
      if (call.attempts < options_.attempts) {
        call.resting = true;
        set_due(call, backoff_wait(options_.backoff, call.attempts, ++draws_));
        vertex_.counters->retried.add(1);
        return;
      }
      answer.reason = attempts_used_up(options_.attempts, answer.reason);
    }
    call.answer = std::move(answer);
    calls_.order().set_done(place);
  }

  void set_due(Call& call, Duration after) {
    call.due = task_->clock().steady_now() + after;
    next_due_ = std::min(next_due_, call.due);
  }

  /// Takes the replies that have come, and ends what has taken too long.
  void tend_calls() {
    if (!box_->empty()) {
      box_->take(letters_);
      for (auto& letter : letters_) end(letter.place, std::move(letter.answer));
      letters_.clear();
    }
    if (next_due_ == SteadyTime::max()) return;
    if (const SteadyTime now = task_->clock().steady_now(); next_due_ <= now) tend_due_calls(now);
    if (next_due_ != SteadyTime::max()) task_->wake_at(next_due_);
  }

  /// Most calls are answered before they are due, so this comes about once per timeout, and nothing needs to be sorted.
  void tend_due_calls(SteadyTime now) {
    next_due_ = SteadyTime::max();
    calls_.for_each([&](std::uint32_t place, Call& call) {
      if (call.answer) return;
      if (call.due > now) {
        next_due_ = std::min(next_due_, call.due);
      } else if (call.resting) {
        attempt(place);
      } else {
        call.due = SteadyTime::max();  // in case that it is answered at this moment
        const auto ticket = call.ticket.lock();
        if (ticket && ticket->close()) end(place, {Kind::failed, std::nullopt, timeout_reason(options_.timeout)});
      }
    });
  }

  /// Replies that come later find nobody.
  void give_up_calls() {
    if (!box_) return;
    box_->close();
    calls_.for_each([](std::uint32_t, Call& call) {
      if (const auto ticket = call.ticket.lock()) ticket->close();
    });
    calls_.clear();
  }

  // --- out

  /// Gives out what may come out, events and markers. False: no room for more.
  bool give_out() {
    tend_calls();
    if (barrier_marked_ && !flush()) return false;  // nothing comes behind a barrier in its batch
    while (true) {
      const std::optional<std::uint32_t> place = calls_.order().next_event();
      const Marker* const marker = place ? nullptr : calls_.order().next_marker();
      if (!place && marker == nullptr) return true;
      if (!has_room() && !flush()) return false;
      place ? give_out_event(*place) : give_out_marker(*marker);
    }
  }

  void give_out_event(std::uint32_t place) {
    Call& call = calls_[place];
    time_at_hand_ = call.time;
    if (call.answer->kind == Kind::result) {
      output_.output().emit(std::move(*call.answer->result));
    } else if (call.answer->kind != Kind::nothing) {
      vertex_.counters->failed.add(1);
      handler_.refuse(BadEvent(call.answer->reason), call.event, call.time);
    }
    if (call.latency) give_out_latency_marker(*call.latency);
    calls_.remove(place);
    vertex_.counters->in_flight.set(calls_.size());
  }

  void give_out_marker(const Marker& marker) {
    if (marker.kind == MarkerKind::latency) {
      give_out_latency_marker(marker.latency);
      return calls_.order().pop_marker();
    }
    output_.mark(marker.kind, marker.time);
    sides_.mark(marker.kind, marker.time);
    vertex_.counters->watermark.set(marker.time);
    calls_.order().pop_marker();
  }

  void give_out_latency_marker(const LatencyMark& mark) {
    output_.mark_latency(mark);
    sides_.mark_latency(mark);
  }

  template <class Action>
  void guarded(Action&& action) {
    try {
      action();
    } catch (...) {
      rethrow_for(vertex_);
    }
  }

  Function function_;
  AsyncOptions options_;
  VertexInstance vertex_;
  std::conditional_t<stores_events, WaitingEvents<T>, NothingWaits> saved_;
  EventTime time_at_hand_ = beginning_of_time;  ///< of the event whose result is given out
  BatchOutput<Result> output_;
  SideOutputs sides_;
  BadEventHandler handler_;
  InputTime input_time_;
  ChunkSize chunk_{false};
  TaskContext* task_ = nullptr;

  Batch<T>* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool may_move_ = false;
  EventTime watermark_ = beginning_of_time;  ///< of the input

  CallsInFlight<T, Result> calls_;
  SteadyTime next_due_ = SteadyTime::max();  ///< no call is due before
  std::uint64_t draws_ = 0;                  ///< chances drawn for back-off
  std::shared_ptr<Box> box_;
  std::vector<typename Box::Letter> letters_;
  std::optional<Barrier> barrier_;  ///< to be passed next
  bool barrier_marked_ = false;
};

}  // namespace streamwork::typed
