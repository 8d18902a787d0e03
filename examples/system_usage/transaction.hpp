// A transaction of the shop, and where transactions come from.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>

namespace system_usage {

namespace sw = streamwork;

struct Transaction {
  std::uint64_t id;  ///< where it stands in its input: tells it from all others
  double amount;
  std::int64_t merchandise;
};

/// Reads `{amount},{merchandiseId}`; nothing for a blank line. Throws `sw::BadEvent` for what is no transaction.
std::optional<Transaction> transaction_of(const sw::Line& line);

/// The made-up transaction of a number.
Transaction made_up_transaction(std::uint64_t number);

}  // namespace system_usage
