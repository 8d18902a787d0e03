// The names of parts in a directory of text:
//
//   .rows.9f3c2a1b00112233.0.4                    being written, or prepared: attempt, instance, serial number
//   rows.000042.9f3c2a1b00112233.0.part           published with checkpoint 42
//
// The vertex' name comes first, with "%20" for what is no letter, digit, "_" or "-". Whatever has another shape is a file of
// somebody else. Thread rule: pure functions.
#pragma once

#include <optional>
#include <streamwork/connectors/text_target.hpp>
#include <string>
#include <string_view>

namespace streamwork {

/// A part that lies in the directory.
struct NamedPart {
  std::string vertex;  ///< as it stands in the name
  bool published = false;
  TextPart part{};  ///< `checkpoint` of published ones only, `serial` of others
};

/// The vertex' name as it stands in names of files; a very long one is cut off and told from others by its hash.
std::string vertex_in_name(std::string_view vertex);

/// `vertex` is as `vertex_in_name` returned it.
std::string published_name(const std::string& vertex, const TextPart& part);
std::string pending_name(const std::string& vertex, const TextPart& part);

/// Nothing, if the file is not ours.
std::optional<NamedPart> read_part_name(std::string_view name);

}  // namespace streamwork
