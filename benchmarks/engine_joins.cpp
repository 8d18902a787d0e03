#include <atomic>
#include <streamwork/event_time.hpp>
#include <streamwork/job.hpp>
#include <streamwork/join.hpp>

#include "engine_parts.hpp"
#include "engine_timed_jobs.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

constexpr auto share = [](const sw::JoinResult<std::uint64_t, Event, Event>& pair) {
  return share_of_pair(*pair.left, *pair.right);
};

}  // namespace

std::uint64_t engine_interval_join(std::uint64_t events, const JoinWork& work) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"interval_join"};
  const std::uint64_t keys = work.keys;
  const auto time = [step = work.step](const Event& event) {
    return sw::EventTime(sw::Duration(static_cast<std::int64_t>(event.sequence * step)));
  };
  const auto left = job.source("left", events_of(events / 2, keys))
                        .event_time(time, sw::bounded_out_of_order(sw::Duration(0)))
                        .key_by(&Event::key, {.parallelism = 1});
  const auto make_right = [keys](std::uint64_t sequence) { return make_right_event(sequence, keys); };
  const auto right = job.source("right", sw::generate<Event>(make_right, {.count = events / 2}))
                         .event_time(time, sw::bounded_out_of_order(sw::Duration(0)))
                         .key_by(&Event::key, {.parallelism = 1});
  const auto distance = sw::Duration(static_cast<std::int64_t>(work.distance));
  sw::join(left, right).interval("join", -distance, distance).sink("sum", SumSink<share>(total));
  run(job, 1);
  return total;
}

}  // namespace benchmark
