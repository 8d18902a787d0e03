#include "dump.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

namespace nexmark {

namespace {

// NOLINTBEGIN(readability-identifier-naming): the names that are written

struct PersonLine {
  std::string_view type;
  std::int64_t id;
  std::string_view name, emailAddress, creditCard, city, state;
  sw::EventTime dateTime;
  std::string_view extra;
};
struct AuctionLine {
  std::string_view type;
  std::int64_t id;
  std::string_view itemName, description;
  std::int64_t initialBid, reserve;
  sw::EventTime dateTime, expires;
  std::int64_t seller, category;
  std::string_view extra;
};
struct BidLine {
  std::string_view type;
  std::int64_t auction, bidder, price;
  std::string_view channel, url;
  sw::EventTime dateTime;
  std::string_view extra;
};

// NOLINTEND(readability-identifier-naming)

PersonLine line_of(const Person& one) {
  return {"person", one.id, one.name, one.emailAddress, one.creditCard, one.city, one.state, one.dateTime, one.extra};
}
AuctionLine line_of(const Auction& one) {
  return {"auction",    one.id,      one.itemName, one.description, one.initialBid, one.reserve,
          one.dateTime, one.expires, one.seller,   one.category,    one.extra};
}
BidLine line_of(const Bid& one) {
  return {"bid",          one.auction,  one.bidder,      one.price, one.channel.view(),
          one.url.view(), one.dateTime, one.extra.view()};
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

bool dump_events(const Generator& generator, std::uint64_t count, const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file(path == "-" ? ::fdopen(1, "w") : std::fopen(path.c_str(), "w"));
  std::string line;
  bool good = file != nullptr;
  for (std::uint64_t number = 0; number < count && good; ++number) {
    line.clear();
    std::visit([&](const auto& one) { sw::append_json(line, line_of(one)); }, generator.event(number));
    line += '\n';
    good = std::fwrite(line.data(), 1, line.size(), file.get()) == line.size();
  }
  good = good && std::fflush(file.get()) == 0;
  if (!good) std::fprintf(stderr, "the events cannot be written to '%s': %s\n", path.c_str(), std::strerror(errno));
  return good;
}

}  // namespace nexmark
