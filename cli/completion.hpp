// Completion of commands and options in the shell.
#pragma once

#include <string>

namespace streamwork::cli {

/// A script for bash.
std::string bash_completion();

}  // namespace streamwork::cli
