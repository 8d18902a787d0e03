#include "machine.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

// The build says with which flags it compiled this file, and so the others.
#ifndef STREAMWORK_BENCHMARK_FLAGS
#define STREAMWORK_BENCHMARK_FLAGS "flags unknown"
#endif

namespace benchmark {

namespace {

/// The value of a line "name : value" of /proc/cpuinfo, of the first processor.
std::string processor_field(const std::string& name) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    const std::size_t begin = line.find_first_not_of(" \t", line.find(':') + 1);
    if (begin != std::string::npos) return line.substr(begin);
  }
  return "unknown";
}

/// The kernel puts its choice in brackets: "always [madvise] never".
std::string huge_pages() {
  std::ifstream file("/sys/kernel/mm/transparent_hugepage/enabled");
  std::string line;
  std::getline(file, line);
  const std::size_t begin = line.find('[');
  const std::size_t end = line.find(']');
  return begin == std::string::npos || end == std::string::npos ? "unknown" : line.substr(begin + 1, end - begin - 1);
}

std::string compiler() {
#if defined(__clang__)
  return "clang " + std::string(__clang_version__);
#else
  return "g++ " + std::string(__VERSION__);
#endif
}

}  // namespace

Machine this_machine() {
  utsname system{};
  uname(&system);
  Machine machine;
  machine.processor = processor_field("model name");
  // Names of virtual processors often leave the model open; the number does not.
  machine.processor += " (family " + processor_field("cpu family") + ", model " + processor_field("model\t") + ")";
  machine.cores = sysconf(_SC_NPROCESSORS_ONLN);
  machine.virtual_machine = processor_field("flags").find(" hypervisor") != std::string::npos;
  machine.kernel = std::string(system.release) + " " + system.machine;
  machine.huge_pages = huge_pages();
  machine.compiler = compiler();
  machine.flags = STREAMWORK_BENCHMARK_FLAGS;
  return machine;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

}  // namespace benchmark
