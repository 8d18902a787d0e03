// What is paid, and what is found out about it: all that generator and detector both know.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

namespace fraud {

namespace sw = streamwork;

/// One payment with a card.
struct Transaction {
  std::string id;
  std::string account;
  sw::EventTime time;
  double amount = 0;
  std::optional<double> latitude;  ///< of the shop, in degrees; nothing for a purchase on the internet
  std::optional<double> longitude;
};

/// A line of the input: a payment, and what it was in truth if somebody knows ("cloned card"; nothing: a purchase of the
/// owner). The detector never sees the truth; the report compares with it.
struct LabelledTransaction {
  std::string id;
  std::string account;
  sw::EventTime time;
  double amount = 0;
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<std::string> fraud;

  Transaction unlabelled() const { return {id, account, time, amount, latitude, longitude}; }
};

enum class Analyzer : std::uint8_t { ticket, proximity, count };

/// What one analyzer thinks of a transaction: 0 is unsuspicious, 1 is enough for an alert. A later score of the same
/// analyzer counts if it is higher.
struct Score {
  Transaction transaction;
  Analyzer analyzer{};
  double score = 0;
};

/// The scores of one transaction together.
struct JoinedScores {
  double ticket = 0;
  double proximity = 0;
  double count = 0;

  double total() const { return ticket + proximity + count; }
};

struct Alert {
  std::string transaction;
  std::string account;
  sw::EventTime time;    ///< of the transaction
  sw::EventTime raised;  ///< time of the event that made it sure enough
  double amount = 0;
  double score = 0;
  JoinedScores scores;
};

/// What was found out about a transaction in the end.
struct Verdict {
  std::string transaction;
  JoinedScores scores;
};

}  // namespace fraud
