// Power failures and failing calls at every point of a checkpoint's life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/scale.hpp"

namespace streamwork::checkpoint {
namespace {

using testing::MemoryFileSystem;
using testkit::PlainCheckpoint;

struct PowerFailure {};

/// A job that takes checkpoints on a disk where things happen, and what must be true of it.
class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed) {
    files_->create_directories("disk");
    files_->sync_directory(".");
  }

  MemoryFileSystem& files() { return *files_; }
  testkit::SeededRandom& random() { return random_; }

  /// One checkpoint from its number to the removal of older ones.
  void take_checkpoint(CheckpointDirectory& directory) {
    static constexpr Kind kinds[] = {Kind::checkpoint, Kind::checkpoint, Kind::savepoint, Kind::suspended};
    PlainCheckpoint plain = testkit::random_checkpoint(random_, kinds[random_.below(4)], 2000);
    Manifest& manifest = plain.manifest;
    manifest.number = directory.reserve_number(manifest.kind);
    EXPECT_GT(manifest.number, last_reserved_) << "a number was given out twice";
    last_reserved_ = manifest.number;
    for (const testkit::PlainSnapshot& snapshot : plain.snapshots) {
      const auto writer = directory.write_snapshot(manifest.kind, manifest.number, snapshot.name);
      manifest.files.push_back(testkit::write_snapshot(*writer, snapshot));
    }
    under_way_[manifest.number] = plain;
    directory.publish(manifest);
    last_published_ = manifest.number;
    directory.retain(2);
  }

  /// What a new start finds: nothing that was published is lost, nothing is there that was not.
  void start_again() {
    CheckpointDirectory directory = open();
    const Search search = directory.newest_usable();
    for (const PassedOver& other : search.passed_over) EXPECT_TRUE(other.unfinished) << other.reason;
    expect_none_by_half(directory);
    if (!search.newest) {
      EXPECT_EQ(last_published_, 0U);
      return;
    }
    const std::uint64_t number = search.newest->manifest.number;
    ASSERT_GE(number, last_published_);
    ASSERT_TRUE(under_way_.contains(number));
    ASSERT_EQ(testkit::read_back(*files_, search.newest->path), under_way_.at(number));
    last_published_ = number;  // the job goes on from here, so this must not vanish any more
  }

  /// Whatever still has a manifest has everything, also what was about to be removed.
  void expect_none_by_half(const CheckpointDirectory& directory) {
    for (const std::string& name : directory.names()) {
      const std::string path = path_in(directory.path(), name);
      if (files_->exists(path_in(path, manifest_name)))
        verify_checkpoint(*files_, path, read_checkpoint(*files_, path));
    }
  }

  CheckpointDirectory open() const { return {files_, "disk/checkpoints"}; }

 private:
  testkit::SeededRandom random_;
  std::shared_ptr<MemoryFileSystem> files_ = std::make_shared<MemoryFileSystem>();
  std::map<std::uint64_t, PlainCheckpoint> under_way_;
  std::uint64_t last_reserved_ = 0;
  std::uint64_t last_published_ = 0;
};

/// Several checkpoints, with `disturb` in front of each call. Returns the number of calls.
using Disturb = std::function<void(MemoryFileSystem::Call, const std::string& path, std::uint64_t call)>;

std::uint64_t take_checkpoints(Life& life, const Disturb& disturb) {
  std::uint64_t calls = 0;
  CheckpointDirectory directory = life.open();
  life.files().before_each_call(
      [&](MemoryFileSystem::Call call, const std::string& path) { disturb(call, path, calls++); });
  try {
    for (int i = 0; i < 4; ++i) life.take_checkpoint(directory);
  } catch (const PowerFailure&) {
    // From here on the process is gone.
  }
  life.files().before_each_call({});
  return calls;
}

using FailPower = std::function<void(Life&)>;

void lose_unsynced(Life& life) { life.files().lose_unsynced(); }
void lose_some(Life& life) {
  life.files().lose_unsynced([&life] { return life.random().one_in(2); });
}
void lose_bytes(Life& life) { life.files().lose_unsynced_bytes(); }
void lose_nothing(Life&) {}

/// `stop` comes between two calls, `fail_power` after the next start.
void expect_survival(const FailPower& stop, const FailPower& fail_power) {
  for (std::uint64_t seed = 1; seed <= kit::scaled(4); ++seed) {
    Life undisturbed(seed);
    const std::uint64_t calls = take_checkpoints(undisturbed, [](auto, const auto&, auto) {});
    ASSERT_GT(calls, 50U);
    for (std::uint64_t at = 0; at < calls; ++at) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", stopped before call " + std::to_string(at));
      Life life(seed);
      take_checkpoints(life, [&](auto, const auto&, std::uint64_t call) {
        if (call >= at) throw PowerFailure{};
      });
      stop(life);
      life.start_again();
      fail_power(life);  // what was found is durable
      life.start_again();
      CheckpointDirectory directory = life.open();
      life.take_checkpoint(directory);
      fail_power(life);
      life.start_again();
      if (::testing::Test::HasFailure()) return;
    }
  }
}

TEST(DiskFaults, a_power_failure_between_any_two_calls_loses_nothing_published_F5) {
  expect_survival(lose_unsynced, lose_unsynced);
}

TEST(DiskFaults, nor_does_one_that_lets_some_of_the_unsynced_survive_F5) { expect_survival(lose_some, lose_some); }

TEST(DiskFaults, nor_one_that_loses_bytes_but_no_names_F5) { expect_survival(lose_bytes, lose_bytes); }

TEST(DiskFaults, nor_one_after_a_killed_process_was_started_again_F5) { expect_survival(lose_nothing, lose_unsynced); }

/// Fails the call with number `at`, and then goes on in the same process.
void expect_survival_of_failing_calls(const std::function<void(MemoryFileSystem::Call, const std::string&)>& fail) {
  Life undisturbed(5);
  const std::uint64_t calls = take_checkpoints(undisturbed, [](auto, const auto&, auto) {});
  for (std::uint64_t at = 0; at < calls; ++at) {
    SCOPED_TRACE("call " + std::to_string(at) + " fails");
    Life life(5);
    CheckpointDirectory directory = life.open();
    std::uint64_t call_number = 0;
    life.files().before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
      if (call_number++ == at) fail(call, path);
    });
    for (int i = 0; i < 4; ++i) {
      try {
        life.take_checkpoint(directory);
      } catch (const FileError&) {
        // The job goes on and tries again later.
      } catch (const OutcomeUnknown&) {
        directory = life.open();  // the job starts again
        life.start_again();
      }
    }
    life.take_checkpoint(directory);
    life.start_again();
    life.files().lose_unsynced();
    life.start_again();
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(DiskFaults, a_full_disk_at_any_call_costs_an_attempt_and_nothing_else_F9) {
  expect_survival_of_failing_calls(
      [](MemoryFileSystem::Call, const std::string& path) { throw FileError("write to", path, ENOSPC); });
}

TEST(DiskFaults, so_does_an_input_or_output_error_F10) {
  expect_survival_of_failing_calls(
      [](MemoryFileSystem::Call, const std::string& path) { throw FileError("write to", path, EIO); });
}

TEST(DiskFaults, so_does_a_short_write_F10) {
  expect_survival_of_failing_calls([](MemoryFileSystem::Call call, const std::string& path) {
    if (call == MemoryFileSystem::Call::append) throw MemoryFileSystem::ShortWrite{5, ENOSPC};
    throw FileError("write to", path, EDQUOT);
  });
}

TEST(DiskFaults, a_disk_that_stays_full_keeps_what_was_there_F9) {
  Life life(6);
  CheckpointDirectory directory = life.open();
  life.take_checkpoint(directory);
  bool full = true;
  life.files().before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
    const bool grows = call == MemoryFileSystem::Call::append || call == MemoryFileSystem::Call::create;
    if (grows && full) throw FileError("write to", path, ENOSPC);
  });
  for (int i = 0; i < 5; ++i) EXPECT_THROW(life.take_checkpoint(directory), FileError);
  life.start_again();
  full = false;  // somebody made room
  life.take_checkpoint(directory);
  life.start_again();
}

}  // namespace
}  // namespace streamwork::checkpoint
