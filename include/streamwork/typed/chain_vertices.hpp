// What a chain that is being written knows apart from the types of its stages: its vertices, and where it begins and ends.
// Thread rule: written by one thread.
#pragma once

#include <memory>
#include <optional>
#include <streamwork/options.hpp>
#include <streamwork/typed/job_graph.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

struct ChainVertices {
  /// A chain that begins with a source.
  ChainVertices(std::shared_ptr<JobGraph> graph_to_write, int source);
  /// A chain that begins with batches from one port, or from several (a merge).
  ChainVertices(std::shared_ptr<JobGraph> graph_to_write, const std::vector<Port>& ports, bool ports_are_timed);
  ChainVertices(const ChainVertices&);
  ChainVertices(ChainVertices&&) noexcept;
  ChainVertices& operator=(const ChainVertices&);
  ChainVertices& operator=(ChainVertices&&) noexcept;
  ~ChainVertices();

  /// Adds the vertex of one more stage to the graph.
  void add_stage(std::string name, VertexKind kind, const VertexOptions& options, bool gives_event_times);

  // Each ends the chain in a segment.

  void end_in_sink(std::unique_ptr<const SegmentDescription> segment) const;
  std::vector<Port> end_in_port(std::unique_ptr<const SegmentDescription> segment) const;
  /// `bare`: it has no vertex. A merge distributes each of its inputs by itself.
  void end_in_exchange(int exchange, std::unique_ptr<const SegmentDescription> segment, bool bare) const;

  /// The vertex whose events these are, for messages. A stream that was refused has no ports.
  std::string last_name() const;
  std::vector<std::string> names() const;

  std::shared_ptr<JobGraph> graph;
  std::vector<Port> ports;               ///< none behind a source
  std::vector<int> vertices;             ///< the source, if there is one, and one per stage
  std::vector<BadEventPolicy> policies;  ///< one per stage
  bool blocking = false;
  bool timed = false;  ///< its events have event times
};

/// The part of a closed chain that does not depend on types.
class ClosedVertices : public SegmentDescription {
 public:
  explicit ClosedVertices(const ChainVertices& chain);
  ~ClosedVertices() override;

  const std::vector<BadEventPolicy>& policies() const { return policies_; }
  bool blocking() const { return blocking_; }
  /// Of the source; empty, if the chain does not begin with one.
  const std::string& first_name() const;
  /// Of the stage that comes `back` stages before the end, the last of which is 1.
  const std::string& name_from_end(std::size_t back) const { return names_[names_.size() - back]; }

 private:
  std::vector<std::string> names_;
  std::vector<BadEventPolicy> policies_;
  bool blocking_;
};

}  // namespace streamwork::typed
