// A job's program that writes to directories and keeps checkpoints, and is started, killed and started again.
// Thread rule: used by one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kit/process.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {

class KilledJob {
 public:
  using Arguments = std::vector<std::string>;

  /// `arguments` are those of every start. What is written to `--output dir:` lies in `output()`, and with `late` also what
  /// comes too late. `rate`: so slow that the input does not end while the program is to be killed.
  KilledJob(std::string program, Arguments arguments, int rate, bool late = false);

  /// Input files may be put here.
  const TemporaryFolder& folder() const { return folder_; }
  std::string output() const { return folder_.path(output_); }
  std::string checkpoints() const { return folder_.path(checkpoints_); }

  /// To its end, as fast as it can.
  ProcessResult run(const Arguments& more = {}) const;
  /// To its end without checkpoints, into plain files; returns their lines, sorted.
  std::vector<std::string> run_plainly() const;
  /// Slowly, for as long as it may take.
  std::unique_ptr<Process> start_slowly(const Arguments& more = {}) const;
  /// Kills it `after` so long since its start. False: it was at its end.
  bool kill_soon(std::chrono::milliseconds after, const Arguments& more = {}) const;
  /// Kills it `after` so long since it has completed `checkpoints` more. False: it was at its end.
  bool kill_at_work(int checkpoints, std::chrono::milliseconds after, const Arguments& more = {}) const;
  /// Waits until the program has completed `checkpoints` more than `since`. Throws if it never does.
  void wait_for_checkpoints(const Process& process, std::uint64_t since, int checkpoints) const;

  /// The number of the newest checkpoint that is complete; 0: none.
  std::uint64_t newest_checkpoint() const;
  /// All that is published, in any order.
  std::vector<std::string> published() const;
  /// Names of what is written and not published.
  std::vector<std::string> unpublished() const;
  /// The names of all published files.
  std::vector<std::string> parts() const;

  /// Gives the directories of output and checkpoints other names.
  void move_directories();

 private:
  Arguments command(const Arguments& more) const;
  std::vector<std::string> directories() const;

  TemporaryFolder folder_;
  std::string program_;
  Arguments arguments_;
  int rate_;
  bool late_;
  std::string output_ = "out";
  std::string late_output_ = "late";
  std::string checkpoints_ = "checkpoints";
};

}  // namespace streamwork::testkit
