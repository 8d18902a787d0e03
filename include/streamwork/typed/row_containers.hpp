// Lists and maps in the row of a key: a pointer each, and no memory beside it while they are empty.
// Thread rule: one task.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <streamwork/typed/fixed_encoding.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// A container that is made when something comes into it.
template <class Container>
class Boxed {
 public:
  using value_type = typename Container::value_type;

  Boxed() = default;
  Boxed(const Boxed& other) : content_(other.content_ ? std::make_unique<Container>(*other.content_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    content_ = std::move(other.content_);
    return *this;
  }
  ~Boxed() = default;

  bool empty() const { return !content_ || content_->empty(); }
  std::size_t size() const { return content_ ? content_->size() : 0; }
  /// Gives the memory back, too.
  void clear() { content_.reset(); }
  const Container& operator*() const { return content_ ? *content_ : none(); }
  auto begin() const { return (**this).begin(); }
  auto end() const { return (**this).end(); }
  /// The container itself, to change it.
  Container& change() {
    if (!content_) content_ = std::make_unique<Container>();
    return *content_;
  }

 private:
  static const Container& none() {
    static const Container empty{};
    return empty;
  }

  std::unique_ptr<Container> content_;
};

// What the codec asks of a list or map, so that they are stored as such.

template <class T>
class RowList : public Boxed<std::vector<T>> {
 public:
  static_assert(!std::is_same_v<T, bool>, "a list of bool has no elements one could refer to: use char");
  const T* data() const { return (**this).data(); }
  T* data() { return this->change().data(); }
  T& emplace_back() { return this->change().emplace_back(); }
  void push_back(T element) { this->change().push_back(std::move(element)); }
  void reserve(std::size_t count) {
    if (count > 0) this->change().reserve(count);
  }
  void resize(std::size_t count) {
    if (count > 0) this->change().resize(count);
  }
};

template <class K, class V>
class RowMap : public Boxed<std::map<K, V>> {
 public:
  using key_type = K;
  using mapped_type = V;
  auto emplace(K key, V value) { return this->change().emplace(std::move(key), std::move(value)); }
};

template <class T>
inline constexpr bool is_memory_list<RowList<T>> = is_memory<T>();

}  // namespace streamwork::typed
