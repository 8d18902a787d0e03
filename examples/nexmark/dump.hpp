// Writes the events down, so that anyone can put the same questions to another system.
#pragma once

#include <cstdint>
#include <string>

#include "generator.hpp"

namespace nexmark {

/// The events of the numbers before `count`, as JSON lines, in their order. False: the file cannot be written, which is said
/// on standard error.
bool dump_events(const Generator& generator, std::uint64_t count, const std::string& path);

}  // namespace nexmark
