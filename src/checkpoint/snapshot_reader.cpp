#include "checkpoint/snapshot_reader.hpp"

#include <algorithm>
#include <streamwork/typed/text_error.hpp>
#include <utility>

#include "checkpoint/checksum.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/little_endian.hpp"
#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

namespace format = snapshot_format;

SnapshotReader::SnapshotReader(FileSystem& files, const std::string& directory, FileIdentity identity,
                               const FileSummary& summary)
    : path_(path_in(directory, identity.name)), identity_(std::move(identity)), file_(files.open_to_read(path_)) {
  size_ = file_->size();
  check_header();
  check_size(summary);
  read_index(summary);
}

std::vector<std::size_t> SnapshotReader::frames_of(std::uint32_t section) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < index_.frames.size(); ++i) {
    if (index_.frames[i].section == section) found.push_back(i);
  }
  return found;
}

std::vector<std::size_t> SnapshotReader::frames_of(std::uint32_t section, std::uint32_t first,
                                                   std::uint32_t end) const {
  std::vector<std::size_t> found = frames_of(section);
  std::erase_if(found, [&](std::size_t i) {
    const std::uint32_t key_group = index_.frames[i].key_group;
    return key_group < first || key_group >= end;
  });
  return found;
}

void SnapshotReader::read(std::size_t frame, std::string& into) const {
  const Frame& expected = index_.frames[frame];
  const std::string header = bytes_at(expected.offset, format::frame_header_size);
  into.resize(expected.size);
  const std::size_t got = file_->read_at(expected.offset + header.size(), into);
  if (got != into.size()) throw DamagedFile(path_, expected.offset + header.size() + got, "the file ends here");
  Frame found = expected;
  if (header != format::frame_header(identity_, frame, found, into) || found.checksum != expected.checksum) {
    throw DamagedFile(path_, expected.offset,
                      "frame " + std::to_string(frame) + " of " + std::to_string(index_.frames.size()) + " (vertex " +
                          typed::quoted_for_message(index_.sections[expected.section].vertex) + ", " +
                          std::to_string(expected.size) + " bytes) is not what was written there");
  }
}

void SnapshotReader::verify() const {
  std::string bytes;
  for (std::size_t i = 0; i < index_.frames.size(); ++i) read(i, bytes);
}

void SnapshotReader::check_header() const {
  const std::string expected = format::header(identity_);
  const std::string found = bytes_at(0, std::min<std::uint64_t>(expected.size(), size_));
  if (found == expected) return;
  check_whose_header();
  const auto differs = std::ranges::mismatch(found, expected).in1 - found.begin();
  const bool ends = static_cast<std::size_t>(differs) == found.size();
  throw DamagedFile(path_, static_cast<std::uint64_t>(differs),
                    ends ? "the file ends within its header" : "this is not the header of a snapshot file");
}

void SnapshotReader::check_whose_header() const {
  const std::string start = bytes_at(0, std::min<std::uint64_t>(format::fixed_header_size, size_));
  if (start.size() < format::fixed_header_size || !start.starts_with(format::magic)) return;
  const std::uint64_t name_size = number_at<std::uint32_t>(start, 12);
  const std::uint64_t covered_size = format::fixed_header_size + name_size;
  if (name_size > longest_snapshot_name || covered_size + 8 > size_) return;
  const std::string header = bytes_at(0, covered_size + 8);
  const std::string_view covered = std::string_view(header).substr(0, covered_size);
  if (checksum(covered, 0) != number_at<std::uint64_t>(header, covered_size)) return;
  const auto version = number_at<std::uint32_t>(header, 8);
  if (version > format::version) throw NewerFormat(path_, version, format::version);
  throw DamagedFile(path_, 16,
                    "this is file " + typed::quoted_for_message(covered.substr(format::fixed_header_size)) +
                        " of checkpoint " + std::to_string(number_at<std::uint64_t>(header, 16)) + ", but file " +
                        typed::quoted_for_message(identity_.name) + " of checkpoint " +
                        std::to_string(identity_.number) + " should be here");
}

void SnapshotReader::check_size(const FileSummary& summary) const {
  if (size_ == summary.size) return;
  throw DamagedFile(
      path_, std::min(size_, summary.size),
      "the file has " + std::to_string(size_) + " bytes; " + std::to_string(summary.size) + " were written");
}

void SnapshotReader::read_index(const FileSummary& summary) {
  const std::uint64_t header_size = format::header(identity_).size();
  if (size_ < header_size + format::footer_size) throw DamagedFile(path_, size_, "the file ends here");
  const std::uint64_t footer_offset = size_ - format::footer_size;
  const std::string footer_bytes = bytes_at(footer_offset, format::footer_size);
  const auto footer = format::read_footer(identity_, footer_bytes);
  if (!footer) throw DamagedFile(path_, footer_offset, "the footer is not what was written there");
  if (format::footer_checksum(footer_bytes) != summary.checksum) {
    throw DamagedFile(path_, footer_offset, "the file is sound, but not the one that the manifest lists");
  }
  const auto [offset, size, sum] = *footer;
  if (offset < header_size || offset > footer_offset || size != footer_offset - offset) {
    throw DamagedFile(path_, footer_offset, "the footer leads to no index");
  }
  const std::string bytes = bytes_at(offset, size);
  if (format::index_checksum(identity_, bytes) != sum) {
    throw DamagedFile(path_, offset, "the index is not what was written there");
  }
  auto index = format::read_index(bytes, header_size);
  const bool fits = index && (index->frames.empty() ? header_size
                                                    : index->frames.back().offset + format::frame_header_size +
                                                          index->frames.back().size) == offset;
  if (!fits) throw DamagedFile(path_, offset, "the index does not describe this file");
  index_ = std::move(*index);
}

std::string SnapshotReader::bytes_at(std::uint64_t offset, std::uint64_t size) const {
  std::string bytes(size, '\0');
  const std::size_t got = file_->read_at(offset, bytes);
  if (got != bytes.size()) throw DamagedFile(path_, offset + got, "the file ends here");
  return bytes;
}

}  // namespace streamwork::checkpoint
