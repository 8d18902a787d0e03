// A map that is saved a little at a time while it changes: what it held when that began.
//
// Entries are saved in their order. One that is about to change or go, and whose turn has not come, is saved first; it and
// those that are new are passed over when their turn comes.
// Thread rule: one task.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <streamwork/typed/byte_writer.hpp>
#include <streamwork/typed/encode_value.hpp>
#include <utility>

namespace streamwork::typed {

template <class K, class V>
class SlicedMap {
  using Map = std::map<K, V>;

 public:
  /// `entries` is changed through this alone, and outlives it.
  explicit SlicedMap(Map& entries) : entries_(entries) {}

  const Map& entries() const { return entries_; }
  void put(const K& key, V value) {
    before_change(key);
    entries_.insert_or_assign(key, std::move(value));
  }
  /// False if it was not there.
  bool remove(const K& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return false;
    before_change(key);
    if (saved_ == &entries_ && next_ == found) ++next_;
    entries_.erase(found);
    return true;
  }
  void clear() {
    if (saved_ == &entries_) {
      const bool at_end = next_ == entries_.end();
      cleared_.swap(entries_);  // what is left of it is saved from there
      saved_ = &cleared_;
      if (at_end) next_ = cleared_.end();
    } else {
      entries_.clear();
    }
  }

  /// From now on, until `save_some` returns true or another saving begins, `writer`, which lives until then, gets what there is
  /// now, as `encode` would write it.
  void begin_saving(ByteWriter& writer)
    requires Storable<Map>
  {
    writer_ = &writer;
    writer.enter();
    writer.put_length(entries_.size());
    settled_.clear();
    cleared_.clear();
    saved_ = &entries_;
    next_ = entries_.begin();
  }
  /// True: nothing is left.
  bool save_some(std::size_t most)
    requires Storable<Map>
  {
    for (; next_ != saved_->end(); ++next_) {
      if (most-- == 0) return false;
      if (!settled_.contains(next_->first)) save(*next_);
    }
    writer_->leave();
    settled_.clear();
    cleared_.clear();
    saved_ = nullptr;
    return true;
  }

 private:
  void before_change(const K& key) {
    if (saved_ != &entries_ || next_ == entries_.end() || key < next_->first || !settled_.insert(key).second) return;
    if constexpr (Storable<Map>) {
      if (const auto found = entries_.find(key); found != entries_.end()) save(*found);
    }
  }
  void save(const std::pair<const K, V>& entry) {
    encode(entry.first, *writer_);
    encode(entry.second, *writer_);
  }

  Map& entries_;
  // While it is being saved.
  ByteWriter* writer_ = nullptr;
  Map* saved_ = nullptr;  ///< what is gone through: the entries, or those that have been cleared
  typename Map::iterator next_{};
  std::set<K> settled_;  ///< keys whose turn has not come and which are not to be saved then
  Map cleared_;
};

}  // namespace streamwork::typed
