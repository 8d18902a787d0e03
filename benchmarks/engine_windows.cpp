#include <atomic>
#include <streamwork/event_time.hpp>
#include <streamwork/job.hpp>
#include <streamwork/windowed_stream.hpp>

#include "engine_parts.hpp"
#include "engine_timed_jobs.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

constexpr auto share = [](const sw::WindowResult<std::uint64_t, std::int64_t>& result) {
  return share_of_window(result.key, static_cast<std::uint64_t>(result.end.time_since_epoch().count()), result.value);
};

sw::Duration microseconds(std::uint64_t ticks) { return sw::Duration(static_cast<std::int64_t>(ticks)); }

auto timed_events(sw::Job& job, std::uint64_t events, const WindowWork& work) {
  const auto time = [step = work.step](const Event& event) {
    return sw::EventTime(sw::Duration(static_cast<std::int64_t>(event.sequence * step)));
  };
  return job.source("events", events_of(events, work.keys))
      .event_time(time, sw::bounded_out_of_order(sw::Duration(0)))
      .key_by(&Event::key, {.parallelism = 1});
}

}  // namespace

std::uint64_t engine_tumbling_count(std::uint64_t events, const WindowWork& work) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"tumbling_count"};
  timed_events(job, events, work)
      .window(sw::tumbling(microseconds(work.length)))
      .aggregate("count", sw::count())
      .sink("sum", SumSink<share>(total));
  run(job, 1);
  return total;
}

std::uint64_t engine_sliding_sum(std::uint64_t events, const WindowWork& work) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"sliding_sum"};
  timed_events(job, events, work)
      .window(sw::sliding(microseconds(work.length), microseconds(work.slide)))
      .aggregate("sum_of_window", sw::sum(&Event::value))
      .sink("sum", SumSink<share>(total));
  run(job, 1);
  return total;
}

}  // namespace benchmark
