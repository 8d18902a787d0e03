// Shows stored bytes as JSON with nothing but their schema: for people who look into a checkpoint.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/schema.hpp>
#include <string>

namespace streamwork::typed {

/// How much of a value is shown. What is left out is "…" in its place.
struct JsonLimits {
  std::size_t elements = 100;       ///< of each list or map
  std::size_t text_bytes = 1'000;   ///< of each string
  std::size_t all_bytes = 100'000;  ///< then nothing more is added to lists, and other values are "…"
};

/// Reads one value and returns it as one line of valid JSON, written as json.hpp would: times in milliseconds, enums by name.
/// A map whose keys are no strings is a list of [key, value]. Throws `StoredDataError` if the bytes are no such value.
std::string stored_json(ByteReader& reader, const Schema& schema, const JsonLimits& limits = {});

}  // namespace streamwork::typed
