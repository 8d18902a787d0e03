// Two streams into one operator, which hears both and may remember one for the other.
//
//   class Join {
//    public:
//     void open(sw::OperatorContext& context);                                  // as any operator's
//     void apply_left(const Order& order, sw::Output<Priced>& out);
//     void apply_right(const Price& price, sw::Output<Priced>& out);
//     …
//   };
//   sw::connect(orders.key_by(&Order::item), prices.key_by(&Price::item)).apply("pricing", Join{});
//
// Both streams are grouped by keys of one type, with the same parallelism: then events of equal keys meet in one instance, and
// state handles show the state of their key. Or the right one is a broadcast, which every instance gets whole: its events
// have no key, and what `apply_right` learns it keeps in a `broadcast_state` (operator_state.hpp).
// The joins of join.hpp are made of this. Thread rule: a job is written by one thread.
#pragma once

#include <concepts>
#include <streamwork/keyed_stream.hpp>
#include <streamwork/stream.hpp>
#include <streamwork/typed/apply_operator.hpp>
#include <string>
#include <utility>

namespace streamwork {

namespace typed {

/// The ports of the right input behind those of the left, and what is wrong with joining them.
std::vector<Port> connected_ports(JobGraph& graph, const std::string& name, const std::vector<Port>& left,
                                  const JobGraph& right_graph, const std::vector<Port>& right, bool right_is_keyed);

/// Says how a keyed stream is carried to another chain, hashes and all.
template <class T, class KeyFunction>
void carry_keyed(JobGraph& graph, const std::shared_ptr<JobGraph>& shared, const std::vector<Port>& ports,
                 const KeyFunction& key) {
  for (const Port& port : ports) {
    const bool timed = graph.timed(port);
    OpenChain<BatchHead<T>, T> chain(ChainVertices(shared, {port}, timed), {});
    graph.add_carrier({port, std::move(chain).close_into_carrier(CarriedGrouping<KeyFunction>{{key}}),
                       batch_factory<T>({.hashes = true, .times = timed})});
  }
}

/// Where an operator of two inputs stands in the graph.
template <class L, class R>
struct ConnectedInputs {
  std::shared_ptr<JobGraph> graph;
  std::vector<Port> left;
  std::vector<Port> right;
  std::shared_ptr<JobGraph> right_graph;
  bool right_is_keyed;

  template <class Operator, class MakeRows>
  auto apply(std::string name, Operator user_operator, MakeRows make_rows, const VertexOptions& options) const {
    static_assert(
        requires { typename ApplySignature<decltype(&Operator::apply_left)>::result; } &&
            requires(Operator op, const L& l, const R& r,
                     Output<typename ApplySignature<decltype(&Operator::apply_left)>::result>& out) {
              op.apply_left(l, out);
              op.apply_right(r, out);
            },
        "an operator of two inputs needs `void apply_left(const Left&, sw::Output<Result>&)` and `apply_right`, "
        "neither "
        "overloaded nor a template; see connect.hpp");
    return place_operator<TwoInputs<L, R>>(
        graph, connected_ports(*graph, name, left, *right_graph, right, right_is_keyed), right.size(), std::move(name),
        std::move(user_operator), std::move(make_rows), options);
  }
};

}  // namespace typed

/// Two streams grouped by keys of one type.
template <class L, class LeftKey, class R, class RightKey>
class ConnectedByKey {
 public:
  using Key = typename KeyedBy<L, LeftKey>::Key;

  ConnectedByKey(const KeyedBy<L, LeftKey>& left, const KeyedBy<R, RightKey>& right) : left_(left), right_(right) {}

  /// Runs an operator object over both; its state handles show the state of the key of the event at hand.
  template <class Operator>
  auto apply(std::string name, Operator user_operator, VertexOptions options = {}) const {
    typed::carry_keyed<L>(*left_.graph(), left_.graph(), left_.stream().ports(), left_.key_function());
    typed::carry_keyed<R>(*left_.graph(), left_.graph(),
                          right_.graph() == left_.graph() ? right_.stream().ports() : std::vector<typed::Port>{},
                          right_.key_function());
    const typed::ConnectedInputs<L, R> inputs{left_.graph(), left_.stream().ports(), right_.stream().ports(),
                                              right_.graph(), true};
    return inputs.apply(
        std::move(name), std::move(user_operator),
        [left = left_.key_function(), right = right_.key_function()] {
          return typed::KeyedRows<Key, LeftKey, RightKey>(left, right);
        },
        options);
  }

 private:
  KeyedBy<L, LeftKey> left_;
  KeyedBy<R, RightKey> right_;
};

/// A stream and a broadcast that every instance gets whole.
template <class L, class R, class MakeRows>
class ConnectedToBroadcast {
 public:
  ConnectedToBroadcast(const Stream<L>& left, const Stream<R>& right, MakeRows make_rows)
      : left_(left), right_(right), make_rows_(std::move(make_rows)) {}

  /// Runs an operator object over both; state handles show the state of the left event's key, if it has one.
  template <class Operator>
  auto apply(std::string name, Operator user_operator, VertexOptions options = {}) const {
    const typed::ConnectedInputs<L, R> inputs{left_.graph(), left_.ports(), right_.ports(), right_.graph(), false};
    return inputs.apply(std::move(name), std::move(user_operator), make_rows_, options);
  }

 private:
  Stream<L> left_;
  Stream<R> right_;
  MakeRows make_rows_;
};

/// Brings two keyed streams to one operator.
template <class L, class LeftKey, class R, class RightKey>
auto connect(const KeyedBy<L, LeftKey>& left, const KeyedBy<R, RightKey>& right) {
  static_assert(std::same_as<typename KeyedBy<L, LeftKey>::Key, typename KeyedBy<R, RightKey>::Key>,
                "both streams must be grouped by keys of the same type: convert one of them in its key_by");
  return ConnectedByKey<L, LeftKey, R, RightKey>(left, right);
}

/// Brings a keyed stream and a broadcast to one operator. REQUIRES: `right` comes out of `.broadcast(…)`, with the
/// parallelism of the left one.
template <class L, class LeftKey, class R>
auto connect(const KeyedBy<L, LeftKey>& left, const Stream<R>& right) {
  const auto make_rows = [key = left.key_function()] {
    return typed::KeyedRows<typename KeyedBy<L, LeftKey>::Key, LeftKey>(key);
  };
  return ConnectedToBroadcast<L, R, decltype(make_rows)>(left.stream(), right, make_rows);
}

/// Brings a regrouped stream and a broadcast to one operator.
template <class L, class R>
auto connect(const Stream<L>& left, const Stream<R>& right) {
  const auto make_rows = [] { return typed::NoKey(); };
  return ConnectedToBroadcast<L, R, decltype(make_rows)>(left, right, make_rows);
}

}  // namespace streamwork
