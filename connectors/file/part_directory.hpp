// A directory of text whose files are published as checkpoints complete.
#pragma once

#include <memory>
#include <streamwork/connectors/text_target.hpp>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork {

/// Makes the directory if it is missing. If the job begins anew, removes what earlier runs have not published, and what they
/// have published too if the request allows it; otherwise throws `std::runtime_error` if there is any. Throws that too if
/// another job writes there: the sinks of one job, which share `request.locks`, may have one directory. Throws `FileError`.
std::shared_ptr<OpenTextTarget> open_part_directory(std::shared_ptr<FileSystem> files, const std::string& path,
                                                    const SinkRequest& request);

}  // namespace streamwork
