// What the entries of a section of a snapshot are made of: parts with a name and a schema each, one after the other. The entries
// of keyed state have a part "key" and one for every state of the vertex; those of everything else one part without a name.
// Thread rule: plain values.
#pragma once

#include <span>
#include <streamwork/typed/stored_type.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::typed {

/// The part of keyed state that is no state.
inline constexpr std::string_view key_part = "key";

struct EntryPart {
  std::string name;
  Schema schema;
  friend bool operator==(const EntryPart&, const EntryPart&) = default;
};

/// The binary form; docs/internals/checkpoint-format.md describes it.
std::string entry_schema_bytes(const std::vector<EntryPart>& parts);
/// The same for entries that are values of one type.
std::string entry_schema_of(const Schema& schema);
/// Reads it. Throws `StoredDataError`.
std::vector<EntryPart> read_entry_schema(std::string_view bytes);

template <class T>
std::string entry_schema_of() {
  return entry_schema_of(schema_of<T>());
}

}  // namespace streamwork::typed
