// Types whose encoding has a size, or a greatest size, that is known: one check is enough for all their fields.
//
// Numbers, enums and times stand as they lie in memory, least significant byte first. A struct, tuple or array is its parts
// one after the other, without padding; one without parts is a single byte 0, so that every value takes at least one byte.
// Thread rule: compile-time facts and pure functions.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/stored_shape.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

static_assert(std::endian::native == std::endian::little, "streamwork: only little-endian machines are supported");

consteval bool is_scalar(StoredShape shape) { return shape >= StoredShape::boolean && shape <= StoredShape::instant; }
consteval bool has_parts(StoredShape shape) {
  return shape == StoredShape::row || shape == StoredShape::members || shape == StoredShape::record;
}

/// The size of every value's encoding, or 0 if sizes differ.
template <class T>
consteval std::size_t fixed_size() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (is_scalar(shape)) {
    return sizeof(T);
  } else if constexpr (shape == StoredShape::array) {
    return std::tuple_size_v<T> == 0 ? 1 : std::tuple_size_v<T> * fixed_size<typename T::value_type>();
  } else if constexpr (has_parts(shape)) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) -> std::size_t {
      if constexpr (sizeof...(Index) == 0) return 1;
      const bool fixed = ((fixed_size<PartType<T, Index>>() != 0) && ...);
      return fixed ? (fixed_size<PartType<T, Index>>() + ... + 0) : 0;
    }(PartIndexes<T>{});
  } else {
    return 0;
  }
}
template <class T>
inline constexpr std::size_t encoded_size = fixed_size<T>();

/// The most bytes that a value's encoding may have, if that is known and not much; 0 otherwise. All of them are written with
/// one check.
template <class T>
consteval std::size_t bounded_size() {
  constexpr StoredShape shape = stored_shape<T>();
  constexpr std::size_t most = 1024;
  if constexpr (encoded_size<T> != 0) {
    return encoded_size<T>;
  } else if constexpr (shape == StoredShape::optional && requires { std::declval<T&>().emplace(); }) {
    constexpr std::size_t inner = bounded_size<typename T::value_type>();
    return inner == 0 || inner > most ? 0 : inner + 1;
  } else if constexpr (has_parts(shape)) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) -> std::size_t {
      if (((bounded_size<PartType<T, Index>>() == 0) || ...)) return 0;
      const std::size_t sum = (bounded_size<PartType<T, Index>>() + ... + 0);
      return sum > most ? 0 : sum;
    }(PartIndexes<T>{});
  } else {
    return 0;
  }
}

/// True of an enum like `enum Color { red, green };`: numbers that no value of it can have must not be made.
template <class T>
inline constexpr bool is_narrow_enum = std::is_enum_v<T> && !requires { T{std::underlying_type_t<T>{}}; };

/// True if the encoding is the value's memory, and any bytes are a value.
template <class T>
consteval bool is_memory() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (is_scalar(shape)) {
    if constexpr (shape == StoredShape::enumeration) {
      return !is_narrow_enum<T> && !std::same_as<std::underlying_type_t<T>, bool>;
    }
    return shape != StoredShape::boolean;
  } else if constexpr (shape == StoredShape::array) {
    return encoded_size<T> == sizeof(T) && std::tuple_size_v<T> != 0 && is_memory<typename T::value_type>();
  } else if constexpr (shape == StoredShape::record) {
    // Fields lie in the order of declaration; without padding they lie side by side.
    if constexpr (std::is_trivially_copyable_v<T> && encoded_size<T> == sizeof(T) && field_count<T> != 0) {
      return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return (is_memory<PartType<T, Index>>() && ...);
      }(PartIndexes<T>{});
    }
    return false;
  } else {
    return false;
  }
}

/// A vector whose elements are encoded as they lie in memory, all at once.
template <class List>
inline constexpr bool is_memory_list = false;
template <class T, class Allocator>
  requires(!std::same_as<T, bool>)
inline constexpr bool is_memory_list<std::vector<T, Allocator>> = is_memory<T>();

/// Writes a value to `at` and returns the end. REQUIRES: room for `bounded_size<T>()`, which is known.
template <class T>
std::byte* encode_bounded(const T& value, std::byte* at) noexcept {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (is_scalar(shape) || is_memory<T>()) {
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
  } else if constexpr (shape == StoredShape::optional) {
    const bool has_value = value.has_value();
    std::memcpy(at++, &has_value, 1);
    return has_value ? encode_bounded(*value, at) : at;
  } else if constexpr (shape == StoredShape::array) {
    if constexpr (std::tuple_size_v<T> == 0) *at++ = std::byte{0};
    for (const auto& element : value) at = encode_bounded(element, at);
    return at;
  } else {
    if constexpr (part_count<T>() == 0) *at++ = std::byte{0};
    with_parts(value, [&](const auto&... part) { ((at = encode_bounded(part, at)), ...); });
    return at;
  }
}

/// The greatest value of a narrow enum, as far as its names tell: all bits set that any named one has.
template <class Enum>
constexpr std::int64_t largest_narrow_value = [] {
  const EnumTable table = EnumNames<Enum>::table;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < table.size; ++i) {
    const std::int64_t value = table.values[i];
    bits |= static_cast<std::uint64_t>(value < 0 ? ~value : value);
  }
  return static_cast<std::int64_t>((std::uint64_t{1} << std::bit_width(bits)) - 1);
}();

/// Reads an enum; `wrong` is set if it can have no such value.
template <class Enum>
void decode_enum(Enum& value, const std::byte* at, bool& wrong) noexcept {
  using Number = std::underlying_type_t<Enum>;
  if constexpr (std::same_as<Number, bool>) {
    wrong |= *at > std::byte{1};
    value = static_cast<Enum>((*at & std::byte{1}) != std::byte{0});
  } else {
    Number number;
    std::memcpy(&number, at, sizeof number);
    if constexpr (is_narrow_enum<Enum> && EnumNames<Enum>::table.size > 0) {
      constexpr std::int64_t largest = largest_narrow_value<Enum>;
      const auto wide = static_cast<std::int64_t>(number);
      if (wide > largest || wide < (std::is_signed_v<Number> ? -largest - 1 : 0)) {
        wrong = true;
        number = 0;
      }
    }
    value = static_cast<Enum>(number);
  }
}

/// Calls `restored` of a class that has it; false if the class says that its fields do not fit together.
template <class T>
bool call_restored(T& value) {
  if constexpr (requires {
                  { value.restored() } -> std::same_as<bool>;
                }) {
    return value.restored();
  } else if constexpr (requires { value.restored(); }) {
    value.restored();
  }
  return true;
}

/// Reads a value of fixed size; `wrong` is set if the bytes are none. REQUIRES: `encoded_size<T>` bytes at `at`.
template <class T>
const std::byte* decode_fixed(T& value, const std::byte* at, bool& wrong) {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::boolean) {
    wrong |= *at > std::byte{1};
    value = (*at & std::byte{1}) != std::byte{0};
    return at + 1;
  } else if constexpr (shape == StoredShape::enumeration) {
    decode_enum(value, at, wrong);
    return at + sizeof value;
  } else if constexpr (is_scalar(shape) || is_memory<T>()) {
    std::memcpy(&value, at, sizeof value);
    return at + sizeof value;
  } else if constexpr (shape == StoredShape::array) {
    if constexpr (std::tuple_size_v<T> == 0) {
      wrong |= *at++ != std::byte{0};
    } else {
      for (auto& element : value) at = decode_fixed(element, at, wrong);
    }
    return at;
  } else {
    if constexpr (part_count<T>() == 0) {
      wrong |= *at++ != std::byte{0};
    } else {
      with_parts(value, [&](auto&... part) { ((at = decode_fixed(part, at, wrong)), ...); });
    }
    if constexpr (shape == StoredShape::members) wrong |= !call_restored(value);
    return at;
  }
}

}  // namespace streamwork::typed
