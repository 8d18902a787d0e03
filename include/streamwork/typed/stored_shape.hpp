// What a type looks like in stored bytes, and which types can be stored at all.
// Thread rule: compile-time facts.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/stored.hpp>
#include <streamwork/typed/reflection.hpp>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace streamwork::typed {

enum class StoredShape : std::uint8_t {
  none,  ///< cannot be stored
  boolean,
  number,  ///< integers, char, float, double
  enumeration,
  ticks,    ///< duration
  instant,  ///< time point
  string,
  optional,  ///< std::optional, std::unique_ptr
  list,      ///< std::vector, std::deque, std::list, sets
  map,       ///< from key to value
  array,     ///< std::array
  row,       ///< std::pair, std::tuple
  variant,
  members,  ///< a class that names its fields itself
  record,   ///< plain struct
};

template <class T>
concept NamesItsFields = requires(T& value) {
  T::stored_fields(value);
  std::tuple_size<decltype(T::stored_fields(value))>::value;
};

template <class T>
concept StoredNumber = (std::integral<T> && sizeof(T) <= 8 && !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                        !std::same_as<T, char16_t> && !std::same_as<T, char32_t>) ||
                       std::same_as<T, float> || std::same_as<T, double>;

template <class T>
inline constexpr StoredShape known_shape = StoredShape::none;
template <class Allocator>
inline constexpr StoredShape known_shape<std::basic_string<char, std::char_traits<char>, Allocator>> =
    StoredShape::string;
template <class T>
inline constexpr StoredShape known_shape<std::optional<T>> = StoredShape::optional;
template <class T>
  requires(!std::is_array_v<T>)
inline constexpr StoredShape known_shape<std::unique_ptr<T>> = StoredShape::optional;
template <StoredNumber Rep, class Period>
inline constexpr StoredShape known_shape<std::chrono::duration<Rep, Period>> = StoredShape::ticks;
/// What a steady clock says means nothing after a restart.
template <class Clock>
concept SteadyClock = requires { requires Clock::is_steady; };
template <class Clock, class Duration>
  requires(known_shape<Duration> == StoredShape::ticks && !SteadyClock<Clock>)
inline constexpr StoredShape known_shape<std::chrono::time_point<Clock, Duration>> = StoredShape::instant;
template <class T, std::size_t Size>
inline constexpr StoredShape known_shape<std::array<T, Size>> = StoredShape::array;
template <class First, class Second>
inline constexpr StoredShape known_shape<std::pair<First, Second>> = StoredShape::row;
template <class... Parts>
inline constexpr StoredShape known_shape<std::tuple<Parts...>> = StoredShape::row;
template <class... Parts>
inline constexpr StoredShape known_shape<std::variant<Parts...>> = StoredShape::variant;

template <class T>
concept StoredContainer = requires(T container, const T& constant) {
  typename T::value_type;
  container.clear();
  { constant.size() } -> std::convertible_to<std::size_t>;
  constant.begin() == constant.end();
};
template <class T>
concept StoredMap = StoredContainer<T> && requires(T map) {
  typename T::key_type;
  map.emplace(std::declval<typename T::key_type>(), std::declval<typename T::mapped_type>());
};
template <class T>
concept StoredSet = StoredContainer<T> && requires(T set) {
  requires std::same_as<typename T::key_type, typename T::value_type>;
  set.insert(std::declval<typename T::value_type>());
};
template <class T>
concept StoredList = StoredSet<T> || (StoredContainer<T> &&
                                      requires(T list) { list.push_back(std::declval<typename T::value_type>()); });

template <class T>
consteval StoredShape stored_shape() {
  if constexpr (!std::same_as<T, std::remove_cvref_t<T>> || requires { typename T::not_stored; }) {
    return StoredShape::none;
  } else if constexpr (std::same_as<T, bool>) {
    return StoredShape::boolean;
  } else if constexpr (StoredNumber<T>) {
    return StoredShape::number;
  } else if constexpr (std::is_enum_v<T>) {
    return StoredShape::enumeration;
  } else if constexpr (!std::is_class_v<T>) {
    return StoredShape::none;
  } else if constexpr (known_shape<T> != StoredShape::none) {
    return known_shape<T>;
  } else if constexpr (NamesItsFields<T>) {
    return StoredShape::members;
  } else if constexpr (StoredMap<T>) {
    return StoredShape::map;
  } else if constexpr (StoredList<T>) {
    return StoredShape::list;
  } else if constexpr (Reflectable<T>) {
    return StoredShape::record;
  } else {
    return StoredShape::none;
  }
}

// The fields of a struct, members of a class, parts of a row, in one way.

template <class T>
consteval std::size_t part_count() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::members) {
    return std::tuple_size_v<decltype(T::stored_fields(std::declval<T&>()))>;
  } else if constexpr (shape == StoredShape::record) {
    return field_count<T>;
  } else {
    return std::tuple_size_v<T>;
  }
}

template <class T>
using PartIndexes = std::make_index_sequence<part_count<T>()>;

/// Calls `visit` with all parts at once.
template <class T, class Visit>
constexpr decltype(auto) with_parts(T& value, Visit&& visit) {
  using Whole = std::remove_const_t<T>;
  constexpr StoredShape shape = stored_shape<Whole>();
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) -> decltype(auto) {
    if constexpr (shape == StoredShape::members) {
      auto members = Whole::stored_fields(value);
      return visit(std::get<Index>(members).field...);
    } else if constexpr (shape == StoredShape::record) {
      return visit(field_at<Index>(value)...);
    } else {
      return visit(std::get<Index>(value)...);
    }
  }(PartIndexes<Whole>{});
}

template <class T, std::size_t Index>
consteval auto part_type_of() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::members) {
    using Members = decltype(T::stored_fields(std::declval<T&>()));
    return std::type_identity<typename std::tuple_element_t<Index, Members>::type>();
  } else if constexpr (shape == StoredShape::record) {
    return std::type_identity<std::remove_reference_t<decltype(field_at<Index>(std::declval<T&>()))>>();
  } else {
    return std::type_identity<std::tuple_element_t<Index, T>>();
  }
}
/// The type of a part; const if the part cannot be written to.
template <class T, std::size_t Index>
using PartType = typename decltype(part_type_of<T, Index>())::type;

template <class T>
struct ElementOf {
  using type = typename T::value_type;
};
template <class T>
struct ElementOf<std::unique_ptr<T>> {
  using type = T;
};
/// What is inside an optional, a list or an array.
template <class T>
using Element = typename ElementOf<T>::type;

template <class T, class... Outer>
consteval bool is_storable();

/// Can be stored, and made while a container is read.
template <class T, class... Outer>
consteval bool is_storable_element() {
  if constexpr (std::is_object_v<T> && !std::is_const_v<T>) {
    return std::default_initializable<T> && is_storable<T, Outer...>();
  } else {
    return false;
  }
}

template <class T, class... Outer>
consteval bool has_storable_parts() {
  return []<std::size_t... Index>(std::index_sequence<Index...>) {
    return (is_storable<PartType<T, Index>, Outer...>() && ...);
  }(PartIndexes<T>{});
}

/// True if a value can be stored, with everything in it. `Outer`: the types that are being looked at, since a struct may
/// hold a list of its own kind.
template <class T, class... Outer>
consteval bool is_storable() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr ((std::same_as<T, Outer> || ...)) {
    return true;
  } else if constexpr (shape == StoredShape::optional || shape == StoredShape::list) {
    return is_storable_element<Element<T>, T, Outer...>();
  } else if constexpr (shape == StoredShape::array) {
    return is_storable<Element<T>, T, Outer...>();
  } else if constexpr (shape == StoredShape::map) {
    return is_storable_element<typename T::key_type, T, Outer...>() &&
           is_storable_element<typename T::mapped_type, T, Outer...>();
  } else if constexpr (shape == StoredShape::variant) {
    return []<class... Parts>(std::type_identity<std::variant<Parts...>>) {
      return (is_storable_element<Parts, T, Outer...>() && ...);
    }(std::type_identity<T>());
  } else if constexpr (shape == StoredShape::record) {
    if constexpr (field_count<T> <= 64) return has_storable_parts<T, T, Outer...>();
    return false;
  } else if constexpr (shape == StoredShape::row || shape == StoredShape::members) {
    return has_storable_parts<T, T, Outer...>();
  } else {
    return shape != StoredShape::none;
  }
}

/// A type whose values can be written to bytes and read back.
template <class T>
concept Storable = is_storable<T>();

}  // namespace streamwork::typed
