#include "kit/plain_checkpoint.hpp"

#include <chrono>
#include <utility>

#include "checkpoint/stored_checkpoint.hpp"

namespace streamwork::testkit {

using namespace checkpoint;

std::string random_bytes(SeededRandom& random, std::uint64_t limit) {
  std::string bytes(random.below(limit), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.bits());
  return bytes;
}

PlainSnapshot random_snapshot(SeededRandom& random, const std::string& name, std::uint64_t longest_frame) {
  PlainSnapshot plain{.name = name};
  const std::uint64_t frames = random.below(12);
  for (std::uint64_t i = 0; i < frames; ++i) {
    if (plain.sections.empty() || random.one_in(3)) {
      plain.sections.push_back(
          {random_bytes(random, 20), random.integer<std::int64_t>(), "rows", random_bytes(random, 40)});
    }
    PlainFrame frame{.section = static_cast<std::uint32_t>(random.below(plain.sections.size())),
                     .entries = random.integer<std::uint64_t>() >> 8U,
                     .bytes = random_bytes(random, longest_frame)};
    if (!random.one_in(4)) frame.key_group = static_cast<std::uint32_t>(random.below(128));
    plain.frames.push_back(std::move(frame));
  }
  if (random.one_in(4)) plain.sections.push_back({"without frames", 0, "", ""});
  return plain;
}

PlainCheckpoint random_checkpoint(SeededRandom& random, Kind kind, std::uint64_t longest_frame) {
  PlainCheckpoint plain;
  plain.manifest.kind = kind;
  plain.manifest.job = "job \"of\" a test\n";
  plain.manifest.delivery = "exactly_once";
  plain.manifest.created = ProcessingTime(std::chrono::microseconds(random.below(1U << 30U)));
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    plain.manifest.vertices.push_back(
        {"vertex " + std::to_string(i), "operator", random.integer<std::int32_t>(), i % 2 == 0});
    plain.manifest.entries.push_back({"ü", random.integer<std::int64_t>(), "prepared", random_bytes(random, 30)});
    plain.manifest.entries.push_back({"", 0, "splits", "part-" + std::to_string(i)});
  }
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    plain.snapshots.push_back(random_snapshot(random, "task-" + std::to_string(i) + ".snapshot", longest_frame));
  }
  return plain;
}

FileSummary write_snapshot(SnapshotWriter& writer, const PlainSnapshot& plain) {
  std::size_t added = 0;
  for (const PlainFrame& frame : plain.frames) {
    while (added <= frame.section) writer.add_section(plain.sections[added++]);
    writer.add_frame(frame.section, frame.key_group, frame.entries, frame.bytes);
  }
  while (added < plain.sections.size()) writer.add_section(plain.sections[added++]);
  return writer.finish();
}

std::uint64_t write_checkpoint(CheckpointDirectory& directory, PlainCheckpoint& plain) {
  Manifest& manifest = plain.manifest;
  manifest.number = directory.reserve_number(manifest.kind);
  manifest.files.clear();
  for (const PlainSnapshot& snapshot : plain.snapshots) {
    const auto writer = directory.write_snapshot(manifest.kind, manifest.number, snapshot.name);
    manifest.files.push_back(write_snapshot(*writer, snapshot));
  }
  directory.publish(manifest);
  return manifest.number;
}

PlainCheckpoint read_back(FileSystem& files, const std::string& path) {
  PlainCheckpoint plain{.manifest = read_checkpoint(files, path)};
  for (const FileSummary& summary : plain.manifest.files) {
    const SnapshotReader reader = open_snapshot(files, path, plain.manifest, summary);
    PlainSnapshot snapshot{.name = summary.name, .sections = reader.sections()};
    for (std::size_t i = 0; i < reader.frames().size(); ++i) {
      const Frame& frame = reader.frames()[i];
      PlainFrame read{frame.section, frame.key_group, frame.entries, {}};
      reader.read(i, read.bytes);
      snapshot.frames.push_back(std::move(read));
    }
    plain.snapshots.push_back(std::move(snapshot));
  }
  return plain;
}

}  // namespace streamwork::testkit
