// Writes rows of keyed state into a snapshot, and reads them back: a key and its states, each by its codec.
//
// Rows are collected by key group, so that a restart at another parallelism reads what it needs and no more.
// Thread rule: one task.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <streamwork/typed/entry_schema.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/state_layout.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

class RowSaver {
 public:
  /// `key` is the codec of the key at the beginning of each row. REQUIRES: `layout` is complete, and every state in it can be
  /// stored.
  RowSaver(const StateLayout& layout, const ValueCodec& key);

  void begin(SnapshotTarget& target, const VertexInstance& vertex);
  /// Saves a row of a key with this hash.
  void save(const std::byte* row, std::uint32_t hash) {
    Group& group = groups_[key_group_of(hash)];
    if (memory_words_ != 0) {
      std::byte* const place = group.bytes.extend(memory_words_ * word);
      for (std::size_t i = 0; i < memory_words_; ++i) std::memcpy(place + i * word, row + i * word, word);
    } else {
      key_.encode(row, group.bytes);
      layout_.encode(row, group.bytes);
    }
    ++group.rows;
    if (group.bytes.size() >= frame_bytes) [[unlikely]]
      hand_in(key_group_of(hash));
  }
  /// Hands in what is left.
  void end();

 private:
  struct Group {
    ByteWriter bytes;
    std::uint64_t rows = 0;
  };
  /// Large enough that a disk and a checksum do not mind, small enough that all key groups together take a few megabytes.
  static constexpr std::size_t frame_bytes = std::size_t{64} << 10U;

  static constexpr std::size_t word = 8;

  void hand_in(std::uint32_t key_group);
  static std::size_t memory_words(const StateLayout& layout, const ValueCodec& key);

  const StateLayout& layout_;
  const ValueCodec& key_;
  /// Rows of so many words are encoded as they lie in memory, key and states in one; 0 if they are not.
  const std::size_t memory_words_;
  SnapshotTarget* target_ = nullptr;
  std::uint32_t section_ = 0;
  std::array<Group, key_groups> groups_;
};

/// Reads what a `RowSaver` has written, perhaps that of an older program.
class RowLoader {
 public:
  /// Throws `StateMismatch`, which names the state, if the rows of `frame` are not such as these.
  RowLoader(StateLayout& layout, const ValueCodec& key, const StoredFrame& frame, bool drop_states);
  RowLoader(const RowLoader&) = delete;
  RowLoader& operator=(const RowLoader&) = delete;
  ~RowLoader();
  /// Throws `StateMismatch` if the rows that were saved of the vertex are not such as these.
  static void check(StateLayout& layout, const ValueCodec& key, const RestoredState& restored,
                    const std::string& vertex);
  /// Calls `load(frame)` for those of the key groups that belong to this instance.
  static void for_each_frame(const RestoredState& restored, const VertexInstance& vertex,
                             const std::function<void(const StoredFrame&)>& load);

  /// Reads the key of the next row into `key`.
  void read_key(std::byte* key);
  /// Reads its states into a row that has initial values.
  void read_states(std::byte* row);
  /// True if nothing is left.
  bool at_end() const { return bytes_.at_end(); }

 private:
  struct Part {
    std::unique_ptr<ValueReader> reader;  ///< nullptr: a state that is not wanted any more
    std::uint32_t offset = 0;             ///< of the state in a row
    Schema schema;
  };

  std::vector<Part> readers_;  // the key first
  ByteReader bytes_;
};

}  // namespace streamwork::typed
