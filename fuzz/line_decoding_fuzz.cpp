// Any bytes as a line of JSON or CSV: an event or a bad event, never a crash; and an event that was understood is
// written and read again as the same event. The first byte chooses format and event type, the rest is the line.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <streamwork/csv.hpp>
#include <streamwork/json.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace sw = streamwork;

enum class Color : std::int8_t { red, green, blue = 100 };
enum class DeviceId : std::uint64_t {};

struct Zone {
  std::string name;
  std::optional<int> number;
};
/// Everything that both JSON and CSV can hold.
struct Flat {
  bool flag = false;
  char letter = 'a';
  std::int8_t small = 0;
  std::uint16_t medium = 0;
  std::int64_t large = 0;
  std::uint64_t huge = 0;
  float single = 0;
  double number = 0;
  std::string text;
  Color color = Color::red;
  DeviceId device{};
  std::optional<std::string> maybe_text;
  std::optional<double> maybe_number;
  sw::EventTime time;
  std::chrono::nanoseconds nanos{};
  std::chrono::minutes minutes{};
  Zone zone;
};
/// What only JSON can hold.
struct Deep {
  std::optional<std::string> name;
  std::vector<Deep> parts;
  std::map<std::string, std::vector<double>> values;
  std::array<int, 2> pair{};
  std::pair<bool, std::optional<Zone>> tagged;
};

void require(bool condition) {
  if (!condition) std::abort();
}

/// Events are compared by their text: NaN is not equal to itself. The text of NaN is null, which an optional reads as
/// no value and writes as null again.
template <class T>
void check_json(std::string_view line) {
  std::optional<T> event;
  try {
    event = sw::parse_json<T>()(line);
  } catch (const sw::BadEvent& bad) {
    require(bad.offset() <= line.size() && std::string_view(bad.what()).size() < 1000);
    return;
  }
  if (!event) return;
  const std::string written = sw::to_json(*event);
  const std::optional<T> again = sw::parse_json<T>()(written);
  require(again && sw::to_json(*again) == written);
}

template <class T>
void check_csv(std::string_view line, sw::CsvOptions options) {
  std::optional<T> event;
  try {
    event = sw::parse_csv<T>(options)(line);
  } catch (const sw::BadEvent& bad) {
    require(bad.offset() <= line.size() && std::string_view(bad.what()).size() < 1000);
    return;
  }
  if (!event) return;
  std::string written;
  sw::append_csv(written, *event, options);
  std::string rewritten;
  sw::append_csv(rewritten, sw::from_csv<T>(written, options), options);
  require(rewritten == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A copy of exactly this size, so that AddressSanitizer sees one byte too many being read.
  const std::vector<char> bytes(data + 1, data + size);
  const std::string_view line(bytes.data(), bytes.size());
  switch (data[0] % 10) {
    case 0:
      check_json<Zone>(line);
      break;
    case 1:
      check_json<Flat>(line);
      break;
    case 2:
      check_json<Deep>(line);
      break;
    case 3:
      check_json<std::string>(line);
      break;
    case 4:
      check_json<std::vector<double>>(line);
      break;
    case 5:
      check_json<sw::EventTime>(line);
      break;
    case 6:
      check_csv<Zone>(line, {});
      break;
    case 7:
      check_csv<Flat>(line, {.separator = ';', .skip_header = true});
      break;
    case 8:
      check_csv<sw::EventTime>(line, {});
      break;
    default:
      check_csv<std::string>(line, {.separator = '\t'});
      break;
  }
  return 0;
}
