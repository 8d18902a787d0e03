#include <algorithm>
#include <streamwork/typed/schema.hpp>
#include <streamwork/typed/stored_type.hpp>
#include <utility>

namespace streamwork::typed {

namespace {

/// Adds a type and what it is made of; a record that is still being described is not described again.
class Description {
 public:
  explicit Description(std::vector<SchemaNode>& nodes) : nodes_(nodes) {}

  std::uint32_t add(const StoredType& type) {
    for (const auto& [open, number] : open_) {
      if (open == &type) return number;
    }
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(alone(type));
    if (type.kind == SchemaKind::record) open_.emplace_back(&type, number);
    std::vector<std::uint32_t> parts;
    for (std::size_t i = 0; i < type.part_count; ++i) parts.push_back(add(*type.parts[i]));
    nodes_[number].parts = std::move(parts);
    if (type.kind == SchemaKind::record) open_.pop_back();
    return number;
  }

 private:
  static SchemaNode alone(const StoredType& type) {
    SchemaNode node{.kind = type.kind, .first = type.first, .second = type.second};
    if (type.names != nullptr) node.names.assign(type.names, type.names + type.part_count);
    for (std::size_t i = 0; i < type.enumerators.size; ++i) {
      node.names.emplace_back(type.enumerators.names[i]);
      node.values.push_back(type.enumerators.values[i]);
    }
    return node;
  }

  std::vector<SchemaNode>& nodes_;
  std::vector<std::pair<const StoredType*, std::uint32_t>> open_;
};

/// Compares nodes; of records that contain themselves, those under comparison count as equal.
class Comparison {
 public:
  Comparison(const Schema& one, const Schema& other) : one_(one), other_(other) {}

  bool same(std::uint32_t one_number, std::uint32_t other_number) {
    const SchemaNode& one = one_.node(one_number);
    const SchemaNode& other = other_.node(other_number);
    if (one.kind != other.kind || one.first != other.first || one.second != other.second ||
        one.parts.size() != other.parts.size() || one.names != other.names || one.values != other.values) {
      return false;
    }
    const std::pair pair(one_number, other_number);
    if (std::ranges::find(open_, pair) != open_.end()) return true;
    open_.push_back(pair);
    for (std::size_t i = 0; i < one.parts.size(); ++i) {
      if (!same(one.parts[i], other.parts[i])) return false;
    }
    open_.pop_back();
    return true;
  }

 private:
  const Schema& one_;
  const Schema& other_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open_;
};

}  // namespace

Schema::Schema() = default;
Schema::Schema(const Schema&) = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(const Schema&) = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Schema::Schema(const StoredType& type) { Description(nodes_).add(type); }

bool same_type(const Schema& one, std::uint32_t node, const Schema& other, std::uint32_t other_node) {
  return Comparison(one, other).same(node, other_node);
}

}  // namespace streamwork::typed
