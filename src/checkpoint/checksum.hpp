// The checksum of everything stored: XXH3 of 64 bits. It finds accidents, not forgery.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwork::checkpoint {

/// XXH3 of 64 bits of `bytes`, begun with `seed`: the checksum of what came before, or of where the bytes belong.
std::uint64_t checksum(std::string_view bytes, std::uint64_t seed);

/// As 16 digits of base 16, lower case, and back; nothing if it is anything else.
std::string checksum_text(std::uint64_t value);
std::optional<std::uint64_t> read_checksum(std::string_view text);

}  // namespace streamwork::checkpoint
