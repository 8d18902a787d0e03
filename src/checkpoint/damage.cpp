#include "checkpoint/damage.hpp"

#include <cerrno>

namespace streamwork::checkpoint {

DamagedFile::DamagedFile(const std::string& path, std::uint64_t offset, const std::string& reason)
    : std::runtime_error("'" + path + "' is damaged at byte " + std::to_string(offset) + ": " + reason),
      path_(path),
      offset_(offset) {}

NewerFormat::NewerFormat(const std::string& path, std::uint32_t found, std::uint32_t known)
    : std::runtime_error("'" + path + "' has format version " + std::to_string(found) +
                         "; this release reads versions up to " + std::to_string(known) +
                         ": use the release that wrote it or a newer one, or name an older checkpoint to restore") {}

OutcomeUnknown::OutcomeUnknown(const std::string& reason)
    : std::runtime_error("it is unknown whether the checkpoint is durable: " + reason +
                         ": start again, the newest checkpoint that is found then counts") {}

DirectoryInUse::DirectoryInUse(const std::string& path)
    : std::runtime_error("the checkpoint directory '" + path +
                         "' is used by another run: stop that one, or name another directory") {}

bool is_damage(const FileError& error) {
  switch (error.code().value()) {
    case EIO:
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case ENODATA:
    case EBADMSG:
    case EUCLEAN:
    case EILSEQ:
    case ENXIO:
      return true;
    default:
      return false;
  }
}

}  // namespace streamwork::checkpoint
