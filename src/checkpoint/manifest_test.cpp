#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "checkpoint/checked_lines.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/manifest.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/scale.hpp"
#include "kit/thrown.hpp"

namespace streamwork::checkpoint {
namespace {

using ::testing::HasSubstr;
using testkit::message_of;

/// Lines with good checksums, whatever they say.
std::string checked(std::initializer_list<std::string_view> lines) {
  CheckedLinesWriter writer;
  for (const std::string_view line : lines) writer.add(line);
  return writer.text();
}

constexpr std::string_view first_line = R"({"format":"streamwork checkpoint","version":1,"checkpoint":)"
                                        R"({"number":1,"kind":"checkpoint","job":"j","delivery":"d","created":0}})";

std::string refusal(std::string_view text) {
  return message_of([&] { read_manifest(text, "m"); });
}

TEST(Manifest, reads_back_whatever_was_written) {
  testkit::SeededRandom random(21);
  SCOPED_TRACE(random.trace());
  for (std::uint64_t i = 0; i < kit::scaled(500); ++i) {
    Manifest manifest = testkit::random_checkpoint(random, static_cast<Kind>(random.below(4)), 1).manifest;
    manifest.number = random.integer<std::uint64_t>();
    for (std::uint64_t file = random.below(3); file > 0; --file) {
      manifest.files.push_back(
          {"f" + std::to_string(file), random.bits(), random.bits(), random.bits(), random.bits()});
    }
    for (std::uint64_t file = random.below(3); file > 0; --file) {
      CheckedFile& added = manifest.store_files.emplace_back();
      added.name = "s" + std::to_string(file);
      added.size = random.bits();
      for (std::uint64_t block = random.below(4); block > 0; --block) added.checksums.push_back(random.bits());
    }
    ASSERT_EQ(read_manifest(manifest_text(manifest), "m"), manifest);
  }
}

TEST(Manifest, can_be_read_by_a_person) {
  Manifest manifest{.number = 42, .kind = Kind::savepoint, .job = "fraud", .delivery = "exactly_once"};
  manifest.files.push_back({"task-0.snapshot", 1000, 2, 17, 0xABC});
  manifest.vertices.push_back({"source", "source", 2, true});
  manifest.entries.push_back({"sink", 1, "prepared", "part-000042.pending"});
  manifest.entries.push_back({"sink", 1, "token", std::string("\0\xFF", 2)});
  std::string text;
  CheckedLinesReader lines(text = manifest_text(manifest), "m");
  EXPECT_EQ(lines.next(), R"({"format":"streamwork checkpoint","version":1,"checkpoint":{"number":42,)"
                          R"("kind":"savepoint","job":"fraud","delivery":"exactly_once","created":0}})");
  EXPECT_EQ(lines.next(), R"({"file":{"name":"task-0.snapshot","size":1000,"frames":2,"entries":17,)"
                          R"("checksum":"0000000000000abc"}})");
  EXPECT_EQ(lines.next(), R"({"vertex":{"name":"source","kind":"source","parallelism":2,"finished":true}})");
  EXPECT_EQ(lines.next(), R"({"entry":{"vertex":"sink","instance":1,"kind":"prepared","text":"part-000042.pending"}})");
  EXPECT_EQ(lines.next(), R"({"entry":{"vertex":"sink","instance":1,"kind":"token","hex":"00ff"}})");
  EXPECT_EQ(lines.next(), R"({"end":{"lines":6}})");
  EXPECT_TRUE(lines.at_end());
}

TEST(Manifest, refuses_what_a_newer_release_wrote_F16) {
  EXPECT_THROW(read_manifest(checked({R"({"format":"streamwork checkpoint","version":3,"else":1})"}), "m"),
               NewerFormat);
  EXPECT_THAT(refusal(checked({R"({"format":"streamwork checkpoint","version":3,"else":1})", "anything"})),
              HasSubstr("'m' has format version 3; this release reads versions up to 2"));
}

TEST(Manifest, refuses_sound_lines_that_make_no_manifest) {
  EXPECT_THAT(refusal(""), HasSubstr("'m' is damaged at byte 0: the file is empty"));
  EXPECT_THAT(refusal("hello\n"), HasSubstr("byte 0: the line has no checksum"));
  EXPECT_THAT(refusal(checked({"hello"})), HasSubstr("byte 0: "));
  EXPECT_THAT(refusal(checked({R"({"format":"other","version":1})"})), HasSubstr("no manifest of a checkpoint"));
  EXPECT_THAT(refusal(checked({first_line})), HasSubstr("lines are missing"));
  const auto offset = std::to_string(first_line.size() + 18);
  EXPECT_THAT(refusal(checked({first_line, R"({"end":{"lines":3}})"})),
              HasSubstr("byte " + offset + ": there are fewer"));
  EXPECT_THAT(refusal(checked({first_line, R"({"end":{"lines":2}})", "{}"})), HasSubstr("nothing should follow"));
  EXPECT_THAT(refusal(checked({first_line, R"({"new":1})"})), HasSubstr("byte " + offset + ": the line is neither"));
  EXPECT_THAT(refusal(checked({first_line, R"({"file":{"name":"../x","size":1,"frames":1,"entries":1,)"
                                           R"("checksum":"0000000000000abc"}})"})),
              HasSubstr("does not describe a snapshot file"));
  EXPECT_THAT(refusal(checked({first_line, R"({"entry":{"vertex":"v","instance":1,"kind":"k","hex":"0g"}})"})),
              HasSubstr("no digits of base 16"));
}

TEST(Manifest, is_not_written_if_it_could_not_be_read_back) {
  const auto refused = [](const Manifest& manifest) { return message_of([&] { manifest_text(manifest); }); };
  EXPECT_THAT(refused({.job = "\xFF"}), HasSubstr("a job's name that is no valid UTF-8: ff"));
  EXPECT_THAT(refused({.vertices = {{.name = "a\xC3"}}}), HasSubstr("a vertex name that is no valid UTF-8"));
  EXPECT_THAT(refused({.files = {{.name = "f"}, {.name = "f"}}}), HasSubstr("two snapshot files named 'f'"));
  EXPECT_THAT(refused({.files = {{.name = "a/f"}}}), HasSubstr("'a/f' is no name of a snapshot file"));
}

}  // namespace
}  // namespace streamwork::checkpoint
