// Calls to services: one result for each event, without holding up a worker.
//
//   readings.async_map("look up owner",
//                      [client](const Reading& reading, sw::Reply<Owned> reply) {
//                        client->get(reading.machine, [reading, reply](const Owner& owner) {    // in any thread, later
//                          reply.send({reading, owner.name});
//                        });
//                      },
//                      {.in_flight = 100, .order = sw::AsyncOrder::ordered, .timeout = 2s, .attempts = 3,
//                       .backoff = {.first = 100ms, .factor = 2.0, .longest = 5s}, .bad_events = sw::skip_bad_events()});
//
// The function starts a call and must not block; for a client that blocks there is `on_threads`. An attempt has failed when
// the reply says so, when there is none in time, when the reply is dropped without an answer, and when the function throws;
// it is made again after a wait. When the last one has failed, and at once when the reply refuses the event or the function
// throws `BadEvent`, the vertex' policy for bad events decides: fail, skip and count, or dead letter.
//
// At most `in_flight` events per instance are taken whose results are not out: a service that is slow slows the job down, and
// the time goes under `TimeShares::calling`. Watermarks pass when all events before them are out. At the end of the input all
// that is in flight comes out; when a job is cancelled it is lost, and replies that still come are ignored. A checkpoint does not
// wait for answers: events in flight are part of it (if their type can be stored, see stored.hpp). A call may be made more than
// once for one event, also without a failure when the job is started again: it should be safe to repeat.
//
// The function may be an object with `void open(sw::AsyncContext&)` and `void close()`, called once per instance. Each
// parallel instance works on its own copy. `const T&` is valid during the call: copy what the answer needs.
// Thread rule: a job is written by one thread; the function is called by one thread at a time.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <streamwork/async_function.hpp>
#include <streamwork/bad_event.hpp>
#include <streamwork/stream.hpp>
#include <streamwork/typed/async_segment.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

namespace typed {

/// Finds `R` in the `Reply<R>` that a function takes behind the event.
template <class Parameter>
struct ReplyParameter;
template <class R>
struct ReplyParameter<Reply<R>> {
  using result = R;
};
template <class Signature>
struct AsyncSignature;
template <class Object, class Return, class Event, class Second>
struct AsyncSignature<Return (Object::*)(Event, Second)> : ReplyParameter<std::remove_cvref_t<Second>> {};
template <class Object, class Return, class Event, class Second>
struct AsyncSignature<Return (Object::*)(Event, Second) const> : ReplyParameter<std::remove_cvref_t<Second>> {};
template <class Object, class Return, class Event, class Second>
struct AsyncSignature<Return (Object::*)(Event, Second) noexcept> : ReplyParameter<std::remove_cvref_t<Second>> {};
template <class Object, class Return, class Event, class Second>
struct AsyncSignature<Return (Object::*)(Event, Second) const noexcept> : ReplyParameter<std::remove_cvref_t<Second>> {
};
template <class Return, class Event, class Second>
struct AsyncSignature<Return (*)(Event, Second)> : ReplyParameter<std::remove_cvref_t<Second>> {};

/// What the answers to events `T` are; no `type` if the function does not say.
template <class Function, class T>
struct AsyncResult {};
template <class Function, class T>
  requires requires { typename Function::template ResultOf<T>; }
struct AsyncResult<Function, T> {
  using type = typename Function::template ResultOf<T>;
};
template <class Function, class T>
  requires requires { typename AsyncSignature<decltype(&Function::operator())>::result; }
struct AsyncResult<Function, T> {
  using type = typename AsyncSignature<decltype(&Function::operator())>::result;
};
template <class Function, class T>
  requires requires { typename AsyncSignature<Function>::result; }
struct AsyncResult<Function, T> {
  using type = typename AsyncSignature<Function>::result;
};

/// Adds to the graph's problems what is wrong with the options.
void check_async_options(JobGraph& graph, const std::string& name, const AsyncOptions& options);

/// A function that calls a service, as it was written.
template <class T, class Result, class Function>
class WrittenCalls final : public UnsharedSegment {
 public:
  WrittenCalls(Function function, const AsyncOptions& options, bool timed)
      : function_(std::move(function)), options_(options), timed_(timed) {}

  BuiltSegment make(const InstanceSpec& spec) const override {
    auto segment = std::make_unique<AsyncSegment<T, Result, Function>>(function_, options_, spec.inputs, timed_,
                                                                       spec.vertices.front());
    BuiltSegment built;
    built.main = &segment->main();
    built.makes_calls = true;
    connect_sides(built, spec, segment->sides());
    built.segment = std::move(segment);
    return built;
  }

 private:
  Function function_;
  AsyncOptions options_;
  bool timed_;
};

/// Adds a segment that makes calls to the graph; returns the stream of their results.
template <class T, class Result, class Function>
Stream<Result> place_async(const std::shared_ptr<JobGraph>& graph, const std::vector<Port>& inputs, std::string name,
                           Function function, const AsyncOptions& options) {
  check_async_options(*graph, name, options);
  const int vertex = graph->add_vertex(std::move(name), VertexKind::operation, {.bad_events = options.bad_events});
  return Stream<Result>(place_alone(
      graph, vertex, inputs, 0,
      std::make_unique<WrittenCalls<T, Result, Function>>(std::move(function), options, timed_inputs(*graph, inputs))));
}

template <class Self, class T>
template <class Function>
auto StreamMethods<Self, T>::async_map(std::string name, Function function, AsyncOptions options) const {
  static_assert(std::copy_constructible<T>,
                "async_map keeps events while their calls are in flight: their type must be "
                "copyable");
  static_assert(std::copy_constructible<Function>, "each instance has its own copy of async_map's function");
  static_assert(
      requires { typename AsyncResult<Function, T>::type; },
      "async_map's function takes the event and a reply that names the result: `[](const Event& event, "
      "sw::Reply<Result> reply) { … }`, neither `auto` nor overloaded; or it is `sw::on_threads(n, function)`");
  using Result = typename AsyncResult<Function, T>::type;
  static_assert(std::invocable<Function&, const T&, Reply<Result>>,
                "async_map's function does not take this stream's events as `const Event&`");
  const auto chain = self().chain();
  return place_async<T, Result>(chain.graph, chain.ports, std::move(name), std::move(function), options);
}

}  // namespace typed

/// What `on_threads` returns.
template <class Function>
class OnThreads {
 public:
  template <class T>
  using ResultOf = std::remove_cvref_t<std::invoke_result_t<Function&, const T&>>;

  OnThreads(int threads, Function function) : threads_(threads), function_(std::move(function)) {}

  void open(AsyncContext& context) {
    work_ = context.background_work(threads_);
    shared_ = std::make_shared<Function>(function_);
  }
  template <class T>
    requires std::invocable<Function&, const T&>
  void operator()(const T& event, const Reply<ResultOf<T>>& reply) {
    work_->run([function = shared_, event, reply] { answer(*function, event, reply); });
  }
  void close() { work_.reset(); }

 private:
  template <class T>
  static void answer(Function& function, const T& event, const Reply<ResultOf<T>>& reply) {
    if (!reply.wanted()) return;
    try {
      reply.send(std::invoke(function, event));
    } catch (const BadEvent& bad) {
      reply.refuse(bad.what());
    } catch (const std::exception& error) {
      reply.fail(error.what());
    } catch (...) {
      reply.fail("an exception that is no std::exception");
    }
  }

  int threads_;
  Function function_;
  std::shared_ptr<Function> shared_;
  std::shared_ptr<BackgroundWork> work_;
};

/// Makes of a function that blocks, `Result function(const T&)`, one for `async_map`: each instance runs it on `threads`
/// threads of its own, so at most so many calls are made at once. What it throws fails the attempt; `BadEvent` refuses the
/// event. A call that has begun cannot be broken off: the end of a job waits for it.
/// REQUIRES: the function may be called by several threads at once; those of an instance share one copy of it.
template <class Function>
OnThreads<Function> on_threads(int threads, Function function) {
  return OnThreads<Function>(threads, std::move(function));
}

}  // namespace streamwork
