#include <streamwork/typed/schema.hpp>

#include "format/stored_numbers.hpp"

namespace streamwork::typed {

namespace {

class Skipping {
 public:
  Skipping(ByteReader& reader, const Schema& schema) : reader_(reader), schema_(schema) {}

  void skip(std::uint32_t number, std::size_t depth) {
    if (depth > format::deepest_frames) reader_.refuse("values are nested too deep");
    const SchemaNode& node = schema_.node(number);
    switch (node.kind) {
      case SchemaKind::string:
        reader_.get_text();
        break;
      case SchemaKind::enumeration:
      case SchemaKind::duration:
      case SchemaKind::instant:
        skip(node.parts[0], depth + 1);
        break;
      case SchemaKind::optional:
        if (reader_.get_flag()) skip(node.parts[0], depth + 1);
        break;
      case SchemaKind::list:
      case SchemaKind::map:
        skip_times(node, reader_.get_count(node.parts.size()), depth);
        break;
      case SchemaKind::array:
        if (node.first == 0) format::read_nothing(reader_);
        skip_times(node, node.first, depth);
        break;
      case SchemaKind::variant:
        skip_alternative(node, depth);
        break;
      case SchemaKind::tuple:
      case SchemaKind::record:
        if (node.parts.empty()) format::read_nothing(reader_);
        skip_times(node, 1, depth);
        break;
      default:
        reader_.take(format::number_size(node.kind));
    }
  }

 private:
  void skip_times(const SchemaNode& node, std::uint64_t times, std::size_t depth) {
    const SchemaKind first = node.parts.empty() ? SchemaKind::string : schema_.node(node.parts[0]).kind;
    if (node.parts.size() == 1 && first <= SchemaKind::f64) {
      const std::size_t each = format::number_size(first);
      if (times > reader_.remaining() / each) reader_.refuse("the bytes end within a list");
      reader_.take(times * each);
      return;
    }
    for (std::uint64_t i = 0; i < times; ++i) {
      for (const std::uint32_t part : node.parts) skip(part, depth + 1);
    }
  }

  void skip_alternative(const SchemaNode& node, std::size_t depth) {
    const std::uint64_t index = reader_.get_length();
    if (index >= node.parts.size()) reader_.refuse("a variant has no alternative of that number");
    skip(node.parts[index], depth + 1);
  }

  ByteReader& reader_;
  const Schema& schema_;
};

}  // namespace

void skip_value(ByteReader& reader, const Schema& schema, std::uint32_t node) {
  Skipping(reader, schema).skip(node, 0);
}

}  // namespace streamwork::typed
