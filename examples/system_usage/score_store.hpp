// What is known about the merchandise of the shop: how often it was bought with stolen cards.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace system_usage {

class ScoreStore {
 public:
  /// Of made-up scores: about every tenth merchandise is a favourite of thieves.
  ScoreStore() = default;
  /// Of the lines `{merchandiseId},{score}` of a file, scores from 0 to 1; what is not in it has the score 0. Throws
  /// `std::runtime_error` that names the line.
  static ScoreStore read(const std::string& path);

  double score_of(std::int64_t merchandise) const;
  bool is_fraud(std::int64_t merchandise) const { return score_of(merchandise) >= fraud_score; }

 private:
  static constexpr double fraud_score = 0.9;

  bool made_up_ = true;
  std::unordered_map<std::int64_t, double> scores_;
};

}  // namespace system_usage
