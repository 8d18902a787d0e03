#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <streamwork/typed/decode_value.hpp>
#include <streamwork/typed/sliced_map.hpp>
#include <string>

#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork::typed {
namespace {

using Map = std::map<std::uint64_t, std::string>;

Map decoded(const ByteWriter& writer) {
  ByteReader reader(writer.bytes());
  Map map;
  decode(reader, map);
  EXPECT_TRUE(reader.at_end()) << "an entry was saved twice";
  return map;
}

TEST(SlicedMap, SavesWhatItHeldWhenThatBeganWhateverBecomesOfIt) {
  testkit::SeededRandom random(5);
  SCOPED_TRACE(random.trace());
  for (std::uint64_t round = 0; round < kit::scaled(3000); ++round) {
    Map entries;
    Map expected;  // the same, changed as a map is
    SlicedMap<std::uint64_t, std::string> map(entries);
    std::deque<ByteWriter> writers;  // each lives as long as the map may write to it
    std::uint64_t changed = 0;
    const auto change = [&] {
      const std::uint64_t key = random.below(20);
      switch (random.below(12)) {
        case 0:
          map.clear();
          expected.clear();
          break;
        case 1:
        case 2:
        case 3:
          EXPECT_EQ(map.remove(key), expected.erase(key) > 0);
          break;
        default:
          map.put(key, std::to_string(++changed));
          expected[key] = std::to_string(changed);
      }
    };
    for (int snapshot = 0; snapshot < 3; ++snapshot) {
      for (std::uint64_t changes = random.below(40); changes > 0; --changes) change();
      const Map before = expected;
      ByteWriter& writer = writers.emplace_back();
      map.begin_saving(writer);
      if (random.below(8) == 0) continue;  // another begins before this one is finished
      do {
        for (std::uint64_t changes = random.below(4); changes > 0; --changes) change();
      } while (!map.save_some(random.below(5)));
      ASSERT_EQ(decoded(writer), before) << "round " << round;
      ASSERT_EQ(map.entries(), expected) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace streamwork::typed
