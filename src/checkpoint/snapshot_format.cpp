#include "checkpoint/snapshot_format.hpp"

#include "checkpoint/checksum.hpp"
#include "checkpoint/little_endian.hpp"

namespace streamwork::checkpoint::snapshot_format {

namespace {

constexpr std::string_view frame_magic = "FRAM";
/// Parts of a file that are no frames, for `identity_seed`.
constexpr std::uint64_t index_part = ~std::uint64_t{0};
constexpr std::uint64_t footer_part = index_part - 1;
/// What one frame takes in the index, and the least that one section takes: bounds for counts that may be anything.
constexpr std::size_t frame_entry_size = 28;
constexpr std::size_t least_section_size = 20;

std::uint64_t identity_seed(const FileIdentity& identity, std::uint64_t part) {
  std::string bytes;
  put_number(bytes, identity.number);
  put_number(bytes, part);
  bytes += identity.name;
  return checksum(bytes, 0);
}

std::optional<Section> read_section(ByteReader& reader) {
  auto vertex = reader.text();
  const auto instance = reader.number<std::uint64_t>();
  auto kind = reader.text();
  auto schema = reader.text();
  if (!vertex || !instance || !kind || !schema) return std::nullopt;
  return Section{std::move(*vertex), static_cast<std::int64_t>(*instance), std::move(*kind), std::move(*schema)};
}

std::optional<Frame> read_frame(ByteReader& reader) {
  const auto size = reader.number<std::uint32_t>();
  const auto section = reader.number<std::uint32_t>();
  const auto key_group = reader.number<std::uint32_t>();
  const auto entries = reader.number<std::uint64_t>();
  const auto sum = reader.number<std::uint64_t>();
  if (!size || !section || !key_group || !entries || !sum) return std::nullopt;
  return Frame{0, *size, *section, *key_group, *entries, *sum};
}

}  // namespace

std::string header(const FileIdentity& identity) {
  std::string bytes(magic);
  put_number(bytes, version);
  put_number(bytes, static_cast<std::uint32_t>(identity.name.size()));
  put_number(bytes, identity.number);
  bytes += identity.name;
  put_number(bytes, checksum(bytes, 0));
  return bytes;
}

std::string frame_header(const FileIdentity& identity, std::uint64_t number, Frame& frame, std::string_view content) {
  std::string bytes(frame_magic);
  put_number(bytes, frame.size);
  put_number(bytes, frame.section);
  put_number(bytes, frame.key_group);
  put_number(bytes, frame.entries);
  frame.checksum = checksum(content, checksum(bytes, identity_seed(identity, number)));
  put_number(bytes, frame.checksum);
  return bytes;
}

std::string index(const std::vector<Section>& sections, const std::vector<Frame>& frames) {
  std::string bytes;
  put_number(bytes, std::uint64_t{sections.size()});
  for (const Section& section : sections) {
    put_text(bytes, section.vertex);
    put_number(bytes, static_cast<std::uint64_t>(section.instance));
    put_text(bytes, section.kind);
    put_text(bytes, section.schema);
  }
  put_number(bytes, std::uint64_t{frames.size()});
  for (const Frame& frame : frames) {
    put_number(bytes, frame.size);
    put_number(bytes, frame.section);
    put_number(bytes, frame.key_group);
    put_number(bytes, frame.entries);
    put_number(bytes, frame.checksum);
  }
  return bytes;
}

std::string footer(const FileIdentity& identity, std::uint64_t index_offset, std::string_view index) {
  std::string bytes;
  put_number(bytes, index_offset);
  put_number(bytes, std::uint64_t{index.size()});
  put_number(bytes, index_checksum(identity, index));
  put_number(bytes, checksum(bytes, identity_seed(identity, footer_part)));
  bytes += end_magic;
  return bytes;
}

std::uint64_t footer_checksum(std::string_view footer) { return number_at<std::uint64_t>(footer, 24); }

std::uint64_t index_checksum(const FileIdentity& identity, std::string_view index) {
  return checksum(index, identity_seed(identity, index_part));
}

std::optional<Footer> read_footer(const FileIdentity& identity, std::string_view bytes) {
  const Footer footer{number_at<std::uint64_t>(bytes, 0), number_at<std::uint64_t>(bytes, 8),
                      number_at<std::uint64_t>(bytes, 16)};
  const bool whole = footer_checksum(bytes) == checksum(bytes.substr(0, 24), identity_seed(identity, footer_part));
  if (!whole || bytes.substr(32) != end_magic) return std::nullopt;
  return footer;
}

std::optional<Index> read_index(std::string_view bytes, std::uint64_t first_frame) {
  ByteReader reader(bytes);
  Index index;
  const auto sections = reader.number<std::uint64_t>();
  if (!sections || *sections > reader.left() / least_section_size) return std::nullopt;
  index.sections.reserve(*sections);
  for (std::uint64_t i = 0; i < *sections; ++i) {
    auto section = read_section(reader);
    if (!section) return std::nullopt;
    index.sections.push_back(std::move(*section));
  }
  const auto frames = reader.number<std::uint64_t>();
  if (!frames || *frames != reader.left() / frame_entry_size || reader.left() % frame_entry_size != 0) {
    return std::nullopt;
  }
  index.frames.reserve(*frames);
  std::uint64_t offset = first_frame;
  for (std::uint64_t i = 0; i < *frames; ++i) {
    auto frame = read_frame(reader);
    if (!frame || frame->section >= *sections || frame->size > most_frame_bytes) return std::nullopt;
    frame->offset = offset;
    offset += frame_header_size + frame->size;
    index.frames.push_back(*frame);
  }
  return index;
}

}  // namespace streamwork::checkpoint::snapshot_format
