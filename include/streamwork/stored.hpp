// How a class with private members or invariants says what of it is stored in checkpoints.
//
// Numbers, strings, enums, times, std::optional, containers, std::variant and plain structs of these (public fields, no
// constructor) are stored as they are, with the names of their fields. Any other class names its fields itself:
//
//   class Smoothed {
//    public:
//     template <class Self>
//     static auto stored_fields(Self& self) {
//       return std::tuple(sw::stored<"mean">(self.mean_), sw::stored<"seen">(self.seen_));
//     }
//     void restored() { slow_ = expensive(mean_); }   // optional: after its fields were read; may return bool, see below
//    private:
//     double mean_ = 0;
//     std::int64_t seen_ = 0;
//     double slow_ = 0;                               // not stored
//   };
//
// Fields are found again by name: one that was added since keeps its initial value, one that was dropped is ignored, one
// whose type changed needs a migration (migrations.hpp). A `restored` that returns `bool` says whether the fields fit
// together; if they do not, what was read counts as damaged. A class with `using not_stored = void;` is never stored:
// write that in a plain struct with bit-fields or references, which reflection cannot take apart.
// Thread rule: compile-time facts and pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace streamwork {

namespace typed {

/// A text as a template argument.
template <std::size_t Size>
struct FieldLabel {
  char characters[Size];
  consteval FieldLabel(const char (&text)[Size]) : characters() {  // NOLINT: a literal is one
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const { return {characters, Size - 1}; }
};

/// A field of a class under the name it is stored by.
template <FieldLabel Name, class T>
struct StoredMember {
  using type = T;
  static constexpr FieldLabel label = Name;
  T& field;
};

}  // namespace typed

/// The field `field`, stored as `Name`; see the top of this file.
template <typed::FieldLabel Name, class T>
constexpr typed::StoredMember<Name, T> stored(T& field) noexcept {
  return {field};
}

}  // namespace streamwork
