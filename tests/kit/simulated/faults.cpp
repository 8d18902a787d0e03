#include "kit/simulated/faults.hpp"

#include <cerrno>

namespace streamwork::testkit {

using Call = testing::MemoryFileSystem::Call;

FaultPlan FaultPlan::draw(std::mt19937_64& random) {
  const auto one_in = [&](std::uint64_t n) { return random() % n == 0; };
  FaultPlan plan;
  switch (random() % 4) {
    case 0:
      plan.crash_at_step = random() % 600;
      break;
    case 1:
      plan.crash_at_call = random() % 150;
      break;
    case 2:
      plan.failing_event = random() % 150;
      break;
    default:
      plan.suspend_after_slices = 1 + random() % 150;
      break;
  }
  if (one_in(3)) plan.failing_calls_in_1000 = 1 + random() % 40;
  if (one_in(4)) plan.checkpoint_timeout = std::chrono::nanoseconds(1);
  if (one_in(4)) plan.tolerated_failures = static_cast<int>(random() % 4);
  return plan;
}

void Faults::before_file_call(Call call, const std::string& path) {
  if (++calls_ > plan_.crash_at_call) crashed_ = true;
  if (crashed_) throw FileError("use", path, EIO);
  // A checkpoint that cannot be read for once counts as damaged, and the start would rightly take back what it published.
  const bool reads = call == Call::open_to_read || call == Call::read;
  if ((reads && !started()) || !call_fails()) return;
  const int error = random_() % 2 == 0 ? EIO : ENOSPC;
  if (call == Call::append && random_() % 2 == 0) throw testing::MemoryFileSystem::ShortWrite{0, error};
  throw FileError("use", path, error);
}

void Faults::before_ledger_call() {
  if (++calls_ > plan_.crash_at_call) crashed_ = true;
  if (crashed_ || call_fails()) throw std::runtime_error("cannot use the ledger");
}

bool Faults::call_fails() {
  if (random_() % 1000 >= plan_.failing_calls_in_1000) return false;
  ++failed_;
  return true;
}

bool Faults::after_step() {
  if (++steps_ > plan_.crash_at_step) crashed_ = true;
  return crashed_;
}

void lose_power(testing::MemoryFileSystem& disk, std::mt19937_64& random) {
  switch (random() % 5) {
    case 0:
      return disk.lose_unsynced_bytes();
    case 1:
      return disk.lose_unsynced();
    case 2:
      return disk.lose_unsynced([&] { return random() % 2 == 0; });
    default:
      return;  // only the process died
  }
}

}  // namespace streamwork::testkit
