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

/// An operator object as it was written.
template <class Inputs, class Operator, class MakeRows>
class WrittenOperator final : public UnsharedSegment {
 public:
  WrittenOperator(Operator user_operator, MakeRows make_rows, const VertexOptions& options, bool timed,
                  std::size_t right_inputs)
      : operator_(std::move(user_operator)),
        make_rows_(std::move(make_rows)),
        policy_(options.bad_events),
        blocking_(options.blocking),
        timed_(timed),
        right_inputs_(right_inputs) {}

  BuiltSegment make(const InstanceSpec& spec) const override {
    const OperatorPlace place{spec.inputs - right_inputs_, right_inputs_, timed_, blocking_};
    auto segment = std::make_unique<OperatorSegment<Inputs, Operator, std::invoke_result_t<const MakeRows&>>>(
        operator_, make_rows_, policy_, place, spec.vertices.front());
    BuiltSegment built;
    built.main = &segment->main();
    connect_sides(built, spec, segment->sides());
    built.segment = std::move(segment);
    return built;
  }

 private:
  Operator operator_;
  MakeRows make_rows_;
  BadEventPolicy policy_;
  bool blocking_;
  bool timed_;
  std::size_t right_inputs_;
};

/// Adds a segment for an operator object to the graph; returns the stream of its results. `right_inputs`: how many of the
/// inputs, from the end, are those of its right side.
template <class Inputs, class Operator, class MakeRows>
auto place_operator(const std::shared_ptr<JobGraph>& graph, const std::vector<Port>& inputs, std::size_t right_inputs,
                    std::string name, Operator user_operator, MakeRows make_rows, const VertexOptions& options) {
  using Result = typename Inputs::template Result<Operator>;
  const int vertex = graph->add_vertex(std::move(name), VertexKind::operation, options);
  return Stream<Result>(place_alone(
      graph, vertex, inputs, right_inputs,
      std::make_unique<WrittenOperator<Inputs, Operator, MakeRows>>(
          std::move(user_operator), std::move(make_rows), options, timed_inputs(*graph, inputs), right_inputs)));
}

/// The same for an operator with one input.
template <class T, class Operator, class MakeRows>
auto apply_operator(const std::shared_ptr<JobGraph>& graph, const std::vector<Port>& inputs, std::string name,
                    Operator user_operator, MakeRows make_rows, const VertexOptions& options) {
  static_assert(
      HasOneApply<Operator>,
      "an operator needs one member function `void apply(const Event&, sw::Output<Result>&)`, not overloaded and no "
      "template; see operator.hpp");
  static_assert(
      OperatorOf<Operator, T>,
      "the operator's `apply` does not take this stream's events as `const Event&`, or the operator cannot be copied");
  return place_operator<OneInput<T>>(graph, inputs, 0, std::move(name), std::move(user_operator), std::move(make_rows),
                                     options);
}

}  // namespace typed

}  // namespace streamwork
