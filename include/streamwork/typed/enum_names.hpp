// The names of an enum's values, read from the compiler's own spelling of them.
//
// Values are looked for in a range, see `EnumNameRange`; an enum none of whose values is in the range is treated as a
// plain number everywhere (that suits strong integer types such as `enum class DeviceId : std::uint64_t {}`).
// Thread rule: compile-time facts.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork {

/// Where the values of an enum are looked for. Specialise it for an enum with values outside, before the enum is used:
/// `template <> struct streamwork::EnumNameRange<Status> { static constexpr int first = 200, last = 599; };`
/// Each value costs compile time; at most 1,024 values.
template <class Enum>
struct EnumNameRange {
  static constexpr int first = -16;
  static constexpr int last = 127;
};

namespace typed {

/// The named values of an enum, without its type: what the parsers and writers work with.
struct EnumTable {
  const std::string_view* names = nullptr;
  const std::int64_t* values = nullptr;
  std::size_t size = 0;
};

/// The value as it stands in an `EnumTable`.
template <class Enum>
constexpr std::int64_t enum_number(Enum value) {
  return static_cast<std::int64_t>(static_cast<std::underlying_type_t<Enum>>(value));
}

/// Spelled "...Values = {ns::Color::red, (ns::Color)1}]" by g++ and "...Values = <ns::Color::red, (ns::Color)1>]" by
/// clang: one function for all values compiles much faster than one for each.
template <auto... Values>
constexpr auto spelled_values() {
  return std::string_view{__PRETTY_FUNCTION__};
}

#if defined(__clang__)
#pragma clang diagnostic push
#if __has_warning("-Wenum-constexpr-conversion")
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#endif
#endif

/// The number as a value of the enum.
template <class Enum>
constexpr Enum enum_value(std::int64_t number) {
  return std::bit_cast<Enum>(static_cast<std::underlying_type_t<Enum>>(number));
}

/// False where the number is no value of the enum: an `enum Color { red, green };` without a type of its own has only
/// the values 0 and 1, and newer compilers refuse to make others at compile time.
template <class Enum, std::int64_t Number>
inline constexpr bool is_enum_value = requires { typename std::integral_constant<Enum, enum_value<Enum>(Number)>; };

template <class Enum, std::int64_t Number>
constexpr auto enum_value_or_number() {
  if constexpr (requires { Enum{std::underlying_type_t<Enum>{}}; } || is_enum_value<Enum, Number>) {
    return enum_value<Enum>(Number);
  } else {
    return Number;
  }
}

template <class Enum>
struct EnumRange {
  using Limits = std::numeric_limits<std::underlying_type_t<Enum>>;
  static constexpr std::int64_t lowest = Limits::is_signed ? static_cast<std::int64_t>(Limits::lowest()) : 0;
  static constexpr std::int64_t highest = static_cast<std::uint64_t>(Limits::max()) > 1'000'000
                                              ? 1'000'000
                                              : static_cast<std::int64_t>(Limits::max());
  static constexpr std::int64_t first =
      EnumNameRange<Enum>::first < lowest ? lowest : std::int64_t{EnumNameRange<Enum>::first};
  static constexpr std::int64_t last =
      EnumNameRange<Enum>::last > highest ? highest : std::int64_t{EnumNameRange<Enum>::last};
  static_assert(first <= last && last - first < 1024, "streamwork: EnumNameRange must hold 1 to 1,024 values");
  static constexpr auto count = static_cast<std::size_t>(last - first + 1);
  // Always true; looking for any name makes clang define an enum that is a member of a class template.
  static_assert(requires { Enum::red; } || true);

  static constexpr std::string_view spelled = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return spelled_values<enum_value_or_number<Enum, first + static_cast<std::int64_t>(Index)>()...>();
  }(std::make_index_sequence<count>{});
};

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// The identifier that an element of the list ends in; empty for a number or for a cast such as "(ns::Color)7".
constexpr std::string_view enumerator_name(std::string_view element) {
  std::size_t begin = element.size();
  while (begin > 0 && element[begin - 1] != ':' && element[begin - 1] != ')') --begin;
  if (begin == element.size() || (begin > 0 && element[begin - 1] == ')')) return {};
  const char c = element[begin];
  return (c >= '0' && c <= '9') || c == '-' ? std::string_view{} : element.substr(begin);
}

/// Calls `function(index, name)` for each named value in the spelled list.
template <class Function>
constexpr void for_each_enumerator(std::string_view spelled, Function function) {
  std::size_t begin = spelled.find("Values = ") + 10;
  int depth = 0;  // of brackets inside an element: template arguments and parameter lists hold commas, too
  std::size_t index = 0;
  for (std::size_t at = begin; at + 1 < spelled.size(); ++at) {
    const char c = spelled[at];
    if (c == '(' || c == '<' || c == '{') ++depth;
    if ((c == ')' || c == '>' || c == '}') && depth > 0) {
      --depth;
    } else if (depth == 0 && (c == ',' || c == '}' || c == '>')) {
      const std::string_view name = enumerator_name(spelled.substr(begin, at - begin));
      if (!name.empty()) function(index, name);
      ++index;
      begin = at + 2;
    }
  }
}

/// The table of an enum's names, computed at compile time.
template <class Enum>
class EnumNames {
  struct Size {
    std::size_t names = 0;
    std::size_t characters = 0;
  };
  static constexpr Size size_ = [] {
    Size result;
    for_each_enumerator(EnumRange<Enum>::spelled, [&](std::size_t, std::string_view name) {
      ++result.names;
      result.characters += name.size();
    });
    return result;
  }();
  struct Text {
    std::array<char, size_.characters + 1> characters{};
    std::array<std::size_t, size_.names + 1> ends{};
    std::array<std::int64_t, size_.names + 1> values{};
  };
  static constexpr Text text_ = [] {
    Text result;
    std::size_t name_index = 0;
    std::size_t end = 0;
    for_each_enumerator(EnumRange<Enum>::spelled, [&](std::size_t index, std::string_view name) {
      for (const char c : name) result.characters[end++] = c;
      result.ends[name_index] = end;
      result.values[name_index++] = EnumRange<Enum>::first + static_cast<std::int64_t>(index);
    });
    return result;
  }();
  static constexpr auto names_ = [] {
    std::array<std::string_view, size_.names + 1> result{};
    for (std::size_t i = 0, begin = 0; i < size_.names; begin = text_.ends[i++]) {
      result[i] = std::string_view(text_.characters.data() + begin, text_.ends[i] - begin);
    }
    return result;
  }();

 public:
  static constexpr EnumTable table{names_.data(), text_.values.data(), size_.names};
};

}  // namespace typed

/// The declared name of an enum's value; empty if the value has none. Of two names for one value, one is chosen.
template <class Enum>
  requires std::is_enum_v<Enum>
constexpr std::string_view enum_name(Enum value) noexcept {
  const typed::EnumTable table = typed::EnumNames<Enum>::table;
  for (std::size_t i = 0; i < table.size; ++i) {
    if (table.values[i] == typed::enum_number(value)) return table.names[i];
  }
  return {};
}

}  // namespace streamwork
