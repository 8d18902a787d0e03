#include "runtime/deployment.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <streamwork/errors.hpp>
#include <streamwork/typed/snapshot.hpp>
#include <string>
#include <utility>

#include "runtime/call_lane.hpp"

namespace streamwork::runtime {

namespace {

using graph::PlannedChain;
using graph::PlannedExchange;
using graph::PlannedSegment;
using typed::GroupingKind;
using typed::Port;

/// The main output inside the task, or the side output of this name.
typed::TaskPort& port_of(const typed::BuiltSegment& producer, const std::string& side) {
  if (side.empty()) return *producer.main;
  return *std::ranges::find(producer.side_outputs, side, &std::pair<std::string, typed::TaskPort*>::first)->second;
}

template <class Container>
auto& at(Container& container, int index) {
  return container[static_cast<std::size_t>(index)];
}

}  // namespace

Deployment::Deployment(const Job& job, int workers, const Clock& clock, Checkpoints* checkpoints,
                       typed::JobStart& start)
    : job_(job), plan_(graph::plan(job.graph(), workers)), control_(clock) {
  make_counters();
  const Factories factories = prepare_segments(start);
  if (checkpoints != nullptr && (checkpoints->kept() || !start.committers.empty()))
    control_.take_checkpoints(*checkpoints);
  control_.keep_rows_in(start.row_stores);
  control_.event_time_leads().expect(start.limited_leads);
  make_tasks(factories);
  for (int i = 0; i < static_cast<int>(plan_.exchanges.size()); ++i) connect_exchange(i);
  find_edges();
}

Deployment::~Deployment() = default;

void Deployment::make_counters() {
  for (const int chain : plan_.chain_of_vertex) {
    auto& counters = counters_.emplace_back();
    for (int i = 0; i < at(plan_.chains, chain).parallelism; ++i) {
      counters.push_back(std::make_shared<typed::VertexCounters>());
      counters.back()->refused.set_clock(control_.clock());
    }
  }
}

Deployment::Factories Deployment::prepare_segments(typed::JobStart& start) const {
  Factories factories;
  for (const PlannedSegment& segment : plan_.segments) {
    try {
      factories.push_back(segment.prepare->prepare(at(plan_.chains, segment.chain).parallelism, start));
    } catch (const VertexError&) {
      throw;
    } catch (const std::exception& error) {
      const int vertex = segment.inputs.empty() ? segment.vertices.front() : segment.vertices.back();
      throw VertexError(at(job_.graph().vertices(), vertex).name, 0, error.what());
    }
  }
  return factories;
}

void Deployment::make_tasks(const Factories& factories) {
  for (int chain = 0; chain < static_cast<int>(plan_.chains.size()); ++chain) {
    const PlannedChain& planned = at(plan_.chains, chain);
    first_task_.push_back(tasks_.size());
    for (int instance = 0; instance < planned.parallelism; ++instance) {
      auto task = std::make_unique<Task>(chain, instance, control_);
      task->set_exchanges(plan_.exchanges.size());
      for (const int index : planned.segments) {
        task->add_segment(build(*at(factories, index), at(plan_.segments, index), *task));
      }
      if (task->segments().front().source != nullptr) {
        const int source = at(plan_.segments, planned.segments.front()).vertices.front();
        task->set_source(source, at(at(counters_, source), instance));
      }
      connect_segments(*task, planned);
      tasks_.push_back(std::move(task));
    }
  }
}

typed::BuiltSegment Deployment::build(const typed::SegmentFactory& factory, const PlannedSegment& segment,
                                      const Task& task) const {
  typed::InstanceSpec spec;
  spec.instance = task.instance();
  spec.parallelism = at(plan_.chains, segment.chain).parallelism;
  spec.inputs = segment.inputs.size();
  for (const int vertex : segment.vertices) {
    spec.vertices.push_back({at(job_.graph().vertices(), vertex).name, spec.instance, spec.parallelism,
                             at(counters_, vertex)[static_cast<std::size_t>(spec.instance)]});
  }
  if (!segment.vertices.empty())
    spec.consumed_sides = at(job_.graph().vertices(), segment.vertices.back()).consumed_sides;
  return factory.make(spec);
}

/// Connects what is in one task.
void Deployment::connect_segments(Task& task, const PlannedChain& chain) {
  for (const int index : chain.segments) {
    typed::Segment& consumer = *segment(task, index).segment;
    const std::vector<Port>& inputs = at(plan_.segments, index).inputs;
    for (std::size_t number = 0; number < inputs.size(); ++number) {
      const Port& input = inputs[number];
      if (input.kind == Port::Kind::exchange) {
        if (!at(plan_.exchanges, input.index).inside_task) task.entry(input.index).add_consumer(consumer, number);
        continue;
      }
      port_of(segment(task, input.index), input.side).add_consumer(consumer, number);
    }
  }
}

std::size_t Deployment::channels_of(int index) const {
  const PlannedExchange& exchange = at(plan_.exchanges, index);
  std::size_t producers = 0;
  for (const int producer : exchange.producers) {
    producers += static_cast<std::size_t>(at(plan_.chains, at(plan_.segments, producer).chain).parallelism);
  }
  return exchange.grouping == GroupingKind::forward ? producers
                                                    : producers * static_cast<std::size_t>(exchange.parallelism);
}

void Deployment::connect_exchange(int index) {
  for (const int producer : at(plan_.exchanges, index).producers) {
    const int chain = at(plan_.segments, producer).chain;
    for (int instance = 0; instance < at(plan_.chains, chain).parallelism; ++instance) {
      connect_lanes(task(chain, instance), producer, index);
    }
  }
}

void Deployment::connect_lanes(Task& producer, int producing_segment, int index) {
  const PlannedExchange& exchange = at(plan_.exchanges, index);
  typed::ExchangePort& port = *segment(producer, producing_segment).exchange;
  if (exchange.inside_task) {
    auto lane = std::make_unique<CallLane>();
    for (const int consumer : at(plan_.chains, exchange.chain).segments) {
      const std::vector<Port>& inputs = at(plan_.segments, consumer).inputs;
      for (std::size_t number = 0; number < inputs.size(); ++number) {
        if (inputs[number] == Port{Port::Kind::exchange, index})
          lane->add_consumer(*segment(producer, consumer).segment, number);
      }
    }
    auto batch = exchange.make_batch(1);
    port.add_lane(*lane, *batch);
    exchange_places_.push_back({producing_segment, index, producer.instance(), producer.instance(), &lane->meter()});
    producer.keep(std::move(lane), std::move(batch));
    return;
  }
  const std::size_t channels = channels_of(index);
  for (int instance = 0; instance < exchange.parallelism; ++instance) {
    if (exchange.grouping == GroupingKind::forward && producer.instance() % exchange.parallelism != instance) continue;
    Task& consumer = task(exchange.chain, instance);
    channels_.push_back(std::make_unique<Channel>(producer, consumer, index, exchange.make_batch, channels));
    consumer.add_input(index, *channels_.back());
    port.add_lane(*channels_.back(), channels_.back()->first_batch());
    exchange_places_.push_back({producing_segment, index, producer.instance(), consumer.instance(),
                                &channels_.back()->meter(), channels_.back().get()});
  }
}

/// Where the events of each edge pass.
void Deployment::find_edges() {
  for (graph::VertexEdge& planned : graph::edges_of(plan_)) {
    Edge& edge = edges_.emplace_back(Edge{std::move(planned)});
    for (const EdgePlace& place : exchange_places_) {
      const bool on_the_way = std::ranges::any_of(edge.planned.hops, [&](const graph::VertexEdge::Hop& hop) {
        return hop.segment == place.segment && hop.exchange == place.exchange;
      });
      if (on_the_way && place.channel != nullptr) edge.channels.push_back(place.channel);
    }
    const int segment_index = edge.planned.segment;
    const int exit = edge.planned.exit;
    if (edge.planned.fused) continue;
    if (exit >= 0) {
      std::ranges::copy_if(exchange_places_, std::back_inserter(edge.places), [&](const EdgePlace& place) {
        return place.exchange == exit && place.segment == segment_index;
      });
      continue;
    }
    const int chain = at(plan_.segments, segment_index).chain;
    for (int instance = 0; instance < at(plan_.chains, chain).parallelism; ++instance) {
      typed::TaskPort& port = port_of(segment(task(chain, instance), segment_index), edge.planned.side_output);
      edge.places.push_back({segment_index, -1, instance, instance, &port.meter()});
    }
  }
}

Task& Deployment::task(int chain, std::int64_t instance) const {
  return *tasks_[at(first_task_, chain) + static_cast<std::size_t>(instance)];
}

typed::BuiltSegment& Deployment::segment(Task& task, int index) const {
  const std::vector<int>& segments = at(plan_.chains, task.chain()).segments;
  return task.segments()[static_cast<std::size_t>(std::ranges::find(segments, index) - segments.begin())];
}

/// All instances open the same states, so that the first one tells.
void Deployment::check_restored() {
  for (const auto& task : tasks_) {
    if (task->instance() != 0) continue;
    check_split_times(*task);
    task->check_restored();
  }
}

/// Event time that is not given in one loop with its source knows no splits: it may be kept once per instance. With fewer
/// instances, one reads on from several places, and takes what is behind at one of them for late.
void Deployment::check_split_times(const Task& task) const {
  const PlannedChain& chain = at(plan_.chains, task.chain());
  if (task.restored() == nullptr || !at(plan_.segments, chain.segments.front()).inputs.empty()) return;
  for (std::size_t i = 1; i < chain.segments.size(); ++i) {
    for (const int vertex : at(plan_.segments, chain.segments[i]).vertices) {
      const std::string& name = at(job_.graph().vertices(), vertex).name;
      std::set<std::int64_t> instances;
      task.restored()->for_each(name, typed::section::split_times,
                                [&](const typed::StoredFrame& frame) { instances.insert(frame.instance); });
      if (std::cmp_less_equal(instances.size(), chain.parallelism)) continue;
      throw typed::StateMismatch(
          "'" + name + "' was kept by " + std::to_string(instances.size()) +
          " instances, each for its part of the source, and cannot go on with " + std::to_string(chain.parallelism) +
          ": write event_time in front of where the stream of the source is used twice, or keep " +
          "the number of instances (--instances)");
    }
  }
}

void Deployment::stop() {
  control_.request_stop();
  wake_all();
}

void Deployment::cancel() {
  control_.cancel();
  wake_all();
}

void Deployment::wake_all() {
  for (const auto& task : tasks_) task->wake();
}

}  // namespace streamwork::runtime
