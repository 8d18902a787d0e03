// Rows that are made of one bid each. A row's texts are views into its bid: it is written before the bid is gone.
// The hand-written loops make the same rows.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "event.hpp"

namespace nexmark {

// NOLINTBEGIN(readability-identifier-naming): columns

template <class Price>
struct PassedRow {
  std::int64_t auction;
  std::int64_t bidder;
  Price price;
  sw::EventTime dateTime;
  std::string_view extra;
};

struct PriceRow {
  std::int64_t auction;
  std::int64_t price;
};

struct SideInputRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  sw::EventTime dateTime;
  std::string_view value;
};

struct CalculatedRow {
  std::int64_t auction;
  std::int64_t bidder;
  double price;
  std::string_view bidTimeType;
  sw::EventTime dateTime;
  std::string_view extra;
  std::int64_t c_counts;
};

struct ChannelRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  std::string_view channel;
  std::string_view channel_id;
};

struct DirectoryRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  std::string_view channel;
  std::string_view dir1;
  std::string_view dir2;
  std::string_view dir3;
};

struct BidRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  std::string_view channel;
  std::string_view url;
  sw::EventTime dateTime;
  std::string_view extra;
};

// NOLINTEND(readability-identifier-naming)

template <class Price>
PassedRow<Price> passed_row(const Bid& bid, Price price) {
  return {bid.auction, bid.bidder, price, bid.dateTime, bid.extra.view()};
}

inline constexpr auto bid_row = [](const Bid& bid) -> BidRow {
  return {bid.auction, bid.bidder, bid.price, bid.channel.view(), bid.url.view(), bid.dateTime, bid.extra.view()};
};

/// In thousandths, exactly.
constexpr std::int64_t thousandths_in_euros(std::int64_t price) { return price * 908; }
/// The double that is nearest to the exact decimal: its shortest digits are that decimal, for all prices there are.
inline double in_euros(std::int64_t price) { return static_cast<double>(thousandths_in_euros(price)) / 1000; }

inline constexpr std::int64_t side_table_size = 10'000;
using SideTable = std::unordered_map<std::int64_t, std::string>;

// --- query 14

inline bool in_price_range(std::int64_t price) {
  constexpr std::int64_t thousand = 1000;
  return thousandths_in_euros(price) > 1'000'000 * thousand && thousandths_in_euros(price) < 50'000'000 * thousand;
}

inline std::string_view time_of_day(sw::EventTime time) {
  const auto hour = std::chrono::floor<std::chrono::hours>(time - std::chrono::floor<std::chrono::days>(time)).count();
  if (hour >= 8 && hour <= 18) return "dayTime";
  if (hour <= 6 || hour >= 20) return "nightTime";
  return "otherTime";
}

inline constexpr auto calculated_row = [](const Bid& bid) -> CalculatedRow {
  const std::string_view extra = bid.extra.view();
  return {bid.auction,  bid.bidder, in_euros(bid.price),           time_of_day(bid.dateTime),
          bid.dateTime, extra,      std::ranges::count(extra, 'c')};
};

// --- query 21

/// What a url has behind "channel_id=", at its beginning or behind an ampersand.
inline std::optional<std::string_view> id_in_url(std::string_view url) {
  constexpr std::string_view label = "channel_id=";
  for (std::size_t at = url.find(label); at != std::string_view::npos; at = url.find(label, at + 1)) {
    if (at > 0 && url[at - 1] != '&') continue;
    const std::string_view rest = url.substr(at + label.size());
    return rest.substr(0, rest.find('&'));
  }
  return std::nullopt;
}

inline bool equal_but_for_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

inline constexpr auto channel_row = [](const Bid& bid) -> std::optional<ChannelRow> {
  constexpr std::array<std::string_view, 4> known = {"apple", "google", "facebook", "baidu"};
  constexpr std::string_view digits = "0123";
  std::optional<std::string_view> id;
  for (std::size_t i = 0; i < known.size() && !id; ++i) {
    if (equal_but_for_case(bid.channel.view(), known[i])) id = digits.substr(i, 1);
  }
  if (!id) id = id_in_url(bid.url.view());
  if (!id) return std::nullopt;
  return ChannelRow{bid.auction, bid.bidder, bid.price, bid.channel.view(), *id};
};

// --- query 22

inline constexpr auto directory_row = [](const Bid& bid) -> DirectoryRow {
  std::array<std::string_view, 6> pieces;  // empty where the url has fewer
  std::string_view rest = bid.url.view();
  for (std::string_view& piece : pieces) {
    const std::size_t slash = rest.find('/');
    piece = rest.substr(0, slash);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return {bid.auction, bid.bidder, bid.price, bid.channel.view(), pieces[3], pieces[4], pieces[5]};
};

}  // namespace nexmark
