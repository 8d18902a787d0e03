#include "generator.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <string_view>

namespace nexmark {

namespace {

constexpr std::uint64_t hot_channels = 4;
constexpr std::uint64_t cold_channels = 10'000;
constexpr std::int64_t hot_batch = 100;  ///< every so many ids are one that many choose
constexpr std::int64_t active_people = 1000;
constexpr std::int64_t auctions_in_flight = 100;
constexpr std::int64_t lead = 10;  ///< ids that may be chosen before they exist
constexpr std::int64_t first_category = 10;
constexpr std::int64_t categories = 5;

constexpr std::array<std::string_view, 11> first_names = {"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                                          "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
constexpr std::array<std::string_view, 9> last_names = {"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                                        "Walton", "Smith",  "Jones",   "Noris"};
constexpr std::array<std::string_view, 10> cities = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                                     "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
constexpr std::array<std::string_view, 6> states = {"AZ", "CA", "ID", "OR", "WA", "WY"};

template <std::size_t Size>
std::string_view one_of(const std::array<std::string_view, Size>& names, Draws& draws) {
  return names[draws.below(Size)];
}

std::int64_t hot(std::int64_t last) { return last / hot_batch * hot_batch; }

std::int64_t random_person(std::uint64_t number, Draws& draws) {
  const std::int64_t people = last_person(number) + 1;
  const std::int64_t active = std::min(people, active_people);
  return people - active + draws.below_signed(active + lead);
}

std::int64_t random_auction(std::uint64_t number, Draws& draws) {
  const std::int64_t last = last_auction(number);
  const std::int64_t first = std::max<std::int64_t>(last - auctions_in_flight, 0);
  return first + draws.below_signed(last - first + 1 + lead);
}

std::uint32_t reversed(std::uint32_t bits) {
  std::uint32_t result = 0;
  for (int i = 0; i < 32; ++i) result = result << 1U | (bits >> i & 1U);
  return result;
}

/// What a cold channel's number looks like in its url: its bits in reverse, as a signed number without its sign.
std::int64_t channel_id(std::uint32_t channel) {
  const std::int64_t number = std::bit_cast<std::int32_t>(reversed(channel));
  return number < 0 ? -number : number;
}

std::string url(Draws& draws) {
  std::string text = "https://www.nexmark.com";
  for (int i = 0; i < 3; ++i) text += "/" + draws.text(5, '_');
  return text + "/item.htm?query=1";
}

}  // namespace

struct Generator::Tables {
  /// The hot ones first.
  std::vector<Channel> channels;
  /// 100 times 10^(6 i / size).
  std::array<double, 4096> powers;
};

Generator::Generator(std::uint64_t seed, std::int64_t rate) : seed_(seed), timeline_(rate) {
  auto tables = std::make_shared<Tables>();
  constexpr std::array<std::string_view, hot_channels> hot_names = {"Google", "Facebook", "Baidu", "Apple"};
  for (std::uint32_t i = 0; i < hot_channels + cold_channels; ++i) {
    Draws draws(~seed, i);  // of its own: no event has the same
    const std::uint32_t cold = i - static_cast<std::uint32_t>(hot_channels);
    std::string text = url(draws);
    if (i >= hot_channels && draws.below(10) > 0) text += "&channel_id=" + std::to_string(channel_id(cold));
    Channel& channel = tables->channels.emplace_back();
    channel.name = i < hot_channels ? hot_names[i] : std::string_view("channel-" + std::to_string(cold));
    channel.url = text;
  }
  for (std::size_t i = 0; i < tables->powers.size(); ++i)
    tables->powers[i] = 100 * std::pow(10.0, 6.0 * static_cast<double>(i) / static_cast<double>(tables->powers.size()));
  tables_ = std::move(tables);
}

/// Evenly distributed logarithms, from 100 to 100,000,000. The upper bits choose a power from the table, the others are the
/// argument of three terms of the exponential series, which are exact to 12 digits there.
std::int64_t Generator::price(Draws& draws) const {
  constexpr double step = 6 * 2.302585092994045684 / 4096;
  const std::uint64_t bits = draws.bits();
  const double x = static_cast<double>(bits << 12U >> 11U) * 0x1p-53 * step;
  return std::llround(tables_->powers[bits >> 52U] * (1 + x * (1 + x * (0.5 + x * (1.0 / 6)))));
}

void Generator::fill(Bid& bid, std::uint64_t number) const {
  Draws draws(seed_, number);
  bid.number = number;
  bid.dateTime = Timeline::at(timeline_.milliseconds(number));
  const bool hot_auction = draws.below(2) > 0;
  bid.auction = first_id + (hot_auction ? hot(last_auction(number)) : random_auction(number, draws));
  const bool hot_bidder = draws.below(4) > 0;
  bid.bidder = first_id + (hot_bidder ? hot(last_person(number)) + 1 : random_person(number, draws));
  bid.price = price(draws);
  const bool hot_channel = draws.below(2) > 0;
  const Channel& channel =
      tables_->channels[hot_channel ? draws.below(hot_channels) : hot_channels + draws.below(cold_channels)];
  bid.channel = channel.name;
  bid.url = channel.url;
  const std::size_t length = draws.padding(32, 100);
  draws.letters(bid.extra.characters.data(), length);
  bid.extra.length = static_cast<std::uint8_t>(length);
}

Event Generator::rare_event(std::uint64_t number) const {
  if (number % epoch_events == 0) return person(number);
  return auction(number);
}

Person Generator::person(std::uint64_t number) const {
  Draws draws(seed_, number);
  Person person;
  person.number = number;
  person.id = first_id + last_person(number);
  person.dateTime = Timeline::at(timeline_.milliseconds(number));
  person.name = one_of(first_names, draws);
  person.name += ' ';
  person.name += one_of(last_names, draws);
  person.emailAddress = draws.text(7) + "@" + draws.text(5) + ".com";
  for (int group = 0; group < 4; ++group) {
    const std::string digits = std::to_string(draws.below(10'000));
    person.creditCard += (group == 0 ? "" : " ") + std::string(4 - digits.size(), '0') + digits;
  }
  person.city = one_of(cities, draws);
  person.state = one_of(states, draws);
  person.extra = draws.padding_text(8 + person.name.size() + person.emailAddress.size() + person.creditCard.size() +
                                        person.city.size() + person.state.size(),
                                    200);
  return person;
}

Auction Generator::auction(std::uint64_t number) const {
  Draws draws(seed_, number);
  Auction auction;
  auction.number = number;
  auction.id = first_id + last_auction(number);
  const bool hot_seller = draws.below(4) > 0;
  auction.seller = first_id + (hot_seller ? hot(last_person(number)) : random_person(number, draws));
  auction.category = first_category + draws.below_signed(categories);
  auction.initialBid = price(draws);
  auction.reserve = auction.initialBid + price(draws);
  const std::int64_t now = timeline_.milliseconds(number);
  const std::int64_t horizon = timeline_.milliseconds(number + auctions_in_flight * epoch_events / 3) - now;
  auction.dateTime = Timeline::at(now);
  auction.expires = Timeline::at(now + 1 + draws.below_signed(std::max<std::int64_t>(2 * horizon, 1)));
  auction.itemName = draws.text(20);
  auction.description = draws.text(100);
  auction.extra = draws.padding_text(8 + auction.itemName.size() + auction.description.size() + 40, 500);
  return auction;
}

}  // namespace nexmark
