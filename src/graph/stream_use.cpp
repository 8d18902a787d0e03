#include <streamwork/typed/stream_use.hpp>
#include <utility>

namespace streamwork::typed {

std::shared_ptr<StreamUse> StreamUse::make() { return std::make_shared<StreamUse>(); }

void StreamUse::take(const ChainVertices& chain) {
  if (closed_ || taken_) {
    chain.graph->add_problem("stream '" + chain.last_name() +
                             "' is moved from after it was used: use it without std::move");
  }
  taken_ = true;
}

void StreamUse::begin_closing(const ChainVertices& chain) const {
  if (taken_) chain.graph->add_problem("stream '" + chain.last_name() + "' is used after it was moved from");
}

void StreamUse::close(const ChainVertices& chain, std::vector<Port> ports) {
  closed_.emplace(chain.graph, std::move(ports), chain.vertices.back());
}

}  // namespace streamwork::typed
