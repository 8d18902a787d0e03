// Any bytes as state: as a value of a type, as a schema, and as a value of that schema; an error or a value, never a crash
// and never much memory. What was read is written and read again as the same value. The first byte chooses what the rest is.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <streamwork/aggregates.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/slices.hpp>
#include <streamwork/typed/stored_json.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace {

namespace sw = streamwork;
using namespace streamwork::typed;
using Bytes = std::span<const std::byte>;

enum class Color : std::int8_t { red, green, blue = 100 };
enum Narrow { zero, one, two };  // NOLINT: the kind whose values are limited

struct Small {
  std::int64_t number;
  bool flag;
  Narrow narrow;
  std::optional<double> maybe;
};
struct Deep {
  std::string name;
  Color color;
  sw::EventTime time;
  std::vector<Small> smalls;
  std::vector<Deep> parts;
  std::map<std::string, std::set<std::int32_t>> sets;
  std::variant<std::monostate, std::deque<bool>, Small> choice;
  std::array<std::int16_t, 2> pair;
  std::unique_ptr<Deep> next;
};
/// What `Deep` became.
struct Deeper {
  std::vector<Deeper> parts;
  std::unique_ptr<Deeper> next;
  std::variant<std::monostate, Small, std::vector<bool>> choice;
  std::string name;
  std::string added;
};
using Slices = SharedSlices<sw::aggregates::Count>;

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Read>
void attempt(Bytes bytes, Read read) {
  ByteReader reader(bytes);
  try {
    read(reader);
  } catch (const StoredDataError& error) {
    require(error.offset() <= bytes.size() && std::string_view(error.what()).size() < 1000);
  }
}

template <class T>
void check_value(Bytes bytes) {
  attempt(bytes, [&](ByteReader& reader) {
    T value{};
    decode(reader, value);
    ByteWriter writer;
    encode(value, writer);
    ByteReader again(writer.bytes());
    T same{};
    decode(again, same);
    ByteWriter rewritten;
    encode(same, rewritten);
    require(again.at_end() && std::ranges::equal(writer.bytes(), rewritten.bytes()));
    // Whoever has the schema alone reads equally much.
    ByteReader skipping(bytes);
    skip_value(skipping, schema_of<T>());
    require(skipping.offset() == reader.offset());
  });
  attempt(bytes, [](ByteReader& reader) { require(stored_json(reader, schema_of<T>()).size() < 2'000'000); });
}

void check_schema(Bytes bytes) {
  attempt(bytes, [&](ByteReader& reader) {
    const Schema schema = Schema::read(reader);
    ByteWriter writer;
    schema.write(writer);
    ByteReader again(writer.bytes());
    require(Schema::read(again) == schema && schema.text().size() < 20'000);
    const Bytes rest = bytes.subspan(reader.offset());
    attempt(rest, [&](ByteReader& value) { stored_json(value, schema); });
    try {
      const StoredReader<Deeper> older(schema);
      Deeper read;
      attempt(rest, [&](ByteReader& value) { older.read(value, read); });
    } catch (const SchemaMismatch&) {
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A copy of exactly this size, so that AddressSanitizer sees one byte too many being read.
  const std::vector<std::uint8_t> copy(data + 1, data + size);
  const Bytes bytes = std::as_bytes(std::span(copy));
  switch (data[0] % 5) {
    case 0:
      check_value<Small>(bytes);
      break;
    case 1:
      check_value<Deep>(bytes);
      break;
    case 2:
      check_value<Slices>(bytes);
      break;
    case 3:
      check_value<std::tuple<std::string, std::map<std::int32_t, std::string>, std::tuple<>>>(bytes);
      break;
    default:
      check_schema(bytes);
      break;
  }
  return 0;
}
