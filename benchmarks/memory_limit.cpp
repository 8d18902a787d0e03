#include "memory_limit.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace benchmark {

namespace {

void write(const std::string& path, std::uint64_t number) {
  std::ofstream file(path);
  file << number << std::flush;
  if (!file) throw std::runtime_error("no memory limit can be set: cannot write to " + path);
}

}  // namespace

MemoryLimit::MemoryLimit(std::uint64_t bytes) {
  const std::string first_version = "/sys/fs/cgroup/memory";
  const bool first = std::filesystem::exists(first_version);
  parent_ = first ? first_version : "/sys/fs/cgroup";
  group_ = parent_ + "/streamwork-benchmark-" + std::to_string(getpid());
  std::error_code error;
  std::filesystem::create_directory(group_, error);
  if (error) throw std::runtime_error("no memory limit can be set: cannot make " + group_ + ": " + error.message());
  try {
    write(group_ + (first ? "/memory.limit_in_bytes" : "/memory.max"), bytes);
    write(group_ + "/cgroup.procs", static_cast<std::uint64_t>(getpid()));
  } catch (...) {
    rmdir(group_.c_str());
    throw;
  }
}

MemoryLimit::~MemoryLimit() {
  std::ofstream(parent_ + "/cgroup.procs") << getpid() << std::flush;
  rmdir(group_.c_str());
}

std::uint64_t greatest_resident_bytes() {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "VmHWM:" && file >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace benchmark
