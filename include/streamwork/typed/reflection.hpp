// The fields of a plain struct: how many there are, what they are called, and how to visit them, with no code per type.
//
// Works for aggregates: structs with public data members only and without constructors, virtual functions, base classes
// and C arrays (use std::array); a struct with bit-fields or references will not compile. Boost.PFR (any Boost
// from 1.81 on) takes the struct apart; the names come from the compiler's spelling of the address of each member.
// Local structs and those in unnamed namespaces work too. At most 64 fields. Thread rule: compile-time facts and pure
// functions.
#pragma once

#include <array>
#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork {

namespace typed {

/// Stands for a value of any type where only the number of initializers is asked for.
struct AnyField {
  template <class Type>
  constexpr operator Type&() const&& noexcept;  // NOLINT: converts to whatever is wanted
  template <class Type>
  constexpr operator Type&() const& noexcept;  // NOLINT
};
/// The same for structs with fields that can only be moved.
struct AnyMovedField {
  template <class Type>
  constexpr operator Type() const&& noexcept;  // NOLINT
};
template <class Struct>
struct AnyBaseOf {
  template <class Base>
    requires(std::is_base_of_v<Base, Struct> && !std::is_same_v<Base, Struct>)
  constexpr operator Base&() const noexcept;  // NOLINT
};

template <class T>
concept HasBaseClass = requires { T{AnyBaseOf<T>{}}; };

/// False if a field is a C array: initializers in braces go through its elements, those in parentheses cannot.
template <class T>
consteval bool has_no_array() {
#if defined(__cpp_aggregate_paren_init)
  return []<std::size_t... Index>(std::index_sequence<Index...>) {
    using Any = std::conditional_t<std::is_copy_constructible_v<T>, AnyField, AnyMovedField>;
    return std::is_constructible_v<T, std::enable_if_t<Index + 1 != 0, Any>...>;
  }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
#else
  return true;  // unknown: a struct with an array will not compile when it is taken apart
#endif
}

template <class T>
concept PlainStruct = std::is_aggregate_v<T> && std::is_class_v<T> && !requires { std::tuple_size<T>::value; };

}  // namespace typed

/// A plain struct whose fields can be visited.
template <class T>
concept Reflectable = typed::PlainStruct<std::remove_cv_t<T>> && !typed::HasBaseClass<std::remove_cv_t<T>> &&
                      typed::has_no_array<std::remove_cv_t<T>>();

/// How many fields the struct has; nested structs count as one.
template <Reflectable T>
inline constexpr std::size_t field_count = boost::pfr::tuple_size_v<std::remove_cv_t<T>>;

/// The field at this position, in the order of declaration.
template <std::size_t Index, class T>
  requires Reflectable<std::remove_const_t<T>>
constexpr auto& field_at(T& value) noexcept {
  return boost::pfr::get<Index>(value);
}

/// The type of the field at this position.
template <Reflectable T, std::size_t Index>
using field_type = std::remove_cvref_t<decltype(field_at<Index>(std::declval<T&>()))>;

namespace typed {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

/// Never constructed and never defined: only addresses inside it are formed, at compile time.
template <class T>
union NamedObject {
  char nothing;
  T value;
  constexpr NamedObject() : nothing{} {}
  constexpr ~NamedObject() {}
};
template <class T>
struct NamedObjectOf {
  static const NamedObject<T> object;
};

template <class Pointer>
struct FieldAddress {
  Pointer pointer;
};
template <class Pointer>
FieldAddress(Pointer) -> FieldAddress<Pointer>;

/// Ends in "...::value.Vehicle::type)}]" (g++) or "...object.value.type}]" (clang).
template <auto Address>
constexpr auto spelled_address() {
  return std::string_view{__PRETTY_FUNCTION__};
}

constexpr bool is_identifier_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The last identifier of a text.
constexpr std::string_view last_identifier(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && !is_identifier_character(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_identifier_character(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

template <class T, std::size_t Index>
constexpr std::string_view spelled_field_name() {
  return last_identifier(spelled_address<FieldAddress{&field_at<Index>(NamedObjectOf<T>::object.value)}>());
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// The name alone, so that the long spelling it was cut from does not reach the program.
template <class T, std::size_t Index>
struct FieldNameText {
  static constexpr std::size_t size = spelled_field_name<T, Index>().size();
  static constexpr std::array<char, size> characters = [] {
    std::array<char, size> result{};
    const std::string_view name = spelled_field_name<T, Index>();
    for (std::size_t i = 0; i < size; ++i) result[i] = name[i];
    return result;
  }();
  static constexpr std::string_view view{characters.data(), size};
};

}  // namespace typed

/// The name of the field at this position, as declared.
template <Reflectable T, std::size_t Index>
constexpr std::string_view field_name() noexcept {
  static_assert(field_count<T> <= 64, "streamwork: a struct may have at most 64 fields; group some in a nested struct");
  return typed::FieldNameText<std::remove_cv_t<T>, Index>::view;
}

/// All names, in the order of declaration.
template <Reflectable T>
inline constexpr auto field_names = []<std::size_t... Index>(std::index_sequence<Index...>) {
  return std::array<std::string_view, sizeof...(Index)>{field_name<T, Index>()...};
}(std::make_index_sequence<field_count<T>>{});

/// Calls `function(std::string_view name, field)` for each field in the order of declaration. The fields are lvalues,
/// const if `value` is.
template <class T, class Function>
  requires Reflectable<std::remove_const_t<T>>
constexpr void for_each_field(T& value, Function&& function) {
  using Struct = std::remove_const_t<T>;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (function(field_name<Struct, Index>(), field_at<Index>(value)), ...);
  }(std::make_index_sequence<field_count<Struct>>{});
}

}  // namespace streamwork
