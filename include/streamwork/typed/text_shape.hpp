// What a type looks like as text: the one classification that the JSON and CSV readers and writers share.
// Thread rule: compile-time facts.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ratio>
#include <streamwork/typed/reflection.hpp>
#include <streamwork/typed/tick_text.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

enum class TextShape : std::uint8_t {
  none,  ///< has no form as text
  boolean,
  character,  ///< `char`: a string of one character, unlike the numbers `signed char` and `unsigned char`
  integer,
  floating,  ///< float, double
  enumeration,
  string,       ///< std::string
  string_view,  ///< std::string_view: can be written, not read
  optional,
  ticks,    ///< duration: milliseconds
  instant,  ///< time point: milliseconds since its clock's epoch
  list,     ///< std::vector and what grows like it
  row,      ///< a fixed number of values: std::array, std::pair, std::tuple
  map,      ///< string to value: std::map, std::unordered_map
  record,   ///< plain struct
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_ticks = false;
template <std::integral Rep, class Period>
inline constexpr bool is_ticks<std::chrono::duration<Rep, Period>> = std::ratio_divide<Period, std::nano>::den == 1;

template <class T>
inline constexpr bool is_instant = false;
template <class Clock, class Duration>
inline constexpr bool is_instant<std::chrono::time_point<Clock, Duration>> = is_ticks<Duration>;

template <class T>
concept GrowingList = requires(T list, typename T::value_type value) {
  list.push_back(std::move(value));
  list.begin();
  list.size();
};

template <class T>
concept StringMap = requires(T map, typename T::mapped_type value) {
  requires std::same_as<typename T::key_type, std::string>;
  map.try_emplace(std::string{}, std::move(value));
};

template <class T>
concept NumberLike = std::integral<T> && !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                     !std::same_as<T, char16_t> && !std::same_as<T, char32_t> && sizeof(T) <= 8;

template <class T>
consteval TextShape text_shape() {
  if (std::same_as<T, bool>) return TextShape::boolean;
  if (std::same_as<T, char>) return TextShape::character;
  if (NumberLike<T>) return TextShape::integer;
  if (std::same_as<T, float> || std::same_as<T, double>) return TextShape::floating;
  if (std::is_enum_v<T>) return TextShape::enumeration;
  if (std::same_as<T, std::string>) return TextShape::string;
  if (std::same_as<T, std::string_view>) return TextShape::string_view;
  if (is_optional<T>) return TextShape::optional;
  if (is_ticks<T>) return TextShape::ticks;
  if (is_instant<T>) return TextShape::instant;
  if (StringMap<T>) return TextShape::map;
  if (GrowingList<T>) return TextShape::list;
  if (requires { std::tuple_size<T>::value; }) return TextShape::row;
  if (Reflectable<T>) return TextShape::record;
  return TextShape::none;
}

/// True if a value can be written as text, with everything in it. `Outer`: the types that are being looked at, since a
/// struct may hold a list of its own kind.
template <class T, class... Outer>
consteval bool has_text_form() {
  constexpr TextShape shape = text_shape<T>();
  if constexpr ((std::same_as<T, Outer> || ...)) {
    return true;
  } else if constexpr (shape == TextShape::optional || shape == TextShape::list) {
    return has_text_form<typename T::value_type, T, Outer...>();
  } else if constexpr (shape == TextShape::map) {
    return has_text_form<typename T::mapped_type, T, Outer...>();
  } else if constexpr (shape == TextShape::row) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (has_text_form<std::tuple_element_t<Index, T>, T, Outer...>() && ...);
    }(std::make_index_sequence<std::tuple_size<T>::value>{});
  } else if constexpr (shape == TextShape::record) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (has_text_form<field_type<T, Index>, T, Outer...>() && ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return shape != TextShape::none;
  }
}

/// How the ticks of a duration are laid out: three decimals of a millisecond, or six if they are finer.
template <class Duration>
consteval TickFormat tick_format() {
  using Micro = std::ratio_divide<typename Duration::period, std::micro>;
  using Nano = std::ratio_divide<typename Duration::period, std::nano>;
  return Micro::den == 1 ? TickFormat{3, Micro::num} : TickFormat{6, Nano::num};
}

}  // namespace streamwork::typed
