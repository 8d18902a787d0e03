// What an instance of a source has to acknowledge, and when: receipts on their way from a barrier to the completion of its
// checkpoint. For sources that do not acknowledge there is nothing here.
// Thread rule: one task.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <ranges>
#include <streamwork/source.hpp>
#include <streamwork/typed/saved_entries.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class Source>
class Receipts {
 public:
  template <class Reader>
  static void reader_ended(std::shared_ptr<Reader>) {}
  template <class Readers>
  static void collect(std::uint64_t, const Readers&) {}
  static void completed(std::uint64_t) {}
  static void save(SnapshotTarget&, const VertexInstance&) {}
  static void clear() {}
};

template <AcknowledgingSource Source>
class Receipts<Source> {
  using Receipt = typename Source::Receipt;
  using Reader = ReaderOf<Source>;

 public:
  /// It is kept until everything it has given out is acknowledged.
  void reader_ended(std::shared_ptr<Reader> reader) { ended_.push_back(std::move(reader)); }

  /// Asks `readers`, and those that have ended since, for what they have given out; `checkpoint` covers it.
  template <class Readers>
  void collect(std::uint64_t checkpoint, const Readers& readers) {
    const auto ask = [&](std::shared_ptr<Reader> reader) {
      Receipt receipt = reader->receipt();
      waiting_.push_back({checkpoint, std::move(reader), std::move(receipt)});
    };
    for (const std::shared_ptr<Reader>& reader : ended_) ask(reader);
    ended_.clear();
    for (std::shared_ptr<Reader> reader : readers) ask(std::move(reader));
  }
  void completed(std::uint64_t checkpoint) {
    for (; !waiting_.empty() && waiting_.front().checkpoint <= checkpoint; waiting_.pop_front())
      waiting_.front().reader->acknowledge(waiting_.front().receipt);
  }
  /// What the checkpoint at hand covers and nobody has acknowledged.
  void save(SnapshotTarget& target, const VertexInstance& vertex) const {
    if constexpr (RecognisingSource<Source>)
      save_entries<Receipt>(target, vertex, section::receipts, waiting_ | std::views::transform(&Waiting::receipt));
  }
  void clear() {
    waiting_.clear();
    ended_.clear();
  }

 private:
  struct Waiting {
    std::uint64_t checkpoint;
    std::shared_ptr<Reader> reader;
    Receipt receipt;
  };

  std::deque<Waiting> waiting_;                 ///< in the order of the checkpoints
  std::vector<std::shared_ptr<Reader>> ended_;  ///< since they were last asked
};

}  // namespace streamwork::typed
