#include <algorithm>
#include <streamwork/typed/job_graph.hpp>
#include <utility>

namespace streamwork::typed {

const char* name_of(GroupingKind kind) {
  switch (kind) {
    case GroupingKind::shuffle:
      return "shuffle";
    case GroupingKind::fields:
      return "fields";
    case GroupingKind::all:
      return "all";
    case GroupingKind::global:
      return "global";
    case GroupingKind::forward:
      return "forward";
    case GroupingKind::custom:
      return "custom";
  }
  return "?";
}

void connect_sides(BuiltSegment& built, const InstanceSpec& spec, SideOutputs& sides) {
  for (const ConsumedSide& side : spec.consumed_sides) built.side_outputs.emplace_back(side.name, &side.consume(sides));
}

const SinkRequest& JobStart::request_to(const std::string& vertex, std::int64_t of_parallelism) {
  sinks.vertex = vertex;
  sinks.parallelism = of_parallelism;
  return sinks;
}

void JobStart::add_sink(const std::string& vertex, std::shared_ptr<SinkCommitter> committer) {
  if (committer != nullptr) {
    committers.push_back(std::move(committer));
  } else {
    plain_sinks.push_back(vertex);
  }
}

void JobStart::add_source(const std::string& vertex, SourceMemory memory) { sources.emplace_back(vertex, memory); }

std::unique_ptr<SegmentFactory> UnsharedSegment::prepare(std::int64_t, JobStart& start) const {
  class Factory final : public SegmentFactory {
   public:
    explicit Factory(const UnsharedSegment& segment) : segment_(segment) {}
    BuiltSegment make(const InstanceSpec& spec) const override { return segment_.make(spec); }

   private:
    const UnsharedSegment& segment_;
  };
  tell(start);
  return std::make_unique<Factory>(*this);
}

JobGraph::JobGraph(std::string name) : name_(std::move(name)) {}
JobGraph::JobGraph(const JobGraph&) = default;
JobGraph::JobGraph(JobGraph&&) noexcept = default;
JobGraph& JobGraph::operator=(const JobGraph&) = default;
JobGraph& JobGraph::operator=(JobGraph&&) noexcept = default;
JobGraph::~JobGraph() = default;

int JobGraph::add_vertex(std::string name, VertexKind kind, const VertexOptions& options) {
  Vertex& vertex = vertices_.emplace_back(Vertex{std::move(name), kind, options.blocking, options.parallelism});
  if (options.bad_events.action() == BadEventPolicy::Action::dead_letter)
    vertex.dead_letters = options.bad_events.side_output();
  return static_cast<int>(vertices_.size()) - 1;
}

int JobGraph::add_source(std::string name, const std::optional<int>& parallelism) {
  return add_vertex(std::move(name), VertexKind::source, {.parallelism = parallelism});
}

void JobGraph::consume_side(int vertex, ConsumedSide side) {
  auto& sides = vertices_[static_cast<std::size_t>(vertex)].consumed_sides;
  const bool known = std::ranges::any_of(sides, [&](const ConsumedSide& other) { return other.name == side.name; });
  if (!known) sides.push_back(std::move(side));
}

void JobGraph::set_windows(const std::vector<Port>& ports, WindowShape shape) {
  const SegmentNode& segment = segments_[static_cast<std::size_t>(ports.front().index)];
  vertices_[static_cast<std::size_t>(segment.vertices.back())].windows = std::move(shape);
}

int JobGraph::add_segment(SegmentNode segment) {
  segments_.push_back(std::move(segment));
  return static_cast<int>(segments_.size()) - 1;
}

int JobGraph::add_exchange(ExchangeNode exchange) {
  exchanges_.push_back(std::move(exchange));
  return static_cast<int>(exchanges_.size()) - 1;
}

int JobGraph::add_exchange(GroupingKind kind, const GroupingOptions& options, BatchFactory make_batch, bool timed) {
  return add_exchange({kind, options.parallelism, make_batch, timed});
}

void JobGraph::add_problem(std::string problem) { problems_.push_back(std::move(problem)); }

void JobGraph::add_carrier(PortCarrier carrier) {
  if (carrier_of(carrier.port) == nullptr) carriers_.push_back(std::move(carrier));
}

const PortCarrier* JobGraph::carrier_of(const Port& port) const {
  const auto found = std::ranges::find(carriers_, port, &PortCarrier::port);
  return found == carriers_.end() ? nullptr : &*found;
}

std::string JobGraph::name_for_event_time(const std::string& given, const std::string& origin) const {
  if (!given.empty()) return given;
  const std::string base = "event time of " + origin;
  std::string name = base;
  const auto taken = [&] { return std::ranges::find(vertices_, name, &Vertex::name) != vertices_.end(); };
  for (int number = 2; taken(); ++number) name = base + " " + std::to_string(number);
  return name;
}

void JobGraph::check_merged(const std::vector<Port>& ports) {
  for (const Port& port : ports) {
    if (timed(port) == timed(ports.front())) continue;
    add_problem("'" + describe(port) + "' and '" + describe(ports.front()) +
                "' are merged, but only one of them has event time: write .event_time(…) on both, or behind the merge");
    return;
  }
}

void JobGraph::check_event_time(const std::string& name, const EventTimeOptions& options, bool behind_source) {
  if (options.granularity <= Duration::zero() || options.granularity > longest_duration)
    add_problem("the granularity of '" + name + "' must be more than nothing: write for instance .granularity = 10ms");
  if (options.idle_after && *options.idle_after <= Duration::zero())
    add_problem("idle_after of '" + name + "' must be more than nothing: write for instance .idle_after = 30s");
  if (!options.greatest_lead) return;
  if (*options.greatest_lead <= Duration::zero() || *options.greatest_lead > longest_duration)
    add_problem("greatest_lead of '" + name + "' must be more than nothing: write for instance .greatest_lead = 1min");
  if (!behind_source)
    add_problem("greatest_lead of '" + name +
                "' has no source to hold up: put event_time directly behind the source, before any "
                "regrouping or merge");
}

bool JobGraph::timed(const Port& port) const {
  if (port.kind == Port::Kind::exchange) return exchanges_[static_cast<std::size_t>(port.index)].timed;
  const SegmentNode& segment = segments_[static_cast<std::size_t>(port.index)];
  return port.side.empty() ? segment.timed : segment.timed_sides;
}

std::string JobGraph::describe(const Port& port) const {
  if (port.kind == Port::Kind::exchange) {
    for (const SegmentNode& segment : segments_) {
      if (segment.exchange != port.index) continue;
      if (!segment.vertices.empty()) return vertices_[static_cast<std::size_t>(segment.vertices.back())].name;
      if (!segment.inputs.empty()) return describe(segment.inputs.front());
    }
    return "?";
  }
  const SegmentNode& segment = segments_[static_cast<std::size_t>(port.index)];
  if (segment.vertices.empty()) return segment.inputs.empty() ? "?" : describe(segment.inputs.front());
  const std::string& name = vertices_[static_cast<std::size_t>(segment.vertices.back())].name;
  return port.side.empty() ? name : name + "/" + port.side;
}

}  // namespace streamwork::typed
