// What has become of a stream that is written in one expression: whether it was extended, or closed into ports.
// Thread rule: written by one thread.
#pragma once

#include <memory>
#include <optional>
#include <streamwork/typed/chain_vertices.hpp>
#include <vector>

namespace streamwork::typed {

class StreamUse {
 public:
  static std::shared_ptr<StreamUse> make();

  /// The chain is extended; a problem, if it was used before.
  void take(const ChainVertices& chain);
  /// The chain is used where it stands; a problem, if it was extended.
  void begin_closing(const ChainVertices& chain) const;
  /// Where the stream comes from, once it was closed.
  const std::optional<StreamOrigin>& closed() const { return closed_; }
  void close(const ChainVertices& chain, std::vector<Port> ports);

 private:
  bool taken_ = false;
  std::optional<StreamOrigin> closed_;
};

}  // namespace streamwork::typed
