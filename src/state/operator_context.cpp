#include <stdexcept>
#include <streamwork/operator.hpp>

namespace streamwork {

typed::StateLayout& OperatorContext::keyed(const std::string& what) {
  if (state_ == nullptr)
    throw std::logic_error(what + " needs a key: write .key_by(…) before .apply(\"" + vertex() + "\", …)");
  return *state_;
}

typed::StateLayout& OperatorContext::keyed_state(const std::string& name) { return keyed("state '" + name + "'"); }

}  // namespace streamwork
