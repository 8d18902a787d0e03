// Rows in the files of a store, as frames: so whoever reads frames reads them, with whatever backend they were written.
#include <limits>
#include <stdexcept>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/byte_writer.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/snapshot.hpp>

namespace streamwork::typed {

namespace {

/// As large as frames that are written.
constexpr std::size_t frame_bytes = std::size_t{64} << 10U;

std::uint32_t first_hash_of(std::uint32_t key_group) {
  return key_group * (std::numeric_limits<std::uint32_t>::max() / key_groups + 1);
}

}  // namespace

void for_each_frame(const StoredRows& rows, std::uint32_t first, std::uint32_t last,
                    const std::function<void(const StoredFrame&)>& visit) {
  static_assert(key_group_of(std::numeric_limits<std::uint32_t>::max()) == key_groups - 1);
  const std::unique_ptr<RowStore> store = row_store_library(rows.format).read(rows.files);
  ByteWriter frame;
  StoredFrame about{rows.instance, first, 0, rows.schema, {}};
  const auto hand_over = [&] {
    if (about.entries == 0) return;
    about.bytes = frame.bytes();
    visit(about);
    frame.clear();
    about.entries = 0;
  };
  const std::uint32_t last_hash = first_hash_of(last) + (first_hash_of(1) - 1);
  store->scan(first_hash_of(first), last_hash, [&](std::uint32_t hash, std::span<const std::byte> bytes) {
    if (key_group_of(hash) != about.key_group || frame.size() >= frame_bytes) hand_over();
    about.key_group = key_group_of(hash);
    ByteReader reader(bytes);
    about.entries += reader.get_length();
    frame.put_bytes(bytes.data() + reader.offset(), reader.remaining());
    return true;
  });
  hand_over();
}

}  // namespace streamwork::typed
