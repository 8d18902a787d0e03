// The states of one operator instance that belong to no key: opened, saved and restored by name.
//
// Each is one section of kind "values" with one entry, whose part has the state's name.
// Thread rule: one task.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <streamwork/typed/entry_schema.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/sliced_map.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// One of them without its type.
class InstanceState {
 public:
  InstanceState(std::string name, bool of_first) : name_(std::move(name)), of_first_(of_first) {}
  InstanceState(const InstanceState&) = delete;
  InstanceState& operator=(const InstanceState&) = delete;
  virtual ~InstanceState() = default;

  const std::string& name() const { return name_; }
  /// True if only instance 0 saves it.
  bool of_first() const { return of_first_; }

  /// nullptr if it cannot be stored.
  virtual const ValueCodec* codec() const = 0;
  virtual const Migrations& migrations() const = 0;
  virtual const std::byte* value() const = 0;
  /// Appends the value as it is now to `writer`, or begins to, if it may be large: the rest comes with `save_some`, whatever
  /// becomes of the value. REQUIRES: it can be stored.
  virtual void begin_saving(ByteWriter& writer) { codec()->encode(value(), writer); }
  /// True: nothing is left.
  virtual bool save_some() { return true; }
  /// A value to read what the instance of this number had into.
  virtual std::byte* add_saved(std::int64_t instance) = 0;
  /// All that was saved is there.
  virtual void assemble(const VertexInstance& vertex) = 0;

 private:
  std::string name_;
  bool of_first_;
};

/// What the instances of an earlier run had, in their order.
template <class T>
using SavedValues = std::vector<std::pair<std::int64_t, std::unique_ptr<T>>>;

template <class T>
class InstanceStateOf : public InstanceState {
 public:
  /// Gives the instance its part; the value is the initial one before.
  using Share = std::function<void(T& value, SavedValues<T>& saved, const VertexInstance& vertex)>;

  InstanceStateOf(std::string name, bool of_first, T initial, Migrations migrations, Share share)
      : InstanceState(std::move(name), of_first),
        initial_(std::move(initial)),
        value_(initial_),
        migrations_(std::move(migrations)),
        share_(std::move(share)) {}

  T& get() { return value_; }
  const T& initial() const { return initial_; }

  const ValueCodec* codec() const override { return codec_of<T>(); }
  const Migrations& migrations() const override { return migrations_; }
  const std::byte* value() const override { return reinterpret_cast<const std::byte*>(&value_); }
  std::byte* add_saved(std::int64_t instance) override {
    saved_.emplace_back(instance, std::make_unique<T>(initial_));
    return reinterpret_cast<std::byte*>(saved_.back().second.get());
  }
  void assemble(const VertexInstance& vertex) override {
    if (!saved_.empty()) share_(value_, saved_, vertex);
    saved_.clear();
  }

 private:
  T initial_;
  T value_;
  Migrations migrations_;
  Share share_;
  SavedValues<T> saved_;
};

// How a state is shared out.

/// What several instances had is put together by `merge(value, other)`, which returns the new value.
template <class T, class Merge>
auto share_by_number(std::string name, Merge merge) {
  return [name = std::move(name), merge = std::move(merge)](T& value, SavedValues<T>& saved,
                                                            const VertexInstance& vertex) {
    bool any = false;
    for (auto& [instance, other] : saved) {
      if (instance % vertex.parallelism != vertex.instance) continue;
      if (!std::exchange(any, true)) {
        value = std::move(*other);
      } else if constexpr (std::is_null_pointer_v<Merge>) {
        throw StateMismatch(
            "state '" + name + "' was one value for each of " + std::to_string(saved.size()) +
            " instances, of which there are fewer now: give operator_state a function that merges two values, make it "
            "an operator_list_state, or keep the parallelism");
      } else {
        value = std::invoke(merge, std::as_const(value), std::as_const(*other));
      }
    }
  };
}

/// Elements of all lists are dealt out in turn; as long as the number of instances is the same, each keeps its own.
template <class T>
void share_in_turn(std::vector<T>& value, SavedValues<std::vector<T>>& saved, const VertexInstance& vertex) {
  const bool unchanged = std::cmp_equal(saved.size(), vertex.parallelism);
  std::int64_t turn = 0;
  for (auto& [instance, elements] : saved) {
    for (T& element : *elements) {
      if ((unchanged ? instance : turn++ % vertex.parallelism) == vertex.instance) value.push_back(std::move(element));
    }
  }
}

template <class T>
void share_all(std::vector<T>& value, SavedValues<std::vector<T>>& saved, const VertexInstance&) {
  for (auto& [instance, elements] : saved) value.insert(value.end(), elements->begin(), elements->end());
}

template <class T>
void share_first(T& value, SavedValues<T>& saved, const VertexInstance&) {
  value = std::move(*saved.front().second);
}

/// A map of which instance 0 saves what it has, a little at a time.
template <class K, class V>
class BroadcastStateOf final : public InstanceStateOf<std::map<K, V>> {
  using Map = std::map<K, V>;

 public:
  BroadcastStateOf(std::string name, Migrations migrations)
      : InstanceStateOf<Map>(std::move(name), true, {}, std::move(migrations), share_first<Map>) {}

  SlicedMap<K, V>& map() { return map_; }

  void begin_saving(ByteWriter& writer) override {
    if constexpr (Storable<Map>) map_.begin_saving(writer);
  }
  bool save_some() override {
    if constexpr (Storable<Map>) return map_.save_some(entries_per_step);
    return true;
  }

 private:
  /// Some 100 µs.
  static constexpr std::size_t entries_per_step = 1024;

  SlicedMap<K, V> map_{this->get()};
};

class InstanceStates {
 public:
  explicit InstanceStates(const VertexInstance& vertex);
  InstanceStates(const InstanceStates&) = delete;
  InstanceStates& operator=(const InstanceStates&) = delete;
  ~InstanceStates();

  /// Those opened from now on hold what is in there. nullptr: nothing.
  void restore_from(const RestoredState* restored) { restored_ = restored; }

  /// Adds a state and takes up what was saved of it. Throws `std::logic_error` if the name is taken, and `StateMismatch` if
  /// what was saved does not fit.
  template <class T>
  InstanceStateOf<T>& open(const std::string& name, bool of_first, T initial, Migrations migrations,
                           typename InstanceStateOf<T>::Share share) {
    auto state = std::make_unique<InstanceStateOf<T>>(name, of_first, std::move(initial), std::move(migrations),
                                                      std::move(share));
    InstanceStateOf<T>& opened = *state;
    add(std::move(state));
    return opened;
  }
  template <class K, class V>
  SlicedMap<K, V>& open_broadcast(const std::string& name, Migrations migrations) {
    auto state = std::make_unique<BroadcastStateOf<K, V>>(name, std::move(migrations));
    SlicedMap<K, V>& opened = state->map();
    add(std::move(state));
    return opened;
  }

  /// Throws `std::logic_error`, naming the state, if there is one that cannot be stored.
  void require_storable() const;
  /// Throws `StateMismatch` if something was saved that nobody has opened.
  void require_all_opened() const;
  /// Saves all, or begins to: the rest comes with `save_some`.
  void begin_saving(SnapshotTarget& target);
  /// True: nothing is left.
  bool save_some();

 private:
  /// A state of which something is left.
  struct Saving {
    InstanceState* state;
    std::uint32_t section;
    std::unique_ptr<ByteWriter> bytes;  // which stay where they are
  };
  void add(std::unique_ptr<InstanceState> state);
  void restore(InstanceState& state) const;

  const VertexInstance& vertex_;
  const RestoredState* restored_ = nullptr;
  std::vector<std::unique_ptr<InstanceState>> states_;
  SnapshotTarget* target_ = nullptr;
  std::vector<Saving> saving_;
};

}  // namespace streamwork::typed
