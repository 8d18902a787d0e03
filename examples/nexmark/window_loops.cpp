// Loops over windows.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loops.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

using namespace std::chrono_literals;
constexpr sw::Duration window_length = 10s;

sw::EventTime window_of(sw::EventTime time, sw::Duration length) { return time - time.time_since_epoch() % length; }

/// Windows by their starts; those that are over are given out when event time has come four seconds further.
template <class Content>
class OpenWindows {
 public:
  explicit OpenWindows(sw::Duration length) : length_(length) {}

  template <class Close>
  Content& at(sw::EventTime time, Close&& close) {
    if (time >= start_ && time < start_ + length_) return *current_;
    close_until(time - 4s, close);
    start_ = window_of(time, length_);
    current_ = &windows_[start_];
    return *current_;
  }
  template <class Close>
  void close_until(sw::EventTime watermark, Close&& close) {
    while (!windows_.empty() && windows_.begin()->first + length_ <= watermark) {
      close(windows_.begin()->first, windows_.begin()->second);
      windows_.erase(windows_.begin());
    }
  }

 private:
  sw::Duration length_;
  std::map<sw::EventTime, Content> windows_;
  sw::EventTime start_ = sw::EventTime::min();
  Content* current_ = nullptr;
};

using Numbers = boost::unordered_flat_map<std::int64_t, std::int64_t>;

/// What the slices of a window add up to: each is added once and taken away once.
class HotItems {
 public:
  HotItems(sw::Duration slide, RowCount& out) : slide_(slide), out_(&out) {}

  void close(sw::EventTime start, Numbers& counts) {
    // Windows without a newer slice come in between.
    while (last_ && *last_ + slide_ < start) end_slice(*last_ + slide_, {});
    end_slice(start, std::move(counts));
  }
  void close_all() {
    while (!slices_.empty()) end_slice(*last_ + slide_, {});
  }

 private:
  void end_slice(sw::EventTime start, Numbers counts) {
    last_ = start;
    for (const auto& [auction, count] : counts) totals_[auction] += count;
    if (!counts.empty()) slices_.emplace(start, std::move(counts));
    const sw::EventTime window = start + slide_ - window_length;
    std::int64_t most = 0;
    for (const auto& [auction, count] : totals_) most = std::max(most, count);
    if (most > 0) {
      for (const auto& [auction, count] : totals_) {
        if (count == most) out_->add(HotItemRow{window, auction, count});
      }
    }
    if (slices_.empty() || slices_.begin()->first != window) return;
    for (const auto& [auction, count] : slices_.begin()->second) {
      const auto found = totals_.find(auction);
      if ((found->second -= count) == 0) totals_.erase(found);
    }
    slices_.erase(slices_.begin());
  }

  sw::Duration slide_;
  RowCount* out_;
  Numbers totals_;
  std::map<sw::EventTime, Numbers> slices_;
  std::optional<sw::EventTime> last_;
};

}  // namespace

void loop_q5(const Feed& feed, RowCount& out) {
  HotItems items(feed.slide, out);
  OpenWindows<Numbers> slices(feed.slide);
  const auto close = [&](sw::EventTime start, Numbers& counts) { items.close(start, counts); };
  feed.each_bid([&](const Bid& bid) { ++slices.at(bid.dateTime, close)[bid.auction]; });
  slices.close_until(sw::EventTime::max(), close);
  items.close_all();
}

void loop_q7(const Feed& feed, RowCount& out) {
  OpenWindows<std::vector<FullOffer>> windows(window_length);
  const auto close = [&](sw::EventTime start, const std::vector<FullOffer>& highest) {
    for (const FullOffer& bid : highest) out.add(highest_bid_row(start, bid));
  };
  feed.each_bid([&](const Bid& bid) {
    std::vector<FullOffer>& highest = windows.at(bid.dateTime, close);
    if (!highest.empty() && bid.price < highest.front().price) return;
    if (!highest.empty() && bid.price > highest.front().price) highest.clear();
    highest.push_back(full_offer_of(bid));
  });
  windows.close_until(sw::EventTime::max(), close);
}

void loop_q8(const Feed& feed, RowCount& out) {
  struct Seen {
    std::optional<std::string> name;
    bool sells = false;
  };
  using Window = boost::unordered_flat_map<std::int64_t, Seen>;
  OpenWindows<Window> windows(window_length);
  const auto close = [&](sw::EventTime start, const Window& window) {
    for (const auto& [id, seen] : window) {
      if (seen.sells && seen.name) out.add(NewSellerRow{id, *seen.name, start});
    }
  };
  feed.each([&](const Event& event) {
    if (const auto* person = std::get_if<Person>(&event)) {
      windows.at(person->dateTime, close)[person->id].name = person->name;
    } else if (const auto* auction = std::get_if<Auction>(&event)) {
      windows.at(auction->dateTime, close)[auction->seller].sells = true;
    }
  });
  windows.close_until(sw::EventTime::max(), close);
}

void loop_q11(const Feed& feed, RowCount& out) {
  struct Session {
    sw::EventTime first{};
    sw::EventTime last{};
    std::int64_t bids = 0;
  };
  boost::unordered_flat_map<std::int64_t, Session> sessions;
  const auto give_out = [&](std::int64_t bidder, const Session& session) {
    out.add(SessionRow{bidder, session.bids, session.first, session.last + 10s});
  };
  feed.each_bid([&](const Bid& bid) {
    Session& session = sessions[bid.bidder];
    if (session.bids > 0 && bid.dateTime - session.last > 10s) {
      give_out(bid.bidder, session);
      session.bids = 0;
    }
    if (session.bids++ == 0) session.first = bid.dateTime;
    session.last = bid.dateTime;
  });
  for (const auto& [bidder, session] : sessions) give_out(bidder, session);
}

void loop_q12(const Feed& feed, RowCount& out) {
  Numbers counts;
  sw::EventTime start{};
  const auto give_out = [&] {
    for (const auto& [bidder, count] : counts) out.add(SessionRow{bidder, count, start, start + window_length});
    counts.clear();
  };
  feed.each_bid([&](const Bid& bid) {
    const auto now = std::chrono::floor<sw::Duration>(std::chrono::system_clock::now().time_since_epoch());
    const sw::EventTime window = window_of(sw::EventTime(now), window_length);
    if (window != start) give_out();
    start = window;
    ++counts[bid.bidder];
  });
  give_out();
}

}  // namespace nexmark
