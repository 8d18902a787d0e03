// The binary form of a schema; docs/internals/state-encoding.md has the rules.
#include <algorithm>
#include <streamwork/typed/schema.hpp>
#include <string>
#include <utility>

namespace streamwork::typed {

namespace {

constexpr std::uint8_t format_version = 1;

/// Stands for a record that is being described already; its number follows.
constexpr std::uint8_t enclosing_record = 24;

/// Types nested deeper than this are damage: nobody writes such types, and reading them takes stack.
constexpr std::size_t deepest_type = 250;

bool has_first(SchemaKind kind) {
  return kind == SchemaKind::duration || kind == SchemaKind::instant || kind == SchemaKind::array;
}
bool counts_parts(SchemaKind kind) {
  return kind == SchemaKind::tuple || kind == SchemaKind::variant || kind == SchemaKind::record;
}
/// How many parts a kind has that does not say so.
std::size_t parts_of(SchemaKind kind) {
  if (kind == SchemaKind::map) return 2;
  return kind >= SchemaKind::enumeration ? 1 : 0;
}
bool is_number(SchemaKind kind) { return kind <= SchemaKind::f64; }

/// No record has more fields: reflection stops at 64, and a class names its fields one by one.
constexpr std::size_t most_fields = 1000;

/// What may be absent or end, so that a value that contains values of its own type has an end.
bool may_end(SchemaKind kind) {
  return kind == SchemaKind::optional || kind == SchemaKind::list || kind == SchemaKind::map ||
         kind == SchemaKind::variant;
}

void write_node(const Schema& schema, std::uint32_t number, std::vector<std::uint32_t>& open, ByteWriter& writer) {
  if (std::ranges::find(open, number) != open.end()) {
    writer.put(enclosing_record);
    return writer.put_length(number);
  }
  const SchemaNode& node = schema.node(number);
  writer.put(static_cast<std::uint8_t>(node.kind));
  if (has_first(node.kind)) writer.put_length(node.first);
  if (node.kind == SchemaKind::duration) writer.put_length(node.second);
  if (counts_parts(node.kind)) writer.put_length(node.parts.size());
  if (node.kind == SchemaKind::record) open.push_back(number);
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (node.kind == SchemaKind::record) writer.put_text(node.names[i]);
    write_node(schema, node.parts[i], open, writer);
  }
  if (node.kind == SchemaKind::record) open.pop_back();
  if (node.kind != SchemaKind::enumeration) return;
  writer.put_length(node.names.size());
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    writer.put_text(node.names[i]);
    writer.put(node.values[i]);
  }
}

class SchemaReader {
 public:
  SchemaReader(ByteReader& reader, std::vector<SchemaNode>& nodes) : reader_(reader), nodes_(nodes) {}

  std::uint32_t read() {
    const auto code = reader_.get<std::uint8_t>();
    if (code == enclosing_record) return read_enclosing();
    if (code < static_cast<std::uint8_t>(SchemaKind::boolean) || code > static_cast<std::uint8_t>(SchemaKind::record))
      reader_.refuse("there is no kind of type with the number " + std::to_string(code));
    const auto kind = static_cast<SchemaKind>(code);
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    if (open_.size() == deepest_type) reader_.refuse("types are nested too deep");
    nodes_.push_back({.kind = kind});
    open_.push_back(number);
    read_numbers(nodes_[number]);
    const std::size_t count = counts_parts(kind) ? reader_.get_count() : parts_of(kind);
    for (std::size_t i = 0; i < count; ++i) {
      if (kind == SchemaKind::record) read_name(number);
      const std::uint32_t part = read();
      nodes_[number].parts.push_back(part);
    }
    if (kind == SchemaKind::enumeration) read_enumerators(nodes_[number]);
    check(nodes_[number]);
    open_.pop_back();
    return number;
  }

 private:
  std::uint32_t read_enclosing() {
    const std::uint64_t number = reader_.get_length();
    const auto found = std::ranges::find(open_, number);
    if (found == open_.end() || nodes_[*found].kind != SchemaKind::record)
      reader_.refuse("a type refers to one that it is not inside of");
    if (std::none_of(found, open_.end(), [&](std::uint32_t inner) { return may_end(nodes_[inner].kind); }))
      reader_.refuse("a type contains itself without an end");
    return *found;
  }

  void read_numbers(SchemaNode& node) {
    if (has_first(node.kind)) node.first = reader_.get_length();
    if (node.kind != SchemaKind::duration) return;
    node.second = reader_.get_length();
    constexpr std::uint64_t most = INT64_MAX;
    if (node.first == 0 || node.second == 0 || node.first > most || node.second > most)
      reader_.refuse("a duration has no unit");
  }

  void read_name(std::uint32_t number) {
    std::string name(reader_.get_text());
    std::vector<std::string>& names = nodes_[number].names;
    if (names.size() == most_fields) reader_.refuse("a type has too many fields");
    if (std::ranges::find(names, name) != names.end()) reader_.refuse("two fields have one name");
    names.push_back(std::move(name));
  }

  void read_enumerators(SchemaNode& node) {
    const std::size_t count = reader_.get_count(1 + sizeof(std::int64_t));
    for (std::size_t i = 0; i < count; ++i) {
      node.names.emplace_back(reader_.get_text());
      node.values.push_back(reader_.get<std::int64_t>());
    }
  }

  void check(const SchemaNode& node) {
    const auto part_kind = [&] { return nodes_[node.parts[0]].kind; };
    const bool wrong = (node.kind == SchemaKind::enumeration && part_kind() > SchemaKind::u64) ||
                       (node.kind == SchemaKind::duration && !is_number(part_kind())) ||
                       (node.kind == SchemaKind::instant && part_kind() != SchemaKind::duration) ||
                       (node.kind == SchemaKind::variant && node.parts.empty());
    if (wrong) reader_.refuse("a type has a part that it cannot have");
  }

  ByteReader& reader_;
  std::vector<SchemaNode>& nodes_;
  std::vector<std::uint32_t> open_;
};

}  // namespace

void Schema::write(ByteWriter& writer) const {
  writer.put(format_version);
  std::vector<std::uint32_t> open;
  write_node(*this, 0, open, writer);
}

Schema Schema::read(ByteReader& reader) {
  const auto version = reader.get<std::uint8_t>();
  if (version != format_version) {
    reader.refuse("a schema has format version " + std::to_string(version) + "; this program knows version " +
                  std::to_string(format_version));
  }
  Schema schema;
  SchemaReader(reader, schema.nodes_).read();
  return schema;
}

}  // namespace streamwork::typed
