// What a saver of rows hands in is what the codecs of key and states write, also where it copies rows as they lie in memory.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <streamwork/hash.hpp>
#include <streamwork/typed/row_saver.hpp>
#include <streamwork/typed/segment.hpp>
#include <vector>

namespace streamwork::typed {
namespace {

/// Keeps what was added, by key group.
class KeptFrames final : public SnapshotTarget {
 public:
  std::uint64_t checkpoint() const override { return 1; }
  std::uint32_t add_section(const VertexInstance&, const char*, const std::string&) override { return 0; }
  void add(std::uint32_t, std::uint32_t key_group, std::uint64_t entries, std::span<const std::byte> bytes) override {
    std::vector<std::byte>& kept = frames[key_group];
    kept.insert(kept.end(), bytes.begin(), bytes.end());
    rows += entries;
  }
  void add_transaction(const VertexInstance&, std::span<const std::byte>, std::function<void()>) override {}
  void add_work(std::function<void()>) override {}
  bool congested() const override { return false; }

  std::map<std::uint32_t, std::vector<std::byte>> frames;
  std::uint64_t rows = 0;
};

/// Saves rows of a key and two states, and looks whether the frames are what the codecs write of the same rows.
template <class Key, class First, class Second>
void expect_same_bytes() {
  StateLayout layout(sizeof(Key));
  const std::uint32_t first = layout.add<First>("first", First{});
  const std::uint32_t second = layout.add<Second>("second", Second{});
  const ValueCodec& codec = *codec_of<Key>();
  RowSaver saver(layout, codec);
  KeptFrames saved;
  std::map<std::uint32_t, ByteWriter> expected;
  constexpr std::uint32_t rows = 20'000;  // several frames of some key groups

  saver.begin(saved, VertexInstance{});
  std::vector<std::byte> row(layout.end());
  for (std::uint32_t i = 0; i < rows; ++i) {
    const Key key = static_cast<Key>(i * 7);
    const First one = static_cast<First>(i);
    const Second other = static_cast<Second>(i % 2);
    std::memcpy(row.data(), &key, sizeof key);
    std::memcpy(row.data() + first, &one, sizeof one);
    std::memcpy(row.data() + second, &other, sizeof other);
    const std::uint32_t hash = stable_hash(key);
    saver.save(row.data(), hash);
    ByteWriter& group = expected[key_group_of(hash)];
    codec.encode(row.data(), group);
    layout.encode(row.data(), group);
  }
  saver.end();

  EXPECT_EQ(saved.rows, rows);
  ASSERT_EQ(saved.frames.size(), expected.size());
  for (const auto& [group, bytes] : expected) {
    ASSERT_EQ(saved.frames[group].size(), bytes.size()) << "key group " << group;
    EXPECT_EQ(std::memcmp(saved.frames[group].data(), bytes.bytes().data(), bytes.size()), 0) << "key group " << group;
  }
}

TEST(RowSaver, CopiesRowsThatAreWordsSideBySide) { expect_same_bytes<std::uint64_t, std::int64_t, double>(); }
TEST(RowSaver, CopiesNoPadding) { expect_same_bytes<std::uint32_t, std::int64_t, std::uint32_t>(); }
TEST(RowSaver, CopiesNothingThatEndsWithinAWord) { expect_same_bytes<std::uint64_t, std::int64_t, std::int32_t>(); }
TEST(RowSaver, CopiesNoTruthValues) { expect_same_bytes<std::uint32_t, std::uint32_t, bool>(); }

}  // namespace
}  // namespace streamwork::typed
