#include <streamwork/typed/entry_schema.hpp>

namespace streamwork::typed {

namespace {

/// Far more states than a vertex can have; a bogus number must not make us allocate.
constexpr std::size_t least_part_bytes = 2;

}  // namespace

std::string entry_schema_bytes(const std::vector<EntryPart>& parts) {
  ByteWriter writer;
  writer.put_length(parts.size());
  for (const EntryPart& part : parts) {
    writer.put_text(part.name);
    part.schema.write(writer);
  }
  return {reinterpret_cast<const char*>(writer.bytes().data()), writer.size()};
}

std::string entry_schema_of(const Schema& schema) {
  return entry_schema_bytes(std::vector<EntryPart>{{std::string(), schema}});
}

std::vector<EntryPart> read_entry_schema(std::string_view bytes) {
  ByteReader reader(std::as_bytes(std::span(bytes)));
  const std::size_t count = reader.get_count(least_part_bytes);
  std::vector<EntryPart> parts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name(reader.get_text());
    parts.push_back({std::move(name), Schema::read(reader)});
  }
  if (!reader.at_end()) reader.refuse("there is more behind a schema");
  return parts;
}

}  // namespace streamwork::typed
