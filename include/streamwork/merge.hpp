// Merging streams: many in, one out.
// Thread rule: a job is written by one thread.
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <streamwork/stream.hpp>
#include <utility>
#include <vector>

namespace streamwork {

namespace typed {

/// How events `T` of a port are carried to another chain.
template <class T>
PortCarrier carrier(const std::shared_ptr<JobGraph>& graph, const Port& port) {
  const bool timed = graph->timed(port);
  OpenChain<BatchHead<T>, T> chain(ChainVertices(graph, {port}, timed), {});
  return {port, std::move(chain).close_into_carrier(SingleLaneGrouping{}), batch_factory<T>({.times = timed})};
}

}  // namespace typed

/// Merges streams of one event type. The events of each keep their order; streams from different chains are brought to
/// tasks of their own, as many as the widest of them has, instance by instance.
template <class First, class... Rest>
Stream<typename First::Event> merge(const First& first, const Rest&... rest) {
  using T = typename First::Event;
  static_assert((std::same_as<T, typename Rest::Event> && ...),
                "merge takes streams of one event type: map them to it first");
  Stream<T> merged = first;
  std::vector<typed::Port> ports = merged.ports();
  for (const Stream<T>& stream : std::initializer_list<Stream<T>>{rest...}) {
    if (stream.graph() != merged.graph()) {
      merged.graph()->add_problem("streams of two jobs are merged, '" + merged.graph()->name() + "' and '" +
                                  stream.graph()->name() +
                                  "': merge streams of one job, or connect the jobs by a sink and a source");
      continue;
    }
    ports.insert(ports.end(), stream.ports().begin(), stream.ports().end());
  }
  merged.graph()->check_merged(ports);
  for (const typed::Port& port : ports) merged.graph()->add_carrier(typed::carrier<T>(merged.graph(), port));
  return Stream<T>(typed::StreamOrigin(merged.graph(), std::move(ports), -1));
}

}  // namespace streamwork
