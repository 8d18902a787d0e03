// What is thrown where stored bytes cannot be what was written.
// Thread rule: plain values.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace streamwork::typed {

/// Bytes are damaged, cut off, or not of the type they are read as. `what()` names the offset.
class StoredDataError : public std::runtime_error {
 public:
  StoredDataError(const std::string& reason, std::size_t offset);
  /// In bytes, from the beginning of what the reader was given.
  std::size_t offset() const noexcept { return offset_; }

 private:
  std::size_t offset_;
};

}  // namespace streamwork::typed
