#include "checkpoint/checked_lines.hpp"

#include "checkpoint/checksum.hpp"
#include "checkpoint/damage.hpp"

namespace streamwork::checkpoint {

namespace {

constexpr std::size_t digits = 16;

}  // namespace

void CheckedLinesWriter::add(std::string_view line) {
  checksum_ = checksum(line, checksum_);
  text_ += checksum_text(checksum_);
  text_ += ' ';
  text_ += line;
  text_ += '\n';
  ++lines_;
}

std::string_view CheckedLinesReader::next() {
  line_ = next_;
  const std::size_t end = text_.find('\n', line_);
  if (end == std::string_view::npos) fail("the last line is not complete");
  const std::string_view whole = text_.substr(line_, end - line_);
  const auto expected = read_checksum(whole.substr(0, digits));
  if (!expected || whole.size() <= digits || whole[digits] != ' ') fail("the line has no checksum");
  const std::string_view line = whole.substr(digits + 1);
  checksum_ = checksum(line, checksum_);
  if (checksum_ != *expected) fail("the line does not match its checksum");
  next_ = end + 1;
  ++lines_;
  return line;
}

void CheckedLinesReader::fail(const std::string& reason) const { throw DamagedFile(path_, line_, reason); }

}  // namespace streamwork::checkpoint
