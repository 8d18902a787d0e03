#include "runtime/deployment.hpp"

#include <algorithm>
#include <exception>
#include <streamwork/errors.hpp>
#include <utility>

#include "runtime/call_lane.hpp"

namespace streamwork::runtime {

namespace {

using graph::PlannedChain;
using graph::PlannedExchange;
using graph::PlannedSegment;
using typed::GroupingKind;
using typed::Port;

const char* name_of(typed::VertexKind kind) {
  switch (kind) {
    case typed::VertexKind::source:
      return "source";
    case typed::VertexKind::operation:
      return "operator";
    case typed::VertexKind::sink:
      return "sink";
  }
  return "?";
}

template <class Container>
auto& at(Container& container, int index) {
  return container[static_cast<std::size_t>(index)];
}

}  // namespace

Deployment::Deployment(const Job& job, int workers, const Clock& clock)
    : job_(job), plan_(graph::plan(job.graph(), workers)), control_(clock) {
  make_counters();
  make_tasks(prepare_segments());
  for (int i = 0; i < static_cast<int>(plan_.exchanges.size()); ++i) connect_exchange(i);
}

Deployment::~Deployment() = default;

void Deployment::make_counters() {
  for (const int chain : plan_.chain_of_vertex) {
    auto& counters = counters_.emplace_back();
    for (int i = 0; i < at(plan_.chains, chain).parallelism; ++i) {
      counters.push_back(std::make_shared<typed::VertexCounters>());
    }
  }
}

Deployment::Factories Deployment::prepare_segments() const {
  Factories factories;
  for (const PlannedSegment& segment : plan_.segments) {
    try {
      factories.push_back(segment.prepare(at(plan_.chains, segment.chain).parallelism));
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
        task->add_segment(build(at(factories, index), at(plan_.segments, index), *task));
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
  return factory(spec);
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
      typed::BuiltSegment& producer = segment(task, input.index);
      if (input.side.empty()) {
        producer.main->add_consumer(consumer, number);
      } else {
        const auto side =
            std::ranges::find(producer.side_outputs, input.side, &std::pair<std::string, typed::TaskPort*>::first);
        side->second->add_consumer(consumer, number);
      }
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
      Task& from = task(chain, instance);
      connect_lanes(from, *segment(from, producer).exchange, index);
    }
  }
}

void Deployment::connect_lanes(Task& producer, typed::ExchangePort& port, int index) {
  const PlannedExchange& exchange = at(plan_.exchanges, index);
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
  }
}

Task& Deployment::task(int chain, std::int64_t instance) const {
  return *tasks_[at(first_task_, chain) + static_cast<std::size_t>(instance)];
}

typed::BuiltSegment& Deployment::segment(Task& task, int index) const {
  const std::vector<int>& segments = at(plan_.chains, task.chain()).segments;
  return task.segments()[static_cast<std::size_t>(std::ranges::find(segments, index) - segments.begin())];
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

std::vector<std::string> Deployment::blocked_by(int chain) const {
  std::vector<std::pair<std::int64_t, std::string>> blockers;
  for (int i = 0; i < static_cast<int>(plan_.exchanges.size()); ++i) {
    std::int64_t blocked = 0;
    for (int instance = 0; instance < at(plan_.chains, chain).parallelism; ++instance) {
      blocked += task(chain, instance).blocked_by(i).count();
    }
    if (blocked == 0) continue;
    for (int vertex = 0; vertex < static_cast<int>(plan_.chain_of_vertex.size()); ++vertex) {
      if (at(plan_.chain_of_vertex, vertex) != at(plan_.exchanges, i).chain) continue;
      blockers.emplace_back(blocked, at(job_.graph().vertices(), vertex).name);
      break;
    }
  }
  std::ranges::sort(blockers, std::greater<>());
  std::vector<std::string> names;
  for (auto& [blocked, name] : blockers) names.push_back(std::move(name));
  return names;
}

JobMetrics Deployment::metrics() const {
  JobMetrics metrics;
  metrics.job = job_.name();
  for (int i = 0; i < static_cast<int>(counters_.size()); ++i) {
    const typed::Vertex& vertex = at(job_.graph().vertices(), i);
    const int chain = at(plan_.chain_of_vertex, i);
    VertexMetrics& told = metrics.vertices.emplace_back();
    told.name = vertex.name;
    told.kind = name_of(vertex.kind);
    told.chain = chain;
    told.blocked_by = blocked_by(chain);
    for (std::size_t instance = 0; instance < at(counters_, i).size(); ++instance) {
      const typed::VertexCounters& counters = *at(counters_, i)[instance];
      told.instances.push_back({static_cast<std::int64_t>(instance), counters.events_in.value(),
                                counters.events_out.value(), counters.failed.value(), counters.unclaimed.value(),
                                task(chain, static_cast<std::int64_t>(instance)).times(), counters.late.value(),
                                counters.late_after_idle.value()});
    }
  }
  add_event_time(metrics);
  return metrics;
}

/// The source instance whose events an instance waits for, found by following the inputs that hold it back.
std::string Deployment::holder_of(const Task& task) const {
  const Task* holder = task.held_back_by();
  if (holder == nullptr) return {};
  while (const Task* further = holder->held_back_by()) holder = further;
  const int segment = at(plan_.chains, holder->chain()).segments.front();
  const std::vector<int>& vertices = at(plan_.segments, segment).vertices;
  if (vertices.empty()) return {};
  return "'" + at(job_.graph().vertices(), vertices.front()).name + "' instance " + std::to_string(holder->instance());
}

/// A vertex behind one that gives events their times, in the same loop, is as far as that.
void Deployment::add_event_time(JobMetrics& metrics) const {
  const ProcessingTime now = control_.clock().now();
  for (const PlannedSegment& segment : plan_.segments) {
    for (int instance = 0; instance < at(plan_.chains, segment.chain).parallelism; ++instance) {
      EventTime watermark = typed::beginning_of_time;
      for (const int vertex : segment.vertices) {
        InstanceMetrics& told = at(at(metrics.vertices, vertex).instances, instance);
        if (segment.timed) told.held_back_by = holder_of(task(segment.chain, instance));
        watermark = std::max(watermark, at(at(counters_, vertex), instance)->watermark.value());
        if (watermark == typed::beginning_of_time) continue;
        told.watermark = watermark;
        if (watermark != typed::end_of_time)
          told.watermark_lag = Duration(now.time_since_epoch() - watermark.time_since_epoch());
      }
    }
  }
}

}  // namespace streamwork::runtime
