// Reads values that `encode` wrote, of exactly the same type; any other bytes end in `StoredDataError` or in some value.
// For bytes of an older program see value_codec.hpp.
// Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/fixed_encoding.hpp>
#include <streamwork/typed/stored_shape.hpp>
#include <utility>
#include <variant>

namespace streamwork::typed {

template <Storable T>
void decode(ByteReader& reader, T& value);

/// Makes room for elements to come. A length alone does not make us take more than this; further room is made as the
/// elements turn up.
template <class List>
void reserve_for(List& list, std::size_t count) {
  constexpr std::size_t most_bytes = 1U << 20U;
  if constexpr (requires { list.reserve(count); })
    list.reserve(std::min(count, most_bytes / sizeof(typename List::value_type) + 1));
}

/// Appends the element that `read(element)` reads.
template <class List, class Read>
void append_element(List& list, Read&& read) {
  if constexpr (requires {
                  { list.emplace_back() } -> std::same_as<Element<List>&>;
                }) {
    read(list.emplace_back());
  } else {
    Element<List> element{};
    read(element);
    if constexpr (StoredSet<List>) {
      list.insert(list.end(), std::move(element));
    } else {
      list.push_back(std::move(element));
    }
  }
}

/// Engages an optional or a std::unique_ptr, with a new value, and returns it.
template <class Optional>
Element<Optional>& engage(Optional& optional) {
  if constexpr (requires { optional.emplace(); }) {
    return optional.emplace();
  } else {
    optional = std::make_unique<Element<Optional>>();
    return *optional;
  }
}

/// Gives a variant the alternative of this number, with a new value, and calls `read(alternative)`.
template <class Variant, class Read>
void emplace_alternative(Variant& variant, std::size_t number, Read&& read) {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    ((Index == number ? read(variant.template emplace<Index>()) : void()), ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class List>
void decode_list(ByteReader& reader, List& list) {
  constexpr std::size_t element_size = encoded_size<Element<List>>;
  const std::size_t count = reader.get_count(element_size == 0 ? 1 : element_size);
  list.clear();
  if constexpr (is_memory_list<List>) {
    const std::byte* bytes = reader.take(count * element_size);
    list.resize(count);
    if (count != 0) std::memcpy(list.data(), bytes, count * element_size);
  } else {
    reserve_for(list, count);
    for (std::size_t i = 0; i < count; ++i)
      append_element(list, [&](Element<List>& element) { decode(reader, element); });
  }
}

template <class Map>
void decode_map(ByteReader& reader, Map& map) {
  const std::size_t count = reader.get_count(2);
  map.clear();
  reserve_for(map, count);
  for (std::size_t i = 0; i < count; ++i) {
    typename Map::key_type key{};
    typename Map::mapped_type mapped{};
    decode(reader, key);
    decode(reader, mapped);
    map.emplace(std::move(key), std::move(mapped));
  }
}

template <class Variant>
void decode_variant(ByteReader& reader, Variant& variant) {
  const std::uint64_t number = reader.get_length();
  if (number >= std::variant_size_v<Variant>) reader.refuse("a variant has no alternative of that number");
  emplace_alternative(variant, number, [&](auto& alternative) { decode(reader, alternative); });
}

template <class T>
void decode_nested(ByteReader& reader, T& value) {
  constexpr StoredShape shape = stored_shape<T>();
  reader.enter();
  if constexpr (shape == StoredShape::optional) {
    if (reader.get_flag()) {
      decode(reader, engage(value));
    } else {
      value.reset();
    }
  } else if constexpr (shape == StoredShape::list) {
    decode_list(reader, value);
  } else if constexpr (shape == StoredShape::map) {
    decode_map(reader, value);
  } else {
    decode_variant(reader, value);
  }
  reader.leave();
}

/// Reads a value into `value`, whatever it was before. Throws `StoredDataError`; then `value` may be anything.
template <Storable T>
void decode(ByteReader& reader, T& value) {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (encoded_size<T> != 0) {
    bool wrong = false;
    decode_fixed(value, reader.take(encoded_size<T>), wrong);
    if (wrong) [[unlikely]]
      reader.refuse("a value is none of its type");
  } else if constexpr (shape == StoredShape::string) {
    value = reader.get_text();
  } else if constexpr (shape == StoredShape::array) {
    for (auto& element : value) decode(reader, element);
  } else if constexpr (has_parts(shape)) {
    with_parts(value, [&](auto&... part) { (decode(reader, part), ...); });
    if constexpr (shape == StoredShape::members) {
      if (!call_restored(value)) reader.refuse("the parts of a value do not fit together");
    }
  } else {
    decode_nested(reader, value);
  }
}

}  // namespace streamwork::typed
