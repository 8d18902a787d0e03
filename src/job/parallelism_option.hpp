// What a command line says about the parallelism of vertices.
// Thread rule: pure functions.
#pragma once

#include <map>
#include <string>

namespace streamwork::job {

/// Adds what "VERTEX=NUMBER" says. Returns what was expected instead, or an empty string.
std::string take_parallelism(const std::string& text, std::map<std::string, int>& parallelism);

}  // namespace streamwork::job
