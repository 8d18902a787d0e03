// What the command line says about the console.
// Thread rule: pure functions, but for what they read.
#pragma once

#include <optional>
#include <streamwork/console.hpp>
#include <string>

namespace streamwork::job {

/// "7000", "HOST:7000" or "off"; port 0: any that is free. Returns what was expected instead, or an empty string.
std::string take_console(const std::string& text, std::optional<ConsoleOptions>& console);

/// Reads a token from the first line of a file: unlike an argument, it is not shown to everybody who lists processes.
/// Returns what was expected instead, or an empty string.
std::string take_console_token(const std::string& path, std::string& token);

/// The token that was given, or else that of the variable STREAMWORK_CONSOLE_TOKEN.
std::string console_token(const std::string& given);

}  // namespace streamwork::job
