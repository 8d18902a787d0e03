#include "score_store.hpp"

#include <charconv>
#include <fstream>
#include <stdexcept>

namespace system_usage {

ScoreStore ScoreStore::read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open '" + path + "'");
  ScoreStore store;
  store.made_up_ = false;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    std::int64_t merchandise = 0;
    double score = -1;
    const char* const end = line.data() + line.size();
    const auto id = std::from_chars(line.data(), end, merchandise);
    const bool separated = id.ec == std::errc() && id.ptr != end && *id.ptr == ',';
    if (!separated || std::from_chars(id.ptr + 1, end, score).ptr != end || !(score >= 0 && score <= 1)) {
      throw std::runtime_error("'" + path + "', line " + std::to_string(number) +
                               ": expected {merchandiseId},{score from 0 to 1}");
    }
    store.scores_[merchandise] = score;
  }
  if (file.bad()) throw std::runtime_error("cannot read '" + path + "'");
  return store;
}

double ScoreStore::score_of(std::int64_t merchandise) const {
  if (made_up_) {
    const std::uint64_t dice = static_cast<std::uint64_t>(merchandise) * 0x9E37'79B9'7F4A'7C15ULL >> 32U;
    return static_cast<double>(dice % 1000) / 1000;
  }
  const auto found = scores_.find(merchandise);
  return found == scores_.end() ? 0 : found->second;
}

}  // namespace system_usage
