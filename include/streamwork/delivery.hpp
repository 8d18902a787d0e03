// How often an event may take effect when something fails.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <string>

namespace streamwork {

enum class Delivery : std::uint8_t {
  at_most_once,   ///< after a failure some events are lost, none counts twice: positions of sources are reserved ahead
  at_least_once,  ///< none is lost, some may count twice
  exactly_once,   ///< state and transactional sinks are as if nothing had failed
};

/// "at_most_once", …: as on the command line.
const char* name_of(Delivery delivery);

}  // namespace streamwork
