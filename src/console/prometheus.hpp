// Jobs as text for Prometheus (exposition format 0.0.4).
// Thread rule: pure function.
#pragma once

#include <string>
#include <vector>

#include "console/look.hpp"

namespace streamwork::console {

struct NamedSighting {
  std::string id;  ///< of the job
  const Sighting* sighting;
};

std::string prometheus_text(const std::vector<NamedSighting>& jobs);

}  // namespace streamwork::console
