// Writes a value as bytes, and reads it back: the part of the codec that the compiler makes for each type.
//
// Fixed sizes: see fixed_encoding.hpp. An optional is a byte 0 or 1 and then the value; a string, list or map is its length
// and then its elements; a variant is the number of the alternative and then its value. The exact rules are in
// docs/internals/state-encoding.md.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <streamwork/typed/byte_writer.hpp>
#include <streamwork/typed/fixed_encoding.hpp>
#include <streamwork/typed/stored_shape.hpp>
#include <utility>
#include <variant>

namespace streamwork::typed {

template <Storable T>
void encode(const T& value, ByteWriter& writer);

template <class List>
void encode_list(const List& list, ByteWriter& writer) {
  writer.put_length(list.size());
  if constexpr (is_memory_list<List>) {
    writer.put_bytes(list.data(), list.size() * sizeof(Element<List>));
  } else {
    for (const Element<List>& element : list) encode(element, writer);
  }
}

template <class Variant>
void encode_variant(const Variant& variant, ByteWriter& writer) {
  if (variant.valueless_by_exception()) throw std::logic_error("a std::variant without a value cannot be stored");
  writer.put_length(variant.index());
  std::visit([&](const auto& value) { encode(value, writer); }, variant);
}

/// What may hold further values of its own type.
template <class T>
void encode_nested(const T& value, ByteWriter& writer) {
  constexpr StoredShape shape = stored_shape<T>();
  writer.enter();
  if constexpr (shape == StoredShape::optional) {
    const bool has_value = static_cast<bool>(value);
    writer.put(has_value);
    if (has_value) encode(*value, writer);
  } else if constexpr (shape == StoredShape::list) {
    encode_list(value, writer);
  } else if constexpr (shape == StoredShape::map) {
    writer.put_length(value.size());
    for (const auto& [key, mapped] : value) {
      encode(key, writer);
      encode(mapped, writer);
    }
  } else {
    encode_variant(value, writer);
  }
  writer.leave();
}

/// Appends a value. Throws `std::length_error` if it is nested deeper than `deepest_nesting`.
template <Storable T>
void encode(const T& value, ByteWriter& writer) {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (bounded_size<T>() != 0) {
    writer.put_up_to(bounded_size<T>(), [&](std::byte* place) { return encode_bounded(value, place); });
  } else if constexpr (shape == StoredShape::string) {
    writer.put_text(value);
  } else if constexpr (shape == StoredShape::array) {
    for (const auto& element : value) encode(element, writer);
  } else if constexpr (has_parts(shape)) {
    with_parts(value, [&](const auto&... part) { (encode(part, writer), ...); });
  } else {
    encode_nested(value, writer);
  }
}

}  // namespace streamwork::typed
