// The graph as written: vertices, the segments they were fused into, and the exchanges between them.
//
// Typed code fills it while the user writes the job; `src/graph/` checks it and makes an execution plan of it. It is an
// immutable description once a job is started and knows no threads.
// Thread rule: not thread-safe while it is being written; read-only afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <streamwork/event_time.hpp>
#include <streamwork/options.hpp>
#include <streamwork/sink.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/window_shape.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

class SideOutputs;

/// A side output from which a stream was made: its name, and how to make it for an instance.
struct ConsumedSide {
  std::string name;
  std::function<TaskPort&(SideOutputs&)> consume;
};

enum class VertexKind : std::uint8_t { source, operation, sink };

struct Vertex {
  std::string name;
  VertexKind kind;
  bool blocking = false;
  std::optional<int> parallelism;              ///< as asked for; only a source may ask
  std::vector<ConsumedSide> consumed_sides{};  ///< side outputs that some stream was made from
  std::optional<std::string> dead_letters{};   ///< the side output that takes its bad events
  std::optional<WindowShape> windows{};        ///< into which it cuts its input
};

enum class GroupingKind : std::uint8_t { shuffle, fields, all, global, forward, custom };
/// "shuffle", "fields", … as `--explain` and the console print it.
const char* name_of(GroupingKind kind);

/// What a stream comes from: an output of a segment, or an exchange.
struct Port {
  enum class Kind : std::uint8_t { segment, exchange } kind;
  int index;              ///< of the segment or exchange
  std::string side = {};  ///< name of the side output; empty: the main output
  friend bool operator==(const Port&, const Port&) = default;
};

/// What a segment's factory is told about the instance it makes.
struct InstanceSpec {
  std::int64_t instance = 0;
  std::int64_t parallelism = 1;
  std::size_t inputs = 0;                    ///< ports its batches come from
  std::vector<VertexInstance> vertices;      ///< one per vertex of the segment, in order
  std::vector<ConsumedSide> consumed_sides;  ///< of the segment's last vertex
};
/// Makes the instances of a segment for one start of the job; what they share (the splits of a source) lives in it.
class SegmentFactory {
 public:
  SegmentFactory() = default;
  SegmentFactory(const SegmentFactory&) = delete;
  SegmentFactory& operator=(const SegmentFactory&) = delete;
  virtual ~SegmentFactory() = default;
  virtual BuiltSegment make(const InstanceSpec& spec) const = 0;
};
/// Notes in `built` those of the side outputs that are consumed.
void connect_sides(BuiltSegment& built, const InstanceSpec& spec, SideOutputs& sides);

/// How much of what a source has given out it can bring in again after a failure.
enum class SourceMemory : std::uint8_t {
  replays,       ///< all: it is read again from a position
  recognises,    ///< what was not acknowledged, without what a checkpoint has
  acknowledges,  ///< what was not acknowledged, perhaps with some that a checkpoint has
  forgets,       ///< nothing
};

/// What the segments are told about a start of the job before any instance is made, and what they tell about themselves.
struct JobStart {
  const RestoredState* restored = nullptr;  ///< what an earlier run left
  SinkRequest sinks{};                      ///< what every sink is told; its vertex and parallelism by `request_to`
  std::shared_ptr<RowStores> row_stores{};  ///< where rows are that are not in memory; nullptr: all are
  std::int64_t limited_leads = 0;           ///< source instances that may not be far ahead of others in event time
  std::optional<double> source_rate{};      ///< events per second of each source vertex, all instances together
  bool keeps_checkpoints = false;
  std::chrono::nanoseconds checkpoint_interval{};

  std::vector<std::shared_ptr<SinkCommitter>> committers{};  ///< of transactional sinks
  std::vector<std::string> plain_sinks{};                    ///< vertices whose results may come out again
  std::vector<std::string> shedders{};                       ///< vertices that drop events under overload
  std::vector<std::pair<std::string, SourceMemory>> sources{};

  /// A job that had come to its end reads and writes nothing more: all it needs is sinks that have something to publish.
  bool ended() const { return restored != nullptr && restored->ended(); }
  bool needs_sink(const std::string& vertex) const { return !ended() || restored->publishes(vertex); }
  /// What a sink is told; until the next is.
  const SinkRequest& request_to(const std::string& vertex, std::int64_t of_parallelism);
  /// Notes a sink that was prepared. `committer`: nullptr if it is not transactional.
  void add_sink(const std::string& vertex, std::shared_ptr<SinkCommitter> committer);
  void add_source(const std::string& vertex, SourceMemory memory);
};

/// A segment as it was written, with its types.
class SegmentDescription {
 public:
  SegmentDescription() = default;
  SegmentDescription(const SegmentDescription&) = delete;
  SegmentDescription& operator=(const SegmentDescription&) = delete;
  virtual ~SegmentDescription() = default;
  /// Called once per start of the job; may throw what cannot be found or opened. The description outlives the factory.
  virtual std::unique_ptr<SegmentFactory> prepare(std::int64_t parallelism, JobStart& start) const = 0;
};
using SegmentPreparation = std::shared_ptr<const SegmentDescription>;

/// A segment whose instances share nothing.
class UnsharedSegment : public SegmentDescription {
 public:
  std::unique_ptr<SegmentFactory> prepare(std::int64_t parallelism, JobStart& start) const final;
  /// Tells about itself, if there is something to be told.
  virtual void tell(JobStart&) const {}
  virtual BuiltSegment make(const InstanceSpec& spec) const = 0;
};

/// A segment: consecutive vertices that were fused into one loop.
struct SegmentNode {
  std::vector<int> vertices;    ///< in order; empty for the part of a regrouping that only distributes
  std::vector<Port> inputs;     ///< empty for a source; several for a merge
  std::optional<int> exchange;  ///< the exchange it ends in
  SegmentPreparation prepare;
  bool timed = false;            ///< its events have event times
  bool timed_sides = false;      ///< those of its side outputs too
  std::size_t right_inputs = 0;  ///< the last of its inputs, of an operator that has two
};

/// Makes empty batches of a stream's events, for an exchange with so many channels.
struct BatchFactory {
  std::unique_ptr<BatchBase> (*make)(std::size_t channels, BatchColumns columns) = nullptr;
  BatchColumns columns{};

  std::unique_ptr<BatchBase> operator()(std::size_t channels) const { return make(channels, columns); }
};
/// The factory for events `T`.
template <class T>
BatchFactory batch_factory(BatchColumns columns) {
  return {[](std::size_t channels, BatchColumns of_stream) -> std::unique_ptr<BatchBase> {
            return std::make_unique<Batch<T>>(batch_capacity(sizeof(T), channels), of_stream);
          },
          columns};
}

/// A regrouping: every segment that ends in it distributes over all instances behind it.
struct ExchangeNode {
  GroupingKind grouping;
  std::optional<int> parallelism;
  BatchFactory make_batch;
  bool timed = false;  ///< its events have event times
};

/// For each port that streams were made of: how to carry its events to another chain.
struct PortCarrier {
  Port port;
  SegmentPreparation prepare;
  BatchFactory make_batch;
};

class JobGraph {
 public:
  explicit JobGraph(std::string name);
  JobGraph(const JobGraph&);
  JobGraph(JobGraph&&) noexcept;
  JobGraph& operator=(const JobGraph&);
  JobGraph& operator=(JobGraph&&) noexcept;
  ~JobGraph();

  const std::string& name() const { return name_; }
  const std::vector<Vertex>& vertices() const { return vertices_; }
  const std::vector<SegmentNode>& segments() const { return segments_; }
  const std::vector<ExchangeNode>& exchanges() const { return exchanges_; }

  int add_vertex(std::string name, VertexKind kind, const VertexOptions& options);
  int add_source(std::string name, const std::optional<int>& parallelism);
  /// Remembers that a stream was made from the side output `side` of `vertex`.
  void consume_side(int vertex, ConsumedSide side);
  /// Remembers the windows of the vertex whose results leave by the first of `ports`.
  void set_windows(const std::vector<Port>& ports, WindowShape shape);
  int add_segment(SegmentNode segment);
  int add_exchange(ExchangeNode exchange);
  int add_exchange(GroupingKind kind, const GroupingOptions& options, BatchFactory make_batch, bool timed);
  void set_source_parallelism(int vertex, int parallelism) {
    vertices_[static_cast<std::size_t>(vertex)].parallelism = parallelism;
  }
  void set_exchange_parallelism(int exchange, int parallelism) {
    exchanges_[static_cast<std::size_t>(exchange)].parallelism = parallelism;
  }
  /// Says how events of a port are carried to another chain; saying it twice changes nothing.
  void add_carrier(PortCarrier carrier);
  const PortCarrier* carrier_of(const Port& port) const;

  /// Whether the events of a port have event times.
  bool timed(const Port& port) const;
  /// Keeps something as long as the graph: what stages refer to that are copied bit by bit.
  template <class T>
  const T& keep(T thing) {
    auto kept = std::make_shared<const T>(std::move(thing));
    kept_.push_back(kept);
    return *kept;
  }

  /// The name of the vertex that gives the events behind `origin` their times, unless it was given one.
  std::string name_for_event_time(const std::string& given, const std::string& origin) const;
  /// Adds to the problems that only some of the ports have event time.
  void check_merged(const std::vector<Port>& ports);
  /// Adds what is wrong with the options to the problems.
  void check_event_time(const std::string& name, const EventTimeOptions& options, bool behind_source);

  /// A mistake found while the graph is written; reported with all others when the job is started.
  void add_problem(std::string problem);
  const std::vector<std::string>& problems() const { return problems_; }

  /// Name of the vertex an input port comes from, for messages ("merge of …", "key_by behind …").
  std::string describe(const Port& port) const;

 private:
  std::string name_;
  std::vector<Vertex> vertices_;
  std::vector<SegmentNode> segments_;
  std::vector<ExchangeNode> exchanges_;
  std::vector<PortCarrier> carriers_;
  std::vector<std::string> problems_;
  std::vector<std::shared_ptr<const void>> kept_;
};

/// Where a stream comes from.
struct StreamOrigin {
  StreamOrigin(std::shared_ptr<JobGraph> graph_of_job, std::vector<Port> ports_of_stream, int of_vertex);
  StreamOrigin(std::shared_ptr<JobGraph> graph_of_job, Port port, int of_vertex);
  StreamOrigin(const StreamOrigin&);
  StreamOrigin(StreamOrigin&&) noexcept;
  StreamOrigin& operator=(const StreamOrigin&);
  StreamOrigin& operator=(StreamOrigin&&) noexcept;
  ~StreamOrigin();

  bool timed() const;
  /// The side output of this name.
  StreamOrigin side(const std::string& name, TaskPort& (*consume)(SideOutputs& sides, const std::string& name)) const;

  std::shared_ptr<JobGraph> graph;
  std::vector<Port> ports;
  int vertex;  ///< -1 for a merge or a regrouping
};

/// Adds the segment of one vertex, which stands alone. `right_inputs`: as of `SegmentNode`.
StreamOrigin place_alone(const std::shared_ptr<JobGraph>& graph, int vertex, const std::vector<Port>& inputs,
                         std::size_t right_inputs, std::unique_ptr<const SegmentDescription> segment);
/// Whether events of the first of these ports, so of all, have event times.
bool timed_inputs(const JobGraph& graph, const std::vector<Port>& inputs);

}  // namespace streamwork::typed
