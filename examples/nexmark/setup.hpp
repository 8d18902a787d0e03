// What a query is written into: the job, its events, and where its rows go.
#pragma once

#include <chrono>
#include <streamwork/streamwork.hpp>
#include <variant>

#include "event.hpp"
#include "row_sink.hpp"
#include "source.hpp"

namespace nexmark {

using namespace std::chrono_literals;

struct Setup {
  sw::Job job;
  Source source;
  RowSink rows;
  std::string output;                ///< of the query that writes files of its own
  int parallelism = 1;               ///< of the source and of every grouping
  bool changes = false;              ///< a table gives out its changes, not what it is at the end
  sw::Duration slide = 2s;           ///< of query 5
  std::int64_t selling_prices = 10;  ///< that query 6 takes the average of

  auto events() const { return job_copy().source("nexmark", source, {.parallelism = parallelism}); }
  /// The bids alone. A bid is not copied on its way through a fused loop.
  auto bids() const {
    return events()
        .filter("bids", [](const Event& event) { return std::holds_alternative<Bid>(event); })
        .map("bid", [](const Event& event) -> const Bid& { return *std::get_if<Bid>(&event); });
  }
  sw::GroupingOptions grouping() const { return {.parallelism = parallelism}; }

 private:
  sw::Job job_copy() const { return job; }  // copies share the graph
};

/// Event time of a stream of the benchmark: the watermark is four seconds behind.
inline auto watermarks() { return sw::bounded_out_of_order(4s); }

}  // namespace nexmark
