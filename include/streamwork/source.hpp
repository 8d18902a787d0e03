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
// Thread rule: `splits` is called once per start by the thread that starts the job; a reader is used by one instance.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <streamwork/clock.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
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

  /// Calls `read` again at `time` at the latest.
  void wake_at(SteadyTime time) { task_->wake_at(time); }
  /// Calls `read` again as soon as the file descriptor can be read (or written).
  void wake_when_readable(int descriptor) { task_->wake_when_readable(descriptor); }
  void wake_when_writable(int descriptor) { task_->wake_when_writable(descriptor); }

  // For the engine.
  SourceContext(const typed::VertexInstance& vertex, typed::TaskContext& task) : vertex_(vertex), task_(&task) {}

 private:
  const typed::VertexInstance& vertex_;
  typed::TaskContext* task_;
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
