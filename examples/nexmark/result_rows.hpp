// What the queries with state keep of events, and the rows they give out. The hand-written loops work with the same.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bid_rows.hpp"
#include "event.hpp"

namespace nexmark {

// NOLINTBEGIN(readability-identifier-naming): columns

// --- query 3

struct Seller {
  std::int64_t id = 0;
  std::string name;
  std::string city;
  std::string state;
};
struct Item {
  std::int64_t id = 0;
  std::int64_t seller = 0;
};
struct SuggestionRow {
  std::string_view name;
  std::string_view city;
  std::string_view state;
  std::int64_t id;
};
inline SuggestionRow suggestion_row(const Seller& seller, std::int64_t auction) {
  return {seller.name, seller.city, seller.state, auction};
}
inline bool is_local(const Person& person) {
  return person.state == "OR" || person.state == "ID" || person.state == "CA";
}
inline bool is_suggested(const Auction& auction) { return auction.category == 10; }

// --- queries 4, 6 and 9: who won an auction

/// What is needed of an auction to say what it brought.
struct AuctionTerms {
  std::int64_t id = 0;
  sw::EventTime dateTime{};
  sw::EventTime expires{};
  std::int64_t seller = 0;
  std::int64_t category = 0;
};
inline AuctionTerms terms_of(const Auction& auction) {
  return {auction.id, auction.dateTime, auction.expires, auction.seller, auction.category};
}

struct Offer {
  std::uint64_t number = 0;
  std::int64_t auction = 0;
  std::int64_t price = 0;
  sw::EventTime dateTime{};
};
inline Offer offer_of(const Bid& bid) { return {bid.number, bid.auction, bid.price, bid.dateTime}; }

/// A bid without its channel.
struct FullOffer {
  std::uint64_t number = 0;
  std::int64_t auction = 0;
  std::int64_t bidder = 0;
  std::int64_t price = 0;
  sw::EventTime dateTime{};
  Text<87> extra;
};
inline constexpr auto full_offer_of = [](const Bid& bid) -> FullOffer {
  return {bid.number, bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra};
};

struct CategoryRow {
  std::int64_t category;
  std::int64_t avg;
};
struct SellerRow {
  std::int64_t seller;
  std::int64_t avg_price;
  sw::EventTime expires;
  std::int64_t id;
};
struct WinnerRow {
  std::int64_t id;
  std::string_view itemName;
  std::string_view description;
  std::int64_t initialBid;
  std::int64_t reserve;
  sw::EventTime dateTime;
  sw::EventTime expires;
  std::int64_t seller;
  std::int64_t category;
  std::string_view extra;
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  sw::EventTime bid_dateTime;
  std::string_view bid_extra;
};
inline WinnerRow winner_row(const Auction& a, const FullOffer& b) {
  return {a.id,       a.itemName, a.description, a.initialBid, a.reserve, a.dateTime, a.expires,     a.seller,
          a.category, a.extra,    b.auction,     b.bidder,     b.price,   b.dateTime, b.extra.view()};
}

// --- queries 5, 7, 8, 11 and 12: windows

struct AuctionTime {
  std::int64_t auction = 0;
  sw::EventTime dateTime{};
};
struct BidderTime {
  std::int64_t bidder = 0;
  sw::EventTime dateTime{};
};
struct HotItemRow {
  sw::EventTime window_start;
  std::int64_t auction;
  std::int64_t num;
};
struct HighestBidRow {
  sw::EventTime window_start;
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  sw::EventTime dateTime;
  std::string_view extra;
};
inline HighestBidRow highest_bid_row(sw::EventTime start, const FullOffer& bid) {
  return {start, bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra.view()};
}
struct NewSellerRow {
  std::int64_t id;
  std::string_view name;
  sw::EventTime window_start;
};
struct SessionRow {
  std::int64_t bidder;
  std::int64_t bid_count;
  sw::EventTime window_start;
  sw::EventTime window_end;
};

// --- queries 15 to 17: statistics by day

inline std::int32_t day_of(sw::EventTime time) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}
inline std::int32_t minute_of(sw::EventTime time) {
  const auto of_day = time - std::chrono::floor<std::chrono::days>(time);
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::minutes>(of_day).count());
}
/// The last `digits` decimal digits of a number.
inline void write_digits(char* to, unsigned number, int digits) {
  for (int i = digits; i-- > 0; number /= 10) to[i] = static_cast<char>('0' + number % 10);
}
/// As yyyy-MM-dd.
inline std::string day_text(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  std::string text = "0000-00-00";
  write_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
  write_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  write_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  return text;
}
/// As HH:mm.
inline std::string minute_text(std::int32_t minute) {
  std::string text = "00:00";
  write_digits(text.data(), static_cast<unsigned>(minute / 60), 2);
  write_digits(text.data() + 3, static_cast<unsigned>(minute % 60), 2);
  return text;
}

/// 0 to 2: cheap, middling, dear.
inline std::size_t rank_of(std::int64_t price) { return price < 10'000 ? 0 : price < 1'000'000 ? 1 : 2; }

/// Of bids: how many, in all and of each rank, and how many bidders and auctions have them.
struct Counts {
  std::int64_t all = 0;
  std::array<std::int64_t, 3> of_rank{};
};
struct StatisticsRow {
  std::string day;
  std::int64_t total_bids;
  std::int64_t rank1_bids;
  std::int64_t rank2_bids;
  std::int64_t rank3_bids;
  std::int64_t total_bidders;
  std::int64_t rank1_bidders;
  std::int64_t rank2_bidders;
  std::int64_t rank3_bidders;
  std::int64_t total_auctions;
  std::int64_t rank1_auctions;
  std::int64_t rank2_auctions;
  std::int64_t rank3_auctions;
};
struct ChannelStatisticsRow {
  std::string_view channel;
  std::string day;
  std::string minute;
  std::int64_t total_bids;
  std::int64_t rank1_bids;
  std::int64_t rank2_bids;
  std::int64_t rank3_bids;
  std::int64_t total_bidders;
  std::int64_t rank1_bidders;
  std::int64_t rank2_bidders;
  std::int64_t rank3_bidders;
  std::int64_t total_auctions;
  std::int64_t rank1_auctions;
  std::int64_t rank2_auctions;
  std::int64_t rank3_auctions;
};
struct AuctionStatisticsRow {
  std::int64_t auction;
  std::string day;
  std::int64_t total_bids;
  std::int64_t rank1_bids;
  std::int64_t rank2_bids;
  std::int64_t rank3_bids;
  std::int64_t min_price;
  std::int64_t max_price;
  std::int64_t avg_price;
  std::int64_t sum_price;
};

// --- queries 18 to 20

struct BidderAuction {
  std::int64_t bidder = 0;
  std::int64_t auction = 0;
  friend bool operator==(const BidderAuction&, const BidderAuction&) = default;
};
inline bool later(const Bid& a, const Bid& b) {
  return a.dateTime != b.dateTime ? a.dateTime > b.dateTime : a.number > b.number;
}

struct RankedBidRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  std::string_view channel;
  std::string_view url;
  sw::EventTime dateTime;
  std::string_view extra;
  std::int64_t rank_number;
};
inline RankedBidRow ranked_bid_row(const Bid& b, std::int64_t rank) {
  return {b.auction, b.bidder, b.price, b.channel.view(), b.url.view(), b.dateTime, b.extra.view(), rank};
}

struct ExpandedBidRow {
  std::int64_t auction;
  std::int64_t bidder;
  std::int64_t price;
  std::string_view channel;
  std::string_view url;
  sw::EventTime bid_dateTime;
  std::string_view bid_extra;
  std::string_view itemName;
  std::string_view description;
  std::int64_t initialBid;
  std::int64_t reserve;
  sw::EventTime dateTime;
  sw::EventTime expires;
  std::int64_t seller;
  std::int64_t category;
  std::string_view extra;
};
inline ExpandedBidRow expanded_bid_row(const Bid& b, const Auction& a) {
  return {b.auction,      b.bidder,   b.price,       b.channel.view(), b.url.view(), b.dateTime,
          b.extra.view(), a.itemName, a.description, a.initialBid,     a.reserve,    a.dateTime,
          a.expires,      a.seller,   a.category,    a.extra};
}

// NOLINTEND(readability-identifier-naming)

}  // namespace nexmark
