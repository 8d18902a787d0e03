// The splits of one start of a source, which its instances share: listed anew, or what a checkpoint has left of them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <streamwork/connectors/pace.hpp>
#include <streamwork/source.hpp>
#include <streamwork/typed/job_graph.hpp>
#include <streamwork/typed/saved_entries.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// A split under way, as a checkpoint has it.
template <class Position>
struct SavedSplit {
  std::uint64_t number;  ///< in the list of all splits of that run
  Position rest;
};

/// What becomes of the receipts of a source that acknowledges.
enum class AcknowledgeWhen : std::uint8_t {
  handed_on,  ///< no checkpoint will cover what was read
  covered,    ///< when a checkpoint does
  first,      ///< by the reader, before it pushes
};

/// A source that gives no receipts still needs a type for them.
template <class Source>
struct ReceiptOf {
  struct type {};
};
template <AcknowledgingSource Source>
struct ReceiptOf<Source> {
  using type = typename Source::Receipt;
};

template <class Source>
struct SplitList {
  using Receipt = typename ReceiptOf<Source>::type;

  SplitList(const Source& description, const SplitRequest& request, const JobStart& start) : source(description) {
    if (start.source_rate) pace.emplace(*start.source_rate);
    list_splits(request, start);
    const bool at_most_once = start.sinks.delivery == Delivery::at_most_once;
    if constexpr (RecognisingSource<Source>) {
      if (start.restored != nullptr && !at_most_once) take_up_receipts(request, *start.restored);
    }
    acknowledge = at_most_once              ? AcknowledgeWhen::first
                  : start.keeps_checkpoints ? AcknowledgeWhen::covered
                                            : AcknowledgeWhen::handed_on;
    reserves = start.keeps_checkpoints && at_most_once && replayable();
    checkpoint_interval = start.checkpoint_interval;
    if (reserves && !ReservableSource<Source>) {
      throw std::invalid_argument(
          "its positions cannot be reserved ahead, so that it would read again after a failure what it has given out: "
          "for "
          "at_most_once its readers need `place`, `end_place`, `position_at` and `stop_at` (source.hpp)");
    }
  }

  SourceMemory memory() const {
    if (replayable()) return SourceMemory::replays;
    if constexpr (RecognisingSource<Source>) return SourceMemory::recognises;
    return AcknowledgingSource<Source> ? SourceMemory::acknowledges : SourceMemory::forgets;
  }

  /// Whether what is left of the splits can be read later.
  bool replayable() const {
    if constexpr (!ReplayableSource<Source>) return false;
    if constexpr (requires { source.replayable(splits); }) return source.replayable(splits);
    return true;
  }

  const Source source;
  std::vector<typename Source::Split> splits;
  std::vector<std::optional<std::uint64_t>> saved_numbers;  ///< under which the checkpoint knows those under way
  std::atomic<std::size_t> next{0};                         ///< for splits that are read one after another
  std::optional<Pace> pace;                                 ///< of all instances together
  std::atomic<std::uint64_t> paced{0};                      ///< events that were read, or are about to be
  bool reserves = false;  ///< only what a complete checkpoint counts as read is given out
  std::chrono::nanoseconds checkpoint_interval{};
  AcknowledgeWhen acknowledge{};
  std::vector<Receipt> covered;  ///< what the checkpoint has, though its sender may not know

 private:
  void list_splits(const SplitRequest& request, const JobStart& start) {
    if (start.ended()) return;  // the input may be gone
    if constexpr (ReplayableSource<Source>) {
      if (start.restored != nullptr && take_up(request, *start.restored)) return;
    }
    splits = source.splits(request);
    saved_numbers.resize(splits.size());
  }
  void take_up_receipts(const SplitRequest& request, const RestoredState& restored) {
    for (auto& [instance, receipt] : saved_entries<Receipt>(restored, request.vertex, section::receipts))
      covered.push_back(std::move(receipt));
  }
  /// False if the checkpoint knows nothing of this source.
  bool take_up(const SplitRequest& request, const RestoredState& restored) {
    using Position = typename Source::Position;
    // A list without splits is one too: all have been read.
    bool known = false;
    restored.for_each(request.vertex, section::split_list, [&](const StoredFrame&) { known = true; });
    if (!known) return false;
    const auto all = saved_entries<Position>(restored, request.vertex, section::split_list);
    std::map<std::uint64_t, Position> under_way;
    for (auto& [instance, split] : saved_entries<SavedSplit<Position>>(restored, request.vertex, section::splits))
      under_way.emplace(split.number, std::move(split.rest));
    const std::vector<std::uint64_t> numbers = read_numbers(restored, request.vertex, section::ended_splits);
    const std::set<std::uint64_t> ended(numbers.begin(), numbers.end());
    std::vector<Position> rests;
    for (std::uint64_t number = 0; number < all.size(); ++number) {
      if (ended.contains(number)) continue;
      const auto begun = under_way.find(number);
      rests.push_back(begun == under_way.end() ? all[number].second : begun->second);
      saved_numbers.push_back(begun == under_way.end() ? std::nullopt : std::optional(number));
    }
    splits = source.splits_at(request, rests);
    return true;
  }
};

}  // namespace streamwork::typed
