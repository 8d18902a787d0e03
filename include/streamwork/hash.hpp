// The hash of keys: the same number on every run, machine and compiler, since instances, key groups and stored state
// are found by it. It must never change; `src/base/hash_test.cpp` holds golden values.
//
//   std::uint32_t hash = sw::stable_hash(key);
//
// All 32 bits are good: the top bits choose a key group, the others index a table. Equal keys of related types have
// equal hashes: integers of any width and sign (5 and 5L), float and double, all kinds of strings, durations of any
// unit, an optional and the value in it. -0.0 hashes as 0.0, all NaNs as one. No value, 0 and the empty string are
// different.
//
// Keys: bool, characters, integers, enums, float, double, std::string, std::string_view, const char*, std::optional,
// std::pair, std::tuple, std::array, std::vector, chrono durations and time points, and plain structs of these.
// For any other type, write a function beside it that is found by its argument and returns an integer made of stable
// parts; it also takes precedence over the fields of a plain struct:
//   std::uint64_t stable_hash_value(const Account& account) { return sw::stable_hash(account.number()); }
//
// Thread rule: pure functions.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <streamwork/typed/reflection.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork {
namespace typed {

/// The upper 32 bits of the result depend on every bit of `x`. Two multiplications and shifts in between, as in the
/// finalisers of MurmurHash3 (Appleby) and SplitMix64 (Steele, Lea and Flood 2014), with the multipliers of Stafford's
/// variant 13.
constexpr std::uint64_t mix_upper(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15U;  // or else 0 would stay 0
  x = (x ^ (x >> 32U)) * 0xBF58476D1CE4E5B9U;
  return (x ^ (x >> 29U)) * 0x94D049BB133111EBU;
}

/// The same with 64 good bits. No two numbers have the same result.
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  const std::uint64_t mixed = mix_upper(x);
  return mixed ^ (mixed >> 32U);
}

/// XXH3 of 64 bits with seed 0.
std::uint64_t hash_bytes(std::string_view bytes) noexcept;

/// What stands for no value: an empty optional, a null pointer to characters.
inline constexpr std::uint64_t no_value_bits = 0x6E6F2076616C7565U;
/// What the hash of several parts begins with, so that none of them is not 0.
inline constexpr std::uint64_t compound_bits = 0x636F6D706F756E64U;

template <class T>
concept HasStableHashValue = (std::is_class_v<T> || std::is_enum_v<T>) && requires(const T& key) {
  { stable_hash_value(key) } -> std::integral;
};
template <class T>
concept StandardString = requires {
  typename T::traits_type;
  requires std::same_as<typename T::value_type, char>;
} && std::convertible_to<const T&, std::string_view>;
template <class T>
concept CharacterArray = std::is_array_v<T> && std::same_as<std::remove_cv_t<std::remove_extent_t<T>>, char>;
template <class T>
concept CharacterPointer = std::is_pointer_v<T> && std::same_as<std::remove_cv_t<std::remove_pointer_t<T>>, char>;
template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t Size>
inline constexpr bool is_std_array<std::array<T, Size>> = true;

// `number_bits` makes 64 bits of what is a number at heart: the same bits for equal numbers.

/// Whatever the width and sign. Characters have no sign on some machines, so they have none here.
template <std::integral Integer>
constexpr std::uint64_t number_bits(Integer value) noexcept {
  if constexpr (std::same_as<Integer, char> || std::same_as<Integer, wchar_t>) {
    return static_cast<std::make_unsigned_t<Integer>>(value);
  } else {
    return static_cast<std::uint64_t>(value);  // extends the sign, if there is one
  }
}

template <class Enum>
  requires std::is_enum_v<Enum>
constexpr std::uint64_t number_bits(Enum value) noexcept {
  return number_bits(static_cast<std::underlying_type_t<Enum>>(value));
}

template <class Floating>
  requires std::same_as<Floating, float> || std::same_as<Floating, double>
constexpr std::uint64_t number_bits(Floating value) noexcept {
  static_assert(std::numeric_limits<double>::is_iec559);
  constexpr std::uint64_t not_a_number = 0x7FF8000000000000U;
  return value != value ? not_a_number : std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : double{value});
}

/// Nanoseconds, modulo 2^64: the same for equal durations of whatever unit.
template <class Rep, class Period>
constexpr std::uint64_t number_bits(std::chrono::duration<Rep, Period> value) noexcept {
  using Nano = std::ratio_divide<Period, std::nano>;
  static_assert(std::integral<Rep> && Nano::den == 1,
                "streamwork: only durations with whole ticks of whole nanoseconds can be hashed");
  return number_bits(value.count()) * static_cast<std::uint64_t>(Nano::num);
}

template <class Clock, class Duration>
constexpr std::uint64_t number_bits(std::chrono::time_point<Clock, Duration> value) noexcept {
  return number_bits(value.time_since_epoch());
}

template <class K>
concept NumberKey = !HasStableHashValue<K> && requires(const K& key) { number_bits(key); };

template <class K>
constexpr std::uint64_t hash64(const K& key);

/// Takes one more part into the hash of a compound key; the order of the parts counts.
constexpr std::uint64_t combine(std::uint64_t hash, std::uint64_t part) noexcept {
  return mix64(hash * 0x9E3779B97F4A7C15U ^ part);
}

template <class List>
constexpr std::uint64_t hash_list(const List& list) {
  std::uint64_t hash = compound_bits + list.size();
  for (const typename List::value_type& element : list) hash = combine(hash, hash64(element));
  return mix64(hash);
}

template <class Row>
constexpr std::uint64_t hash_row(const Row& row) {
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    std::uint64_t hash = compound_bits + sizeof...(Index);
    ((hash = combine(hash, hash64(std::get<Index>(row)))), ...);
    return mix64(hash);
  }(std::make_index_sequence<std::tuple_size<Row>::value>{});
}

template <class Struct>
constexpr std::uint64_t hash_record(const Struct& key) {
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    std::uint64_t hash = compound_bits + sizeof...(Index);
    ((hash = combine(hash, hash64(field_at<Index>(key)))), ...);
    return mix64(hash);
  }(std::make_index_sequence<field_count<Struct>>{});
}

/// All 64 bits of a key's hash; `stable_hash` is the upper half.
template <class K>
constexpr std::uint64_t hash64(const K& key) {
  if constexpr (HasStableHashValue<K>) {
    return mix64(number_bits(stable_hash_value(key)));
  } else if constexpr (NumberKey<K>) {
    return mix64(number_bits(key));
  } else if constexpr (StandardString<K> || CharacterArray<K>) {
    return hash_bytes(std::string_view(key));
  } else if constexpr (CharacterPointer<K>) {
    return key == nullptr ? mix64(no_value_bits) : hash_bytes(std::string_view(key));
  } else if constexpr (is_optional<K>) {
    return key ? hash64(*key) : mix64(no_value_bits);
  } else if constexpr (GrowingList<K> || is_std_array<K>) {
    return hash_list(key);
  } else if constexpr (requires { std::tuple_size<K>::value; }) {
    return hash_row(key);
  } else {
    static_assert(Reflectable<K>,
                  "streamwork: this type cannot be a key; use a number, enum, string, time, std::optional, std::pair, "
                  "std::tuple, std::array, std::vector or plain struct of these, or write a function "
                  "std::uint64_t stable_hash_value(const K&) beside the type");
    return hash_record(key);
  }
}

}  // namespace typed

/// The hash of a key, stable for ever. For an integer it costs two multiplications.
template <class K>
constexpr std::uint32_t stable_hash(const K& key) {
  if constexpr (typed::NumberKey<K>) {
    return static_cast<std::uint32_t>(typed::mix_upper(typed::number_bits(key)) >> 32U);
  } else {
    return static_cast<std::uint32_t>(typed::hash64(key) >> 32U);
  }
}

/// The same as a function object.
struct StableHash {
  template <class K>
  constexpr std::uint32_t operator()(const K& key) const {
    return stable_hash(key);
  }
};

}  // namespace streamwork
