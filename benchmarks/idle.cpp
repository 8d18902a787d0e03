#include "idle.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/json.hpp>
#include <streamwork/run.hpp>
#include <string>

#include "event.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

/// Until threads have started and the first event, which is due at once, is through.
constexpr std::chrono::milliseconds settling_time{300};

/// Below this it rounds to 0.0 %.
constexpr double cpu_percent_target = 0.05;
constexpr double resident_megabytes_target = 20;

std::chrono::nanoseconds cpu_time_of_process() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string path_of_this_program() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) throw std::runtime_error("idle: /proc/self/exe cannot be read");
  path.resize(static_cast<std::size_t>(length));
  return path;
}

}  // namespace

double resident_megabytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all_pages = 0;
  std::uint64_t resident_pages = 0;
  file >> all_pages >> resident_pages;
  return static_cast<double>(resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

int run_idle_child(double seconds) {
  sw::Job job{"idle"};
  job.source("events",
             sw::generate<Event>([](std::uint64_t sequence) { return make_event(sequence, 1000); }, {.rate = 0.01}))
      .key_by(&Event::key, {.parallelism = 2})
      .sink("discard", sw::discard());
  sw::JobHandle handle = sw::start(job, {.workers = 2});
  handle.wait_for(settling_time);
  const std::chrono::nanoseconds before = cpu_time_of_process();
  const auto begin = std::chrono::steady_clock::now();
  handle.wait_for(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds)));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  const std::chrono::duration<double> used = cpu_time_of_process() - before;
  IdleReport report{elapsed.count(), used.count() / elapsed.count() * 100, resident_megabytes(), cpu_percent_target,
                    resident_megabytes_target};
  handle.stop();
  const sw::JobResult result = handle.wait();
  const bool as_expected = result.end == sw::JobEnd::finished && result.metrics.vertex("discard").events_in() == 1;
  if (!as_expected) std::cerr << "idle: one event should have come through and the job ended\n" << result.failure;
  std::cout << sw::to_json(report) << "\n";
  return as_expected ? 0 : 1;
}

IdleReport measure_idle(double seconds) {
  const std::string command = "'" + path_of_this_program() + "' --idle-child " + std::to_string(seconds);
  std::FILE* child = popen(command.c_str(), "r");
  if (child == nullptr) throw std::runtime_error("idle: the child process cannot be started");
  char line[1024] = {};
  const char* read = std::fgets(line, sizeof line, child);
  const int status = pclose(child);
  if (read == nullptr || status != 0) throw std::runtime_error("idle: the child process failed");
  return sw::from_json<IdleReport>(line);
}

}  // namespace benchmark
