// What a source looks like.
//
// A source is a set of splits (a block of a file, a socket, a residue class of a generator): a split has its own
// position and its own end, and any instance can read any split. The source object is a description and can be copied;
// it lists its splits before the job starts and opens a reader for each split on the instance that reads it.
//
//   class Countdown {
//    public:
//     using Event = int;                                                  // what it brings in
//     struct Split { int from; };                                         // copyable
//     static constexpr sw::SplitOrder split_order = sw::SplitOrder::one_after_another;
//     std::vector<Split> splits(const sw::SplitRequest&) const { return {{10}, {20}}; }
//
//     class Reader {
//      public:
//       template <class Push>
//       sw::ReadStatus read(Push&& push, std::size_t limit) {             // at most `limit` events
//         for (; limit > 0 && next_ > 0; --limit) {
//           if (!push(next_--)) break;                                    // taken, but no room for another
//         }
//         return next_ > 0 ? sw::ReadStatus::more : sw::ReadStatus::ended;
//       }
//       ...
//     };
//     Reader open(const Split& split, sw::SourceContext&) const { return Reader{split.from}; }
//   };
//
// A source whose events can be read again tells what is left of a split. Then a checkpoint holds how far it was read, and a
// restarted job goes on there; without it the job's delivery is at most once from here.
//
//     using Position = …;                                                   // what is left of a split; storable (stored.hpp)
//     Position position(const Split&) const;                                // of a whole split
//     std::vector<Split> splits_at(const sw::SplitRequest&, const std::vector<Position>&) const;   // what was left of each
//     Position Reader::position() const;                                    // of what has not been pushed yet
//
// At most once, a source gives out only what a complete checkpoint counts as read. For that its readers number the places
// where events lie (by bytes, by events, as they like; greater is later) and stop where they are told to. A source that can
// be read again and cannot do this is refused in a job that is to be at most once.
//
//     std::uint64_t Reader::place() const;                                  // of what comes next
//     std::uint64_t Reader::end_place() const;                              // behind the last event; the greatest number: no end known
//     Position Reader::position_at(std::uint64_t place) const;              // what is left from there on
//     void Reader::stop_at(std::uint64_t place);                            // `read` pushes nothing that lies there or behind; it
//                                                                           //   returns `more`, until it is told another place
//
// A source that is sent its events (MQTT, HTTP, a queue) and cannot ask for them again acknowledges them to their sender,
// who sends again what was not acknowledged. At every barrier a reader is asked for a receipt of what it has pushed since
// the last one; when the checkpoint is complete, the receipt comes back to it. A job without checkpoints acknowledges what
// was read as soon as it was handed on.
//
//     using Receipt = …;                                                    // copyable: which events
//     Receipt Reader::receipt();                                            // of what was pushed since it was last called
//     void Reader::acknowledge(const Receipt&);                             // no failure will need these events again
//
// An acknowledgement may still be lost: the process dies between a checkpoint and the acknowledgement, or the connection
// breaks. Then the sender sends again what the checkpoint has. A source whose events have ids drops it: its receipts are
// storable lists of ids, checkpoints keep those not acknowledged yet, and every reader hears of them before it reads. It
// acknowledges such an event when it comes again, and does not push it. Until then, and as long as an acknowledgement
// may not have arrived, the ids belong into the reader's next receipts.
//
//     void Reader::covered(const std::vector<Receipt>&);                    // optional: with it the delivery is exactly once
//
// A start of a job that has ended before asks for no splits.
// Thread rule: `splits` is called once per start by the thread that starts the job; a reader is used by one instance.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <streamwork/clock.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/stored_shape.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork {

/// What `Reader::read` found: `more`, `waiting` (it has arranged to be woken through the context) or `ended`.
using typed::ReadStatus;

/// How the instances of a source share its splits.
enum class SplitOrder : std::uint8_t {
  /// Each instance takes the next split when it has read the one before to its end (blocks of a file).
  one_after_another,
  /// Split `i` belongs to instance `i mod parallelism`, which reads all its splits side by side (sockets, partitions).
  side_by_side,
};

/// What a source is told when it is asked for its splits.
struct SplitRequest {
  std::string vertex;
  std::int64_t parallelism = 1;
};

/// What a reader may ask of its instance. Valid as long as the reader.
class SourceContext {
 public:
  const std::string& vertex() const { return vertex_.name; }
  std::int64_t instance() const { return vertex_.instance; }
  std::int64_t parallelism() const { return vertex_.parallelism; }
  const Clock& clock() const { return task_->clock(); }
  /// True in a job that is to be at most once: a reader that acknowledges does so before it pushes. It is asked for no
  /// receipts.
  bool acknowledges_first() const { return acknowledges_first_; }

  /// Calls `read` again at `time` at the latest.
  void wake_at(SteadyTime time) { task_->wake_at(time); }
  /// Calls `read` again as soon as the file descriptor can be read (or written).
  void wake_when_readable(int descriptor) { task_->wake_when_readable(descriptor); }
  void wake_when_writable(int descriptor) { task_->wake_when_writable(descriptor); }

  // For the engine.
  SourceContext(const typed::VertexInstance& vertex, typed::TaskContext& task, bool acknowledges_first = false)
      : vertex_(vertex), task_(&task), acknowledges_first_(acknowledges_first) {}

 private:
  const typed::VertexInstance& vertex_;
  typed::TaskContext* task_;
  bool acknowledges_first_;
};

namespace typed {
/// What a source opens.
template <class S>
using ReaderOf =
    decltype(std::declval<const S&>().open(std::declval<const typename S::Split&>(), std::declval<SourceContext&>()));
}  // namespace typed

/// A source whose events can be read again; see the top of this file.
template <class S>
concept ReplayableSource = requires(const S source, const SplitRequest& request, const typename S::Split& split,
                                    const std::vector<typename S::Position>& positions) {
  requires typed::Storable<typename S::Position>;
  { source.position(split) } -> std::same_as<typename S::Position>;
  { source.splits_at(request, positions) } -> std::same_as<std::vector<typename S::Split>>;
};

/// One whose positions can be reserved ahead; see the top of this file.
template <class S>
concept ReservableSource =
    ReplayableSource<S> && requires(typed::ReaderOf<S>& reader, const typed::ReaderOf<S>& unchanged) {
      { unchanged.place() } -> std::same_as<std::uint64_t>;
      { unchanged.end_place() } -> std::same_as<std::uint64_t>;
      { unchanged.position_at(std::uint64_t{}) } -> std::same_as<typename S::Position>;
      reader.stop_at(std::uint64_t{});
    };

/// A source that acknowledges to whoever sends its events.
template <class S>
concept AcknowledgingSource =
    std::copyable<typename S::Receipt> && requires(typed::ReaderOf<S>& reader, const typename S::Receipt& receipt) {
      { reader.receipt() } -> std::same_as<typename S::Receipt>;
      reader.acknowledge(receipt);
    };

/// One that knows its events again.
template <class S>
concept RecognisingSource = AcknowledgingSource<S> && typed::Storable<typename S::Receipt> &&
                            requires(typed::ReaderOf<S>& reader, const std::vector<typename S::Receipt>& receipts) {
                              reader.covered(receipts);
                            };

namespace typed {
/// Stands for whatever a reader pushes into, where a concept needs one.
template <class T>
struct AnyPush {
  bool operator()(T) { return true; }
};
}  // namespace typed

/// The shape of a source; see the top of this file.
template <class S>
concept SourceLike = std::copy_constructible<S> && requires(const S source, const SplitRequest& request,
                                                            const typename S::Split& split, SourceContext& context) {
  typename S::Event;
  { source.splits(request) } -> std::same_as<std::vector<typename S::Split>>;
  { source.open(split, context) };
  { S::split_order } -> std::convertible_to<SplitOrder>;
};

}  // namespace streamwork
