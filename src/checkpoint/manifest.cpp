#include "checkpoint/manifest.hpp"

#include <optional>
#include <set>
#include <stdexcept>
#include <streamwork/json.hpp>
#include <utility>

#include "checkpoint/checked_lines.hpp"
#include "checkpoint/checksum.hpp"
#include "checkpoint/damage.hpp"
#include "format/utf8.hpp"

namespace streamwork::checkpoint {

namespace {

// The lines as JSON knows them; the names of their fields are those of the format.

constexpr std::string_view format_name = "streamwork checkpoint";

struct CheckpointJson {
  std::uint64_t number;
  Kind kind;
  std::string job;
  std::string delivery;
  ProcessingTime created;
};
struct FileJson {
  std::string name;
  std::uint64_t size;
  std::uint64_t frames;
  std::uint64_t entries;
  std::string checksum;
};
struct StoreFileJson {
  std::string name;
  std::uint64_t size;
  std::vector<std::string> checksums;
};
/// Bytes are text if they are printable ASCII, so that a person can read them, else digits of base 16.
struct EntryTextJson {
  std::string vertex;
  std::int64_t instance;
  std::string kind;
  std::string text;
};
struct EntryBytesJson {
  std::string vertex;
  std::int64_t instance;
  std::string kind;
  std::string hex;
};
struct EntryJson {
  std::string vertex;
  std::int64_t instance;
  std::string kind;
  std::optional<std::string> text;
  std::optional<std::string> hex;
};
struct EndJson {
  std::uint64_t lines;
};

/// What every version of the format begins with.
struct FormatLine {
  std::string format;
  std::uint32_t version;
};
struct FirstLine {
  std::string format;
  std::uint32_t version;
  CheckpointJson checkpoint;
};
struct FileLine {
  FileJson file;
};
struct StoreFileLine {
  StoreFileJson store_file;
};
struct VertexLine {
  VertexRecord vertex;
};
struct EntryTextLine {
  EntryTextJson entry;
};
struct EntryBytesLine {
  EntryBytesJson entry;
};
struct EndLine {
  EndJson end;
};
struct AnyLine {
  std::optional<FileJson> file;
  std::optional<StoreFileJson> store_file;
  std::optional<VertexRecord> vertex;
  std::optional<EntryJson> entry;
  std::optional<EndJson> end;
};

constexpr std::string_view digits = "0123456789abcdef";

bool is_plain_text(std::string_view bytes) {
  for (const char c : bytes) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

std::string hex_of(std::string_view bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4U];
    hex += digits[byte & 0xFU];
  }
  return hex;
}

std::optional<std::string> bytes_of(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = digits.find(hex[i]);
    const std::size_t low = digits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

void check_text(const std::string& text, const char* what) {
  if (format::first_invalid_utf8(text) == text.size()) return;
  throw std::invalid_argument(std::string("a checkpoint cannot hold a ") + what +
                              " that is no valid UTF-8: " + hex_of(text) + " (in base 16); choose another one");
}

void check_writable(const Manifest& manifest) {
  check_text(manifest.job, "job's name");
  check_text(manifest.delivery, "delivery");
  for (const VertexRecord& vertex : manifest.vertices) {
    check_text(vertex.name, "vertex name");
    check_text(vertex.kind, "vertex kind");
  }
  for (const Entry& entry : manifest.entries) {
    check_text(entry.vertex, "vertex name");
    check_text(entry.kind, "kind of entry");
  }
  std::set<std::string> names;
  const auto check_name = [&](const std::string& name) {
    if (!is_snapshot_name(name)) throw std::invalid_argument("'" + name + "' is no name of a snapshot file");
    if (!names.insert(name).second) throw std::invalid_argument("two snapshot files named '" + name + "'");
  };
  for (const FileSummary& file : manifest.files) check_name(file.name);
  for (const CheckedFile& file : manifest.store_files) check_name(file.name);
}

std::string line_of(const CheckedFile& file) {
  StoreFileLine line{{file.name, file.size, {}}};
  for (const std::uint64_t sum : file.checksums) line.store_file.checksums.push_back(checksum_text(sum));
  return to_json(line);
}

std::string line_of(const Entry& entry) {
  if (is_plain_text(entry.bytes)) {
    return to_json(EntryTextLine{{entry.vertex, entry.instance, entry.kind, entry.bytes}});
  }
  return to_json(EntryBytesLine{{entry.vertex, entry.instance, entry.kind, hex_of(entry.bytes)}});
}

/// Reads lines that are sound by their checksums; what they say may still be anything.
class ManifestReader {
 public:
  ManifestReader(std::string_view text, const std::string& path) : lines_(text, path), path_(path) {}

  Manifest read() {
    if (lines_.at_end()) lines_.fail("the file is empty");
    read_first_line(lines_.next());
    while (!ended_) {
      if (lines_.at_end()) lines_.fail("the file ends behind this line; lines are missing");
      read_line(parsed<AnyLine>(lines_.next()));
    }
    if (!lines_.at_end()) {
      lines_.next();
      lines_.fail("nothing should follow the end");
    }
    return std::move(manifest_);
  }

 private:
  template <class Line>
  Line parsed(std::string_view line) {
    try {
      return from_json<Line>(line);
    } catch (const BadEvent& error) {
      lines_.fail(error.what());
    }
  }

  void read_first_line(std::string_view line) {
    const auto format = parsed<FormatLine>(line);
    if (format.format != format_name) lines_.fail("this is no manifest of a checkpoint");
    if (format.version > manifest_version) throw NewerFormat(path_, format.version, manifest_version);
    auto first = parsed<FirstLine>(line).checkpoint;
    manifest_.number = first.number;
    manifest_.kind = first.kind;
    manifest_.job = std::move(first.job);
    manifest_.delivery = std::move(first.delivery);
    manifest_.created = first.created;
  }

  void read_line(AnyLine line) {
    if (line.file.has_value() + line.store_file.has_value() + line.vertex.has_value() + line.entry.has_value() +
            line.end.has_value() !=
        1) {
      lines_.fail("the line is neither a file nor a vertex, an entry or the end");
    }
    if (line.file) read_file(std::move(*line.file));
    if (line.store_file) read_store_file(std::move(*line.store_file));
    if (line.vertex) manifest_.vertices.push_back(std::move(*line.vertex));
    if (line.entry) read_entry(std::move(*line.entry));
    if (!line.end) return;
    ended_ = true;
    if (line.end->lines != lines_.lines()) lines_.fail("there are fewer lines than were written");
  }

  void read_file(FileJson file) {
    const auto sum = read_checksum(file.checksum);
    if (!sum || !is_snapshot_name(file.name)) lines_.fail("this does not describe a snapshot file");
    manifest_.files.push_back({std::move(file.name), file.size, file.frames, file.entries, *sum});
  }

  void read_store_file(StoreFileJson file) {
    CheckedFile read{std::move(file.name), file.size, {}};
    for (const std::string& text : file.checksums) {
      const auto sum = read_checksum(text);
      if (!sum) lines_.fail("this does not describe a file of a store");
      read.checksums.push_back(*sum);
    }
    if (!is_snapshot_name(read.name)) lines_.fail("this does not describe a file of a store");
    manifest_.store_files.push_back(std::move(read));
  }

  void read_entry(EntryJson entry) {
    if (entry.hex.has_value() == entry.text.has_value()) lines_.fail("the entry has no bytes, or has them twice");
    const auto bytes = entry.hex ? bytes_of(*entry.hex) : entry.text;
    if (!bytes) lines_.fail("the bytes of the entry are no digits of base 16");
    manifest_.entries.push_back({std::move(entry.vertex), entry.instance, std::move(entry.kind), *bytes});
  }

  CheckedLinesReader lines_;
  const std::string& path_;
  Manifest manifest_;
  bool ended_ = false;
};

}  // namespace

std::string manifest_text(const Manifest& manifest) {
  check_writable(manifest);
  CheckedLinesWriter lines;
  lines.add(to_json(FirstLine{std::string(format_name),
                              manifest.store_files.empty() ? 1 : manifest_version,
                              {manifest.number, manifest.kind, manifest.job, manifest.delivery, manifest.created}}));
  for (const FileSummary& file : manifest.files) {
    lines.add(to_json(FileLine{{file.name, file.size, file.frames, file.entries, checksum_text(file.checksum)}}));
  }
  for (const CheckedFile& file : manifest.store_files) lines.add(line_of(file));
  for (const VertexRecord& vertex : manifest.vertices) lines.add(to_json(VertexLine{vertex}));
  for (const Entry& entry : manifest.entries) lines.add(line_of(entry));
  lines.add(to_json(EndLine{{lines.lines() + 1}}));
  if (lines.text().size() > most_manifest_bytes) {
    throw std::length_error("the manifest of checkpoint " + std::to_string(manifest.number) +
                            " would have more than 1 GiB: entries are for small things, others go into snapshots");
  }
  return lines.text();
}

Manifest read_manifest(std::string_view text, const std::string& path) { return ManifestReader(text, path).read(); }

}  // namespace streamwork::checkpoint
