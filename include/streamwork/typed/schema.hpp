// The description of a stored type: what bytes mean, without the program that wrote them.
//
// A schema is stored beside the values of its type, so that a later program whose types have changed can still read them,
// and `streamwork inspect` can show them. Its binary form is in docs/internals/state-encoding.md.
// Thread rule: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/byte_writer.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

struct StoredType;

/// The numbers are part of the format.
enum class SchemaKind : std::uint8_t {
  boolean = 1,
  character = 2,
  i8 = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  u8 = 7,
  u16 = 8,
  u32 = 9,
  u64 = 10,
  f32 = 11,
  f64 = 12,
  string = 13,
  enumeration = 14,  ///< one part, its number; names and their values
  duration = 15,     ///< one part, its number; a tick is `first` / `second` seconds
  instant = 16,      ///< one part, its duration; `first` is a `StoredClock`
  optional = 17,     ///< one part
  list = 18,         ///< one part
  map = 19,          ///< two parts, key and value
  array = 20,        ///< one part, `first` times
  tuple = 21,        ///< parts
  variant = 22,      ///< parts, of which a value has one
  record = 23,       ///< parts with names
};

/// The clock of a stored time point.
enum class StoredClock : std::uint8_t { other = 0, event = 1, processing = 2, system = 3 };

/// One type in a schema. Parts are numbers of nodes in the same schema.
struct SchemaNode {
  SchemaKind kind = SchemaKind::boolean;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::vector<std::uint32_t> parts{};
  std::vector<std::string> names{};    ///< of fields or enumerators
  std::vector<std::int64_t> values{};  ///< of enumerators
  friend bool operator==(const SchemaNode&, const SchemaNode&) = default;
};

/// Nodes in the order in which they are met, depth first; the first one is the whole type. A record may contain itself,
/// inside an optional or a list: its number comes again then. So equal types have equal schemas.
class Schema {
 public:
  /// The schema of a type of this program.
  explicit Schema(const StoredType& type);
  Schema(const Schema&);
  Schema(Schema&&) noexcept;
  Schema& operator=(const Schema&);
  Schema& operator=(Schema&&) noexcept;
  ~Schema();
  /// Reads what `write` wrote. Throws `StoredDataError`.
  static Schema read(ByteReader& reader);
  void write(ByteWriter& writer) const;

  const SchemaNode& node(std::uint32_t number) const { return nodes_[number]; }
  std::size_t size() const { return nodes_.size(); }

  /// For people: "{start: i64, state: optional<f64>}". What exceeds `most` characters ends in "…".
  std::string text(std::uint32_t node = 0, std::size_t most = 10'000) const;

  friend bool operator==(const Schema&, const Schema&) = default;

 private:
  Schema();

  std::vector<SchemaNode> nodes_;
};

/// True if both nodes describe the same type.
bool same_type(const Schema& one, std::uint32_t node, const Schema& other, std::uint32_t other_node);

/// Reads over one value of the type. Throws `StoredDataError`.
void skip_value(ByteReader& reader, const Schema& schema, std::uint32_t node = 0);

}  // namespace streamwork::typed
