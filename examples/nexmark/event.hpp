// The three kinds of events of Nexmark, in one interleaved stream. The names of fields are those of the benchmark's columns.
// Every event carries its number in the stream, which no output shows: queries break ties by it, never by arrival.
#pragma once

#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>
#include <variant>

#include "text.hpp"

namespace nexmark {

namespace sw = streamwork;

// NOLINTBEGIN(readability-identifier-naming): columns

struct Person {
  std::uint64_t number = 0;
  std::int64_t id = 0;
  sw::EventTime dateTime{};
  std::string name;
  std::string emailAddress;
  std::string creditCard;
  std::string city;
  std::string state;
  std::string extra;
};

struct Auction {
  std::uint64_t number = 0;
  std::int64_t id = 0;
  std::int64_t initialBid = 0;  ///< cents, as all prices
  std::int64_t reserve = 0;
  sw::EventTime dateTime{};
  sw::EventTime expires{};
  std::int64_t seller = 0;  ///< a person
  std::int64_t category = 0;
  std::string itemName;
  std::string description;
  std::string extra;
};

/// Without padding, so that its memory is what a checkpoint holds of it.
struct Bid {
  std::uint64_t number = 0;
  std::int64_t auction = 0;
  std::int64_t bidder = 0;  ///< a person
  std::int64_t price = 0;
  sw::EventTime dateTime{};
  Text<15> channel;
  Text<79> url;
  Text<87> extra;
};

// NOLINTEND(readability-identifier-naming)

using Event = std::variant<Person, Auction, Bid>;

inline sw::EventTime time_of(const Event& event) {
  return std::visit([](const auto& one) { return one.dateTime; }, event);
}

}  // namespace nexmark
