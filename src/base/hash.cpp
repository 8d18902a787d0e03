#include <streamwork/hash.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace streamwork::typed {

std::uint64_t hash_bytes(std::string_view bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace streamwork::typed
