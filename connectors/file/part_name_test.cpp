#include "part_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "kit/seeded_random.hpp"

namespace streamwork {
namespace {

std::string random_text(testkit::SeededRandom& random, std::uint64_t most) {
  std::string text;
  for (std::uint64_t left = random.below(most); left > 0; --left) text += static_cast<char>(random.bits());
  return text;
}

TEST(PartName, IsReadAsItWasWrittenWhateverTheVertexIsCalled) {
  testkit::SeededRandom random(81);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 2000; ++i) {
    const std::string vertex = vertex_in_name("v" + random_text(random, 300));
    const TextPart part{random.integer<std::uint64_t>(), random.bits(), static_cast<std::int64_t>(random.below(5000)),
                        random.integer<std::uint64_t>()};
    for (const bool published : {false, true}) {
      const std::string name = published ? published_name(vertex, part) : pending_name(vertex, part);
      ASSERT_LT(name.size(), 256U);
      ASSERT_EQ(name.find('/'), std::string::npos);
      ASSERT_EQ(name.starts_with('.'), !published);
      const auto read = read_part_name(name);
      ASSERT_TRUE(read) << name;
      EXPECT_EQ(read->vertex, vertex);
      EXPECT_EQ(read->published, published);
      EXPECT_EQ(read->part.attempt, part.attempt);
      EXPECT_EQ(read->part.instance, part.instance);
      EXPECT_EQ(read->part.checkpoint, published ? part.checkpoint : 0);
      EXPECT_EQ(read->part.serial, published ? 0 : part.serial);
    }
  }
}

TEST(PartName, TellsVerticesApart) {
  EXPECT_EQ(vertex_in_name("rows_1-a"), "rows_1-a");
  EXPECT_EQ(vertex_in_name("a.b/c"), "a%2eb%2fc");
  EXPECT_NE(vertex_in_name("a b"), vertex_in_name("a%20b"));
  const std::string same(200, 'x');
  EXPECT_NE(vertex_in_name(same + "1"), vertex_in_name(same + "2"));
}

TEST(PartName, IsNotWhatSomebodyElseHasNamed) {
  for (const char* name :
       {"", ".", "..", "notes.txt", ".rows", "rows.000001.00000000000000ab.1", "rows.000001.00000000000000ab.1.part.gz",
        "rows.1.00000000000000ab.1.part", "rows.000001.ab.1.part", "rows.000001.00000000000000AB.1.part",
        "rows.000001.00000000000000ab.01.part", "rows.000001.00000000000000ab.-1.part",
        ".000001.00000000000000ab.1.part", ".rows.00000000000000ab.1.x", "..00000000000000ab.1.1",
        "rows.99999999999999999999.00000000000000ab.1.part"}) {
    EXPECT_FALSE(read_part_name(name)) << name;
  }
}

}  // namespace
}  // namespace streamwork
