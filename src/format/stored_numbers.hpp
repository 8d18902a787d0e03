// Numbers in stored bytes whose type is known from a schema alone.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/schema.hpp>

namespace streamwork::format {

/// The bytes of a number, a bool or a char.
constexpr std::size_t number_size(typed::SchemaKind kind) {
  constexpr std::uint8_t sizes[] = {0, 1, 1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8};
  return sizes[static_cast<std::size_t>(kind)];
}
constexpr bool is_floating(typed::SchemaKind kind) {
  return kind == typed::SchemaKind::f32 || kind == typed::SchemaKind::f64;
}
constexpr bool is_signed_integer(typed::SchemaKind kind) {
  return kind >= typed::SchemaKind::i8 && kind <= typed::SchemaKind::i64;
}
constexpr bool is_unsigned_integer(typed::SchemaKind kind) {
  return kind >= typed::SchemaKind::u8 && kind <= typed::SchemaKind::u64;
}

/// An integer, bool or char; of an unsigned one with 64 bits, the same bits.
inline std::int64_t read_integer(typed::ByteReader& reader, typed::SchemaKind kind) {
  const std::size_t size = number_size(kind);
  std::uint64_t bits = 0;
  std::memcpy(&bits, reader.take(size), size);
  if (kind == typed::SchemaKind::boolean && bits > 1) reader.refuse("a bool is neither 0 nor 1");
  const auto unused = static_cast<unsigned>(64 - 8 * size);
  if (!is_signed_integer(kind)) return static_cast<std::int64_t>(bits);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

/// REQUIRES: `is_floating(kind)`.
inline double read_floating(typed::ByteReader& reader, typed::SchemaKind kind) {
  if (kind == typed::SchemaKind::f32) return static_cast<double>(reader.get<float>());
  return reader.get<double>();
}

/// How many frames a function may stand in that follows a schema through bytes: a value may be nested in lists
/// `typed::deepest_nesting` deep, with a struct or two between each. Of the stack, that is a megabyte or two.
inline constexpr std::size_t deepest_frames = 3 * typed::deepest_nesting;

/// Reads the byte that stands for a struct, tuple or array without parts.
inline void read_nothing(typed::ByteReader& reader) {
  if (*reader.take(1) != std::byte{0}) reader.refuse("a value without parts is not 0");
}

}  // namespace streamwork::format
