// Drives a source without a job: opens its splits and reads them as the instances of a job would, one after another or
// side by side, with chosen limits and with an output that refuses now and then.
// Thread rule: used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/source.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kit/fake_task.hpp"

namespace streamwork::testkit {

struct DrivenOptions {
  std::int64_t parallelism = 1;
  std::size_t limit = 1000;  ///< events per call of `read`
  std::size_t room = 1000;   ///< after so many events in a row the output says that it has no room for another
};

/// Every event of the source, split by split, in the order of the splits.
template <class Source>
std::vector<typename Source::Event> read_all(const Source& source, FakeTask& task, DrivenOptions options = {}) {
  std::vector<typename Source::Event> events;
  const auto splits = source.splits(SplitRequest{"source", options.parallelism});
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const auto instance = static_cast<std::int64_t>(i) % options.parallelism;
    const typed::VertexInstance vertex{"source", instance, options.parallelism, nullptr};
    SourceContext context(vertex, task);
    auto reader = source.open(splits[i], context);
    for (auto status = ReadStatus::more; status != ReadStatus::ended;) {
      std::size_t taken = 0;
      status = reader.read(
          [&](auto&& event) {
            events.push_back(std::forward<decltype(event)>(event));
            return ++taken % options.room != 0;
          },
          options.limit);
      if (taken > options.limit) throw std::logic_error("the reader pushed more events than it was allowed");
      if (status == ReadStatus::waiting) task.sleep();
    }
  }
  return events;
}

/// As above, for sources that ask the task for nothing.
template <class Source>
std::vector<typename Source::Event> read_all(const Source& source, DrivenOptions options = {}) {
  FakeTask task;
  return read_all(source, task, options);
}

}  // namespace streamwork::testkit
