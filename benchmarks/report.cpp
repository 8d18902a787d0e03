#include "report.hpp"

#include <streamwork/json.hpp>

namespace benchmark {

std::string as_json(const Report& report) { return streamwork::to_json(report) + "\n"; }

}  // namespace benchmark
