// Which chain limits a job. A chain wants to run for the time it runs or waits for its worker; it is blocked for the time
// its output is not taken. Whoever waits points at its consumer, so the cause is the busiest chain that others wait for,
// and not the victim, which is blocked.
#include "job/bottleneck.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace streamwork::job {

namespace {

/// From this share of the time on a chain limits the job, also if nobody waits for it.
constexpr double busy_enough = 0.8;
/// Waiting for less than this share of the time limits nobody.
constexpr double blocked_enough = 0.05;
/// Above this share of waiting for the outside (a sink's or a service's), the outside limits the chain more than its own work does.
constexpr double held_up_enough = 0.5;
/// A chain that is not busy itself limits the job if another waits for it for this share of the time: less is what a full queue
/// costs here and there.
constexpr double held_back_enough = 0.25;
/// An instance that is busier than the mean by this much is named: the work is spread unevenly.
constexpr double uneven = 0.2;

/// Where the time of one chain went, as shares of the interval.
struct ChainLoad {
  const VertexMetrics* first_vertex = nullptr;  ///< stands for the chain, as in `blocked_by`
  double mean = 0;                              ///< wants to run, over all instances
  double greatest = 0;                          ///< of the busiest instance
  std::size_t busiest = 0;
  double queued = 0;   ///< part of `greatest` spent in the worker's queue
  double blocked = 0;  ///< over all instances
  double calling = 0;  ///< over all instances: waits for calls to a service

  /// A sink whose writes are not taken has no consumer to point at.
  bool held_up_outside() const { return blocked >= held_up_enough && first_vertex->blocked_by.empty(); }
};

using Seconds = std::chrono::duration<double>;

TimeShares since(const TimeShares& before, const TimeShares& now) {
  return {now.busy - before.busy, now.queued - before.queued, now.blocked - before.blocked, now.idle - before.idle,
          now.calling - before.calling};
}

ChainLoad load_of(const VertexMetrics& vertex, const VertexMetrics* before, double interval) {
  ChainLoad load{&vertex};
  for (std::size_t i = 0; i < vertex.instances.size(); ++i) {
    const bool known = before != nullptr && i < before->instances.size();
    const TimeShares spent = since(known ? before->instances[i].times : TimeShares{}, vertex.instances[i].times);
    const double queued = Seconds(spent.queued).count() / interval;
    const double wanted = std::min(1.0, Seconds(spent.busy).count() / interval + queued);
    load.mean += wanted;
    load.blocked += std::min(1.0, Seconds(spent.blocked).count() / interval);
    load.calling += std::min(1.0, Seconds(spent.calling).count() / interval);
    if (i > 0 && wanted <= load.greatest) continue;
    load.greatest = wanted;
    load.queued = queued;
    load.busiest = i;
  }
  const auto instances = static_cast<double>(std::max<std::size_t>(1, vertex.instances.size()));
  load.mean /= instances;
  load.blocked /= instances;
  load.calling /= instances;
  return load;
}

/// One load per chain, told by its first vertex.
std::vector<ChainLoad> loads_between(const JobMetrics& before, const JobMetrics& now) {
  const double interval = Seconds(now.running_for - before.running_for).count();
  std::vector<ChainLoad> loads;
  for (std::size_t i = 0; interval > 0 && i < now.vertices.size(); ++i) {
    const VertexMetrics& vertex = now.vertices[i];
    const bool known =
        std::ranges::any_of(loads, [&](const ChainLoad& load) { return load.first_vertex->chain == vertex.chain; });
    if (known) continue;
    loads.push_back(load_of(vertex, i < before.vertices.size() ? &before.vertices[i] : nullptr, interval));
  }
  return loads;
}

bool waits_for(const ChainLoad& waiting, const ChainLoad& other) {
  return waiting.blocked >= blocked_enough &&
         std::ranges::find(waiting.first_vertex->blocked_by, other.first_vertex->name) !=
             waiting.first_vertex->blocked_by.end();
}

std::string percent(double share) { return std::to_string(std::lround(share * 100)) + " %"; }
std::string quoted(const ChainLoad& load) { return "'" + load.first_vertex->name + "'"; }

std::string busy_text(const ChainLoad& load) {
  std::string text = percent(load.greatest) + " busy";
  if (load.queued >= busy_enough / 4) text += " (" + percent(load.queued) + " waiting for a worker)";
  return text;
}

/// "'counter' is the bottleneck: 97 % busy", or one instance of it when the others have much less to do.
std::string sentence(const ChainLoad& load) {
  if (load.greatest - load.mean < uneven) return quoted(load) + " is the bottleneck: " + busy_text(load);
  return "instance " + std::to_string(load.busiest) + " of " + quoted(load) + " is the bottleneck: " + busy_text(load) +
         ", " + percent(load.mean) + " on average of " + std::to_string(load.first_vertex->instances.size()) +
         " instances";
}

/// The chain that waits for `cause` most.
const ChainLoad* victim_of(const ChainLoad& cause, const std::vector<ChainLoad>& loads) {
  const ChainLoad* victim = nullptr;
  for (const ChainLoad& load : loads) {
    if (&load != &cause && waits_for(load, cause) && (victim == nullptr || load.blocked > victim->blocked))
      victim = &load;
  }
  return victim;
}

/// The vertices of a chain of which this is true: one of them is what the chain waits in.
template <class Predicate>
std::string vertices_of(const ChainLoad& load, const JobMetrics& metrics, Predicate may_wait) {
  std::string names;
  for (const VertexMetrics& vertex : metrics.vertices) {
    if (vertex.chain != load.first_vertex->chain || !may_wait(vertex)) continue;
    names += (names.empty() ? "'" : " or '") + vertex.name + "'";
  }
  return names.empty() ? quoted(load) : names;
}
std::string sinks_of(const ChainLoad& load, const JobMetrics& metrics) {
  return vertices_of(load, metrics, [](const VertexMetrics& vertex) { return vertex.kind == "sink"; });
}
std::string callers_of(const ChainLoad& load, const JobMetrics& metrics) {
  return vertices_of(load, metrics, [](const VertexMetrics& vertex) {
    return std::ranges::any_of(vertex.instances,
                               [](const InstanceMetrics& instance) { return instance.in_flight > 0; });
  });
}

/// The vertex of `victim` whose results `cause` does not take, or the first one.
std::string vertex_that_waits(const ChainLoad& victim, const ChainLoad& cause, const JobMetrics& metrics) {
  const auto chain_of = [&](const std::string& name) { return metrics.vertex(name).chain; };
  for (const EdgeMetrics& edge : metrics.edges) {
    if (chain_of(edge.from) == victim.first_vertex->chain && chain_of(edge.to) == cause.first_vertex->chain)
      return edge.from;
  }
  return victim.first_vertex->name;
}

Bottleneck found(Bottleneck::Kind kind, const ChainLoad& cause, std::string text, const ChainLoad* victim,
                 const JobMetrics& metrics) {
  Bottleneck bottleneck{kind, std::move(text), cause.first_vertex->name};
  if (victim == nullptr) return bottleneck;
  bottleneck.victim = vertex_that_waits(*victim, cause, metrics);
  bottleneck.text += "; it blocks '" + bottleneck.victim + "' " + percent(victim->blocked) + " of the time";
  return bottleneck;
}

Bottleneck busy_chain(const ChainLoad& cause, const ChainLoad* victim, const JobMetrics& metrics) {
  Bottleneck bottleneck = found(Bottleneck::Kind::busy, cause, sentence(cause), victim, metrics);
  if (cause.greatest - cause.mean >= uneven) bottleneck.instance = cause.busiest;
  return bottleneck;
}

}  // namespace

Bottleneck find_bottleneck(const JobMetrics& before, const JobMetrics& now) {
  const std::vector<ChainLoad> loads = loads_between(before, now);
  if (loads.empty()) return {Bottleneck::Kind::none, "no bottleneck: no time has passed"};
  const ChainLoad* busiest = nullptr;
  const ChainLoad* cause = nullptr;
  const ChainLoad* held_up = nullptr;
  const ChainLoad* calling = nullptr;
  for (const ChainLoad& load : loads) {
    if (busiest == nullptr || load.greatest > busiest->greatest) busiest = &load;
    if (victim_of(load, loads) != nullptr && (cause == nullptr || load.greatest > cause->greatest)) cause = &load;
    if (load.held_up_outside() && (held_up == nullptr || load.blocked > held_up->blocked)) held_up = &load;
    if (load.calling >= held_up_enough && (calling == nullptr || load.calling > calling->calling)) calling = &load;
  }
  if (calling != nullptr && (cause == nullptr || calling->calling > cause->greatest)) {
    return found(Bottleneck::Kind::calls, *calling,
                 "the service that " + callers_of(*calling, now) +
                     " calls is the bottleneck: as many calls as may be are in flight " + percent(calling->calling) +
                     " of the time",
                 victim_of(*calling, loads), now);
  }
  if (held_up != nullptr && (cause == nullptr || held_up->blocked > cause->greatest)) {
    return found(Bottleneck::Kind::outside, *held_up,
                 "what " + sinks_of(*held_up, now) + " writes to is the bottleneck: it does not take more " +
                     percent(held_up->blocked) + " of the time",
                 victim_of(*held_up, loads), now);
  }
  // Whoever is waited for but has less to do than another has no worker when it needs one: the other is in its way.
  if (cause != nullptr && (cause == busiest || cause->greatest > busy_enough)) {
    const ChainLoad* const victim = victim_of(*cause, loads);
    if (cause->greatest > busy_enough || victim->blocked >= held_back_enough) return busy_chain(*cause, victim, now);
  }
  if (busiest->greatest + busiest->blocked > busy_enough) return busy_chain(*busiest, nullptr, now);
  return {Bottleneck::Kind::none, "no bottleneck: the job keeps up (busiest: " + quoted(*busiest) + ", " +
                                      percent(busiest->greatest) + " busy)"};
}

}  // namespace streamwork::job

namespace streamwork {

std::string bottleneck(const JobMetrics& before, const JobMetrics& now) {
  return job::find_bottleneck(before, now).text;
}

}  // namespace streamwork
