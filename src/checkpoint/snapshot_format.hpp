// A snapshot file, byte by byte, as docs/internals/checkpoint-format.md specifies it: header, frames one behind the
// other, an index of sections and frames, a footer. Every byte is covered by a checksum; those of frames also cover
// which checkpoint, file and frame they belong to, and the footer's covers all others, so that one number in the
// manifest vouches for the whole file.
// Thread rule: plain values and pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::checkpoint {

/// What a stretch of a snapshot belongs to.
struct Section {
  std::string vertex{};
  std::int64_t instance = 0;
  std::string kind{};    ///< "rows", "timers", "splits", ...: what the bytes are, known to who wrote them
  std::string schema{};  ///< how to read the bytes, or nothing; not looked at here

  bool operator==(const Section&) const = default;
};

/// The key group of a frame that belongs to none.
inline constexpr std::uint32_t no_key_group = 0xFFFFFFFFU;

/// Some entries of one section and key group, as the index tells of them.
struct Frame {
  std::uint64_t offset = 0;  ///< of the frame in its file
  std::uint32_t size = 0;    ///< of the content, in bytes
  std::uint32_t section = 0;
  std::uint32_t key_group = no_key_group;
  std::uint64_t entries = 0;
  std::uint64_t checksum = 0;

  bool operator==(const Frame&) const = default;
};

/// What the manifest knows of a file.
struct FileSummary {
  std::string name{};
  std::uint64_t size = 0;  ///< in bytes
  std::uint64_t frames = 0;
  std::uint64_t entries = 0;
  std::uint64_t checksum = 0;  ///< that of the footer

  bool operator==(const FileSummary&) const = default;
};

/// Which file of which checkpoint.
struct FileIdentity {
  std::uint64_t number = 0;
  std::string name{};
};

namespace snapshot_format {

inline constexpr std::uint32_t version = 1;
/// Not text, so that a transfer as text that changes line ends damages it where it is seen first.
inline constexpr std::string_view magic("\x89SWS\r\n\x1A\n", 8);
inline constexpr std::string_view end_magic("SWSEND\r\n", 8);
/// Magic, version, length of the name, number: what is there whatever the name.
inline constexpr std::size_t fixed_header_size = 24;
inline constexpr std::size_t frame_header_size = 32;
inline constexpr std::size_t footer_size = 40;
/// A frame is in memory as a whole when it is read.
inline constexpr std::uint32_t most_frame_bytes = 1U << 30U;

std::string header(const FileIdentity& identity);
/// What stands in front of the content. Sets `frame.checksum`; the other fields are given.
std::string frame_header(const FileIdentity& identity, std::uint64_t number, Frame& frame, std::string_view content);
std::string index(const std::vector<Section>& sections, const std::vector<Frame>& frames);
std::string footer(const FileIdentity& identity, std::uint64_t index_offset, std::string_view index);
/// The number for the manifest. REQUIRES: a footer.
std::uint64_t footer_checksum(std::string_view footer);

struct Index {
  std::vector<Section> sections{};
  std::vector<Frame> frames{};
};
/// The index, frames one behind the other from `first_frame` on; nothing if it is not one.
std::optional<Index> read_index(std::string_view bytes, std::uint64_t first_frame);

/// Where the index is.
struct Footer {
  std::uint64_t index_offset = 0;
  std::uint64_t index_size = 0;
  std::uint64_t index_checksum = 0;
};
/// Nothing if it is not the footer of this file. REQUIRES: `footer_size` bytes.
std::optional<Footer> read_footer(const FileIdentity& identity, std::string_view bytes);
std::uint64_t index_checksum(const FileIdentity& identity, std::string_view index);

}  // namespace snapshot_format
}  // namespace streamwork::checkpoint
