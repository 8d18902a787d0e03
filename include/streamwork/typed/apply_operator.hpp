// Puts an operator object into a job's graph, as a segment of its own.
#pragma once

#include <memory>
#include <streamwork/options.hpp>
#include <streamwork/typed/open_chain.hpp>
#include <streamwork/typed/operator_segment.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

template <class T>
class Stream;

namespace typed {

/// Adds a segment for an operator object to the graph; returns the stream of its results. `right_inputs`: how many of the
/// inputs, from the end, are those of its right side.
template <class Inputs, class Operator, class MakeRows>
auto place_operator(const std::shared_ptr<JobGraph>& graph, std::vector<Port> inputs, std::size_t right_inputs,
                    std::string name, Operator user_operator, MakeRows make_rows, const VertexOptions& options) {
  using Result = typename Inputs::template Result<Operator>;
  const int vertex = graph->add_vertex(describe_vertex(std::move(name), VertexKind::operation, options));
  const bool timed = !inputs.empty() && graph->timed(inputs.front());
  SegmentNode node{{vertex}, std::move(inputs), std::nullopt, {}, timed, timed, right_inputs};
  node.prepare = [user_operator, make_rows, policy = options.bad_events, blocking = options.blocking, timed,
                  right_inputs](std::int64_t, JobStart&) -> SegmentFactory {
    return [=](const InstanceSpec& spec) {
      const OperatorPlace place{spec.inputs - right_inputs, right_inputs, timed, blocking};
      auto segment = std::make_unique<OperatorSegment<Inputs, Operator, std::invoke_result_t<MakeRows>>>(
          user_operator, make_rows, policy, place, spec.vertices.front());
      BuiltSegment built;
      built.main = &segment->main();
      connect_sides(built, spec, segment->sides());
      built.segment = std::move(segment);
      return built;
    };
  };
  return Stream<Result>(graph, {Port{Port::Kind::segment, graph->add_segment(std::move(node))}}, vertex);
}

/// The same for an operator with one input.
template <class T, class Operator, class MakeRows>
auto apply_operator(const std::shared_ptr<JobGraph>& graph, std::vector<Port> inputs, std::string name,
                    Operator user_operator, MakeRows make_rows, const VertexOptions& options) {
  static_assert(
      HasOneApply<Operator>,
      "an operator needs one member function `void apply(const Event&, sw::Output<Result>&)`, not overloaded and no "
      "template; see operator.hpp");
  static_assert(
      OperatorOf<Operator, T>,
      "the operator's `apply` does not take this stream's events as `const Event&`, or the operator cannot be copied");
  return place_operator<OneInput<T>>(graph, std::move(inputs), 0, std::move(name), std::move(user_operator),
                                     std::move(make_rows), options);
}

}  // namespace typed

}  // namespace streamwork
