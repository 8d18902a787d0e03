// q10, log to file system: every bid into the folder of its minute, which is marked as complete when the minute is over.
#include <chrono>

#include "partitioned_log.hpp"
#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

std::int64_t minute_since_1970(const FullOffer& bid) { return bid.dateTime.time_since_epoch() / 1min; }

/// Tells behind the bids of a minute that there will be no other.
class Minutes {
 public:
  void open(sw::OperatorContext& context) {
    minute_ = context.current_key<std::int64_t>();
    over_ = context.event_timers();
  }
  void apply(const FullOffer& bid, sw::Output<LogEntry>& out) {
    over_.set(sw::EventTime((*minute_ + 1) * 1min));
    out.emit({*minute_, bid});
  }
  void on_timer(sw::EventTime, sw::Output<LogEntry>& out) {
    out.emit({*minute_, {}});
    minute_.forget();
  }

 private:
  sw::CurrentKey<std::int64_t> minute_;
  sw::EventTimers over_;
};

}  // namespace

void q10(const Setup& setup) {
  const auto entries = setup.bids()
                           .map("offer", full_offer_of)
                           .event_time(&FullOffer::dateTime, watermarks())
                           .key_by(minute_since_1970, setup.grouping())
                           .apply("minutes", Minutes());
  if (!setup.output.empty()) return entries.sink("log", PartitionedLog(setup.output));
  entries.filter("bids of minutes", [](const LogEntry& entry) { return entry.bid.has_value(); })
      .map("row",
           [](const LogEntry& entry) {
             const FullOffer& bid = *entry.bid;
             return PassedRow<std::int64_t>{bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra.view()};
           })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
