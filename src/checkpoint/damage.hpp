// What is wrong with stored files, told so that a person can act on it: which file, at which byte, what was expected.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork::checkpoint {

/// A file is not what was written: torn, changed, of another checkpoint, or no file of ours at all.
class DamagedFile : public std::runtime_error {
 public:
  /// `reason` goes on after "is damaged at byte 12: ".
  DamagedFile(const std::string& path, std::uint64_t offset, const std::string& reason);

  const std::string& path() const { return path_; }
  /// The byte where the part begins that is not as it should be.
  std::uint64_t offset() const { return offset_; }

 private:
  std::string path_;
  std::uint64_t offset_;
};

/// A sound file of a format that only a newer release can read. It is never passed over in favour of an older one.
class NewerFormat : public std::runtime_error {
 public:
  NewerFormat(const std::string& path, std::uint32_t found, std::uint32_t known);
};

/// It cannot be told whether a checkpoint was published: the system failed between the renaming and the confirmation
/// that it is durable. Only a new start, which looks at what is there, can tell.
class OutcomeUnknown : public std::runtime_error {
 public:
  explicit OutcomeUnknown(const std::string& reason);
};

/// Another run of the job, or another job, uses the directory.
class DirectoryInUse : public std::runtime_error {
 public:
  explicit DirectoryInUse(const std::string& path);
};

/// True if the failure tells of lost or foreign content (missing, unreadable, not a file), so that an older checkpoint
/// may be used instead; false for what another start may cure, such as missing rights or too many open files.
bool is_damage(const FileError& error);

}  // namespace streamwork::checkpoint
