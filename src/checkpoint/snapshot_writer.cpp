#include "checkpoint/snapshot_writer.hpp"

#include <cstddef>
#include <stdexcept>
#include <utility>

#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

namespace {

/// Small frames are collected up to this size, so that a write costs little beside its bytes.
constexpr std::size_t buffer_bytes = 256U << 10U;

std::unique_ptr<WritableFile> new_file(FileSystem& files, const std::string& path, const std::string& name) {
  if (!is_snapshot_name(name)) {
    throw std::invalid_argument("'" + name +
                                "' cannot name a snapshot file: use at most 200 letters, digits, '.', '_' and '-', "
                                "beginning with a letter or digit");
  }
  if (files.exists(path)) throw std::logic_error("'" + path + "' is there already; a snapshot is written once");
  return files.create(path);
}

}  // namespace

SnapshotWriter::SnapshotWriter(FileSystem& files, const std::string& directory, FileIdentity identity)
    : path_(path_in(directory, identity.name)),
      identity_(std::move(identity)),
      file_(new_file(files, path_, identity_.name)) {
  buffer_ = snapshot_format::header(identity_);
}

SnapshotWriter::~SnapshotWriter() = default;

std::uint32_t SnapshotWriter::add_section(Section section) {
  sections_.push_back(std::move(section));
  return static_cast<std::uint32_t>(sections_.size() - 1);
}

void SnapshotWriter::add_frame(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries,
                               std::string_view bytes) {
  check_usable();
  if (section >= sections_.size()) throw std::logic_error("a frame of a section that was not added");
  if (bytes.size() > snapshot_format::most_frame_bytes) {
    throw std::length_error("a frame of " + std::to_string(bytes.size()) + " bytes for vertex '" +
                            sections_[section].vertex + "' in '" + path_ + "'; at most 1 GiB: write several");
  }
  Frame frame{size(), static_cast<std::uint32_t>(bytes.size()), section, key_group, entries, 0};
  append(snapshot_format::frame_header(identity_, frames_.size(), frame, bytes));
  append(bytes);
  frames_.push_back(frame);
}

FileSummary SnapshotWriter::finish() {
  check_usable();
  FileSummary summary{.name = identity_.name, .frames = frames_.size()};
  for (const Frame& frame : frames_) summary.entries += frame.entries;
  const std::string index = snapshot_format::index(sections_, frames_);
  const std::string footer = snapshot_format::footer(identity_, size(), index);
  append(index);
  append(footer);
  flush();
  usable_ = false;  // a sync that failed must not be tried again: what it lost, the next one would not write either
  file_->sync();
  file_->close();
  summary.size = offset_;
  summary.checksum = snapshot_format::footer_checksum(footer);
  return summary;
}

void SnapshotWriter::check_usable() const {
  if (!usable_) throw std::logic_error("'" + path_ + "' is finished, or could not be written before");
}

void SnapshotWriter::append(std::string_view bytes) {
  if (buffer_.size() + bytes.size() <= buffer_bytes) {
    buffer_ += bytes;
    return;
  }
  flush();
  if (bytes.size() < buffer_bytes) {
    buffer_ += bytes;
    return;
  }
  usable_ = false;
  file_->append(bytes);
  usable_ = true;
  offset_ += bytes.size();
}

void SnapshotWriter::flush() {
  usable_ = false;  // if this throws, nobody knows how much of it was written
  file_->append(buffer_);
  usable_ = true;
  offset_ += buffer_.size();
  buffer_.clear();
}

}  // namespace streamwork::checkpoint
