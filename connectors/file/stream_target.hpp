// Writing to what is no plain file: pipes, terminals, devices, sockets, and standard output whatever it is.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/connectors/text_target.hpp>
#include <string>

namespace streamwork {

/// Standard output as it stands; it is never closed. `instances` will write.
std::shared_ptr<OpenTextTarget> open_standard_output(std::int64_t instances);

/// A named pipe or a device. A pipe without a reader is opened as soon as there is one; until then nothing goes out.
/// Throws `FileError`.
std::shared_ptr<OpenTextTarget> open_stream(const std::string& path, std::int64_t instances);

}  // namespace streamwork
