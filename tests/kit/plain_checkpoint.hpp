// A checkpoint as plain values, made at random, written and compared: the model the storage is tested against.
// Thread rule: used by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_directory.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork::testkit {

struct PlainFrame {
  std::uint32_t section = 0;
  std::uint32_t key_group = checkpoint::no_key_group;
  std::uint64_t entries = 0;
  std::string bytes{};

  bool operator==(const PlainFrame&) const = default;
};

struct PlainSnapshot {
  std::string name{};
  std::vector<checkpoint::Section> sections{};
  std::vector<PlainFrame> frames{};

  bool operator==(const PlainSnapshot&) const = default;
};

struct PlainCheckpoint {
  checkpoint::Manifest manifest{};  ///< without files, until it is written
  std::vector<PlainSnapshot> snapshots{};

  bool operator==(const PlainCheckpoint&) const = default;
};

/// Any bytes, of any length below `limit`.
std::string random_bytes(SeededRandom& random, std::uint64_t limit);
PlainSnapshot random_snapshot(SeededRandom& random, const std::string& name, std::uint64_t longest_frame);
PlainCheckpoint random_checkpoint(SeededRandom& random, checkpoint::Kind kind, std::uint64_t longest_frame);

/// Writes one file as a task would.
checkpoint::FileSummary write_snapshot(checkpoint::SnapshotWriter& writer, const PlainSnapshot& plain);
/// Reserves a number, writes everything, publishes. The manifest of `plain` then has number and files.
std::uint64_t write_checkpoint(checkpoint::CheckpointDirectory& directory, PlainCheckpoint& plain);

/// What is stored, all of it.
PlainCheckpoint read_back(FileSystem& files, const std::string& path);

}  // namespace streamwork::testkit
