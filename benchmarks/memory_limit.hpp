// A limit to the memory of this process, set by the system: a control group of its own, if there may be one.
// Thread rule: used by one thread, before there are others.
#pragma once

#include <cstdint>
#include <string>

namespace benchmark {

class MemoryLimit {
 public:
  /// From now on the process, with the files it has in memory, takes at most so many bytes; the system ends it if it cannot.
  /// Throws `std::runtime_error` if no such limit can be set here.
  explicit MemoryLimit(std::uint64_t bytes);
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit();

 private:
  std::string parent_;
  std::string group_;
};

/// The most memory that this process had at any time, in bytes, without files it may give back.
std::uint64_t greatest_resident_bytes();

}  // namespace benchmark
