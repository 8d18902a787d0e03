#include "kit/killed_job.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace streamwork::testkit {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

KilledJob::KilledJob(std::string program, Arguments arguments, int rate, bool late)
    : program_(std::move(program)), arguments_(std::move(arguments)), rate_(rate), late_(late) {}

KilledJob::Arguments KilledJob::command(const Arguments& more) const {
  Arguments all = arguments_;
  const auto add = [&](const std::string& option, const std::string& value) { all.insert(all.end(), {option, value}); };
  add("--output", "dir:" + output());
  if (late_) add("--late", "dir:" + folder_.path(late_output_));
  add("--checkpoint-dir", checkpoints());
  add("--checkpoint-interval", "50ms");
  all.emplace_back("--quiet");
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

ProcessResult KilledJob::run(const Arguments& more) const { return run_program(program_, command(more)); }

std::vector<std::string> KilledJob::run_plainly() const {
  const TemporaryFolder plain;
  Arguments all = arguments_;
  all.insert(all.end(), {"--output", plain.path("out"), "--quiet"});
  if (late_) all.insert(all.end(), {"--late", plain.path("late")});
  const ProcessResult result = run_program(program_, all);
  if (result.exit_code != 0) throw std::runtime_error(program_ + " fails undisturbed: " + describe(result));
  std::vector<std::string> lines = ProcessResult{0, 0, plain.read("out") + plain.read("late"), ""}.output_lines();
  std::ranges::sort(lines);
  return lines;
}

std::unique_ptr<Process> KilledJob::start_slowly(const Arguments& more) const {
  Arguments all{program_path(program_)};
  const Arguments own = command(more);
  all.insert(all.end(), own.begin(), own.end());
  all.insert(all.end(), {"--rate", std::to_string(rate_)});
  return std::make_unique<Process>(all);
}

bool KilledJob::kill_soon(std::chrono::milliseconds after, const Arguments& more) const {
  const auto process = start_slowly(more);
  std::this_thread::sleep_for(after);
  process->send_signal(SIGKILL);
  return process->wait().signal == SIGKILL;
}

bool KilledJob::kill_at_work(int checkpoints, std::chrono::milliseconds after, const Arguments& more) const {
  const std::uint64_t before = newest_checkpoint();
  const auto process = start_slowly(more);
  wait_for_checkpoints(*process, before, checkpoints);
  std::this_thread::sleep_for(after);
  process->send_signal(SIGKILL);
  return process->wait().signal == SIGKILL;
}

void KilledJob::wait_for_checkpoints(const Process& process, std::uint64_t since, int checkpoints) const {
  const auto deadline = std::chrono::steady_clock::now() + process_patience;
  while (newest_checkpoint() < since + static_cast<std::uint64_t>(checkpoints)) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(program_ + " completes no checkpoint; it has said: " + process.errors());
    std::this_thread::sleep_for(5ms);
  }
}

std::uint64_t KilledJob::newest_checkpoint() const {
  std::uint64_t newest = 0;
  std::error_code gone;  // checkpoints are made and removed meanwhile
  for (fs::directory_iterator entry(checkpoints(), gone), end; !gone && entry != end; entry.increment(gone)) {
    const std::string name = entry->path().filename();
    const std::size_t dash = name.rfind('-');
    std::error_code ignored;
    if (dash == std::string::npos || !fs::exists(entry->path() / "manifest", ignored)) continue;
    newest = std::max<std::uint64_t>(newest, std::stoull(name.substr(dash + 1)));
  }
  return newest;
}

std::vector<std::string> KilledJob::directories() const {
  std::vector<std::string> paths{output()};
  if (late_) paths.push_back(folder_.path(late_output_));
  std::erase_if(paths, [](const std::string& path) { return !fs::exists(path); });
  return paths;
}

std::vector<std::string> KilledJob::published() const {
  std::vector<std::string> lines;
  for (const std::string& directory : directories()) {
    for (const auto& entry : fs::directory_iterator(directory)) {
      if (entry.path().filename().string().starts_with('.')) continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) lines.push_back(line);
    }
  }
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> KilledJob::unpublished() const {
  std::vector<std::string> names;
  for (const std::string& directory : directories()) {
    for (const auto& entry : fs::directory_iterator(directory)) {
      const std::string name = entry.path().filename();
      if (name.starts_with('.') || name.ends_with(".pending")) names.push_back(name);
    }
  }
  return names;
}

std::vector<std::string> KilledJob::parts() const {
  std::vector<std::string> names;
  for (const std::string& directory : directories()) {
    for (const auto& entry : fs::directory_iterator(directory)) names.push_back(entry.path().filename());
  }
  std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
  std::ranges::sort(names);
  return names;
}

void KilledJob::move_directories() {
  for (std::string* name : {&output_, &late_output_, &checkpoints_}) {
    const std::string before = *name;
    *name += "-moved";
    if (fs::exists(folder_.path(before))) fs::rename(folder_.path(before), folder_.path(*name));
  }
}

}  // namespace streamwork::testkit
