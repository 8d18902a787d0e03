// The first thing that is wrong with a text: reason, place, and the path of the field, put together only when it is
// told. Thread rule: belongs to one call.
#pragma once

#include <cstddef>
#include <streamwork/bad_event.hpp>
#include <string>
#include <string_view>

namespace streamwork::typed {

class TextError {
 public:
  bool ok() const noexcept { return reason_.empty(); }
  /// Remembers the first failure. `reason` goes on after the name of the field: "must be a number, not a string".
  /// Always false.
  bool fail(std::size_t offset, std::string_view reason);
  /// Puts a step in front of the path. Always false.
  bool failed_in(std::string_view field);
  bool failed_in(std::size_t element);
  /// `JSON field "zone.name" must be a string, not a number (byte 17)`; without a path, `subject` stands for it.
  BadEvent bad_event(std::string_view format, std::string_view subject) const;

 private:
  std::string reason_;
  std::string path_;
  std::size_t offset_ = 0;
};

/// A piece of the text as it can stand in a message: shortened, in quotes, nothing unprintable.
std::string quoted_for_message(std::string_view text);

}  // namespace streamwork::typed
