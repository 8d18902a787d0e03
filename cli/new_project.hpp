// A folder to begin with: a job, a test of it, and a CMake project.
// Thread rule: one thread.
#pragma once

#include <string>

namespace streamwork::cli {

/// Makes the folder NAME below `parent`. Returns what to do next, for a person.
/// Throws `std::invalid_argument` if the name is no name, and `std::runtime_error` if the folder is there already or cannot be
/// written.
std::string make_project(const std::string& name, const std::string& parent);

}  // namespace streamwork::cli
