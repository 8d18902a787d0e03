// Small things in a checkpoint, as lists of values: written and read in one line.
#pragma once

#include <cstdint>
#include <memory>
#include <ranges>
#include <streamwork/typed/entry_schema.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// Saves the values of a range as one section of a vertex instance.
template <class T, std::ranges::input_range Values>
void save_entries(SnapshotTarget& target, const VertexInstance& vertex, const char* kind, const Values& values) {
  ByteWriter writer;
  std::uint64_t entries = 0;
  for (const T& value : values) {
    encode(value, writer);
    ++entries;
  }
  target.add(target.add_section(vertex, kind, entry_schema_of<T>()), no_key_group, entries, writer.bytes());
}

/// Reads the values of a frame. Throws what `ValueCodec::reader` throws, and `std::runtime_error` if they have several parts.
std::unique_ptr<ValueReader> entry_reader(const StoredFrame& frame, const ValueCodec& codec);

/// Appends the values of a frame, each read into a copy of `initial`.
template <class T>
void read_entries(const StoredFrame& frame, std::vector<T>& values, const T& initial) {
  const std::unique_ptr<ValueReader> stored = entry_reader(frame, value_codec<T>);
  ByteReader reader(frame.bytes);
  for (std::uint64_t i = 0; i < frame.entries; ++i) stored->read(reader, stored_place(values.emplace_back(initial)));
}

/// The values that were saved as one kind, each with the instance that saved it, in the order of the instances.
template <class T>
std::vector<std::pair<std::int64_t, T>> saved_entries(const RestoredState& restored, const std::string& vertex,
                                                      const char* kind, const T& initial = T{}) {
  std::vector<std::pair<std::int64_t, T>> entries;
  restored.for_each(vertex, kind, [&](const StoredFrame& frame) {
    std::vector<T> values;
    read_entries(frame, values, initial);
    for (T& value : values) entries.emplace_back(frame.instance, std::move(value));
  });
  return entries;
}

// The same for numbers, compiled once.
void save_numbers(SnapshotTarget& target, const VertexInstance& vertex, const char* kind,
                  const std::vector<std::uint64_t>& numbers);
std::vector<std::uint64_t> read_numbers(const RestoredState& restored, const std::string& vertex, const char* kind);

}  // namespace streamwork::typed
