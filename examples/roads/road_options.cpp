#include <unistd.h>

#include <charconv>
#include <optional>
#include <roads/road_options.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace roads {

namespace {

const std::string input_forms = "tcp[:HOST:PORT], file:PATH or -";
constexpr std::int64_t most_instances = 128;  // as many as there are key groups to share out

struct Address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 9990;
};

/// Reads HOST:PORT; an IPv6 address stands in brackets.
std::optional<Address> read_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Address address;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc{} || stopped != end || address.port == 0 || host.empty()) return std::nullopt;
  address.host = host;
  return address;
}

/// Reads `tcp` or `tcp:HOST:PORT`.
std::optional<Address> read_tcp(std::string_view input) {
  if (input == "tcp") return Address();
  return input.starts_with("tcp:") ? read_address(input.substr(4)) : std::nullopt;
}

/// Reads `file:PATH`.
std::optional<std::string> read_file(std::string_view input) {
  if (!input.starts_with("file:") || input.size() == 5) return std::nullopt;
  return std::string(input.substr(5));
}

/// What was expected instead, or nothing.
std::string check_input(const std::string& input) {
  return input == "-" || read_tcp(input) || read_file(input) ? "" : input_forms;
}

/// Calls `use(source)` with the source that an input names.
template <class Use>
auto with_input(const std::string& input, Use&& use) {
  if (input == "-") return use(sw::stdin_lines());
  if (const auto path = read_file(input)) return use(sw::file_lines(*path));
  if (const auto address = read_tcp(input)) return use(sw::tcp_lines(address->host, address->port));
  throw std::invalid_argument("input '" + input + "': expected " + input_forms);
}

}  // namespace

void RoadOptions::add_to(sw::CommandLine& command_line) {
  add_input_option(command_line, "--input", input);
  command_line.option("--output", output, "PATH | -: where results go, as JSON lines", sw::check_text_target);
  command_line.option("--source-parallelism", source_parallelism, "instances that read the input", 1, most_instances);
  command_line.option("--parallelism", parallelism, "instances that count", 1, most_instances);
  command_line.choice("--grouping", grouping, "how a vehicle chooses the instance that counts it",
                      {"shuffle", "fields"});
}

bool RoadOptions::read_by_a_person() const { return output == "-" && ::isatty(STDOUT_FILENO) == 1; }

void add_input_option(sw::CommandLine& command_line, const std::string& name, std::string& input) {
  command_line.option(name, input, "tcp[:HOST:PORT] | file:PATH | -", check_input);
}

sw::Stream<Vehicle> vehicles_from(sw::Job& job, const std::string& name, const std::string& input,
                                  std::int64_t parallelism) {
  return with_input(input, [&](auto source) -> sw::Stream<Vehicle> {
    return job.source(name, std::move(source), {.parallelism = static_cast<int>(parallelism)})
        .flat_map(name + ": parse", vehicle_of);
  });
}

sw::Stream<sw::Line> lines_from(sw::Job& job, const std::string& name, const std::string& input,
                                std::int64_t parallelism) {
  return with_input(input, [&](auto source) -> sw::Stream<sw::Line> {
    return job.source(name, std::move(source), {.parallelism = static_cast<int>(parallelism)});
  });
}

bool ends_by_itself(const std::string& input) { return read_file(input).has_value(); }

void show_arrivals(const sw::Stream<Vehicle>& vehicles, const std::string& component, const RoadOptions& options) {
  if (!options.read_by_a_person()) return;
  vehicles.apply("arrivals at " + component, ArrivalText(component, options.parallel()))
      .sink("print arrivals at " + component, sw::print_lines());
}

}  // namespace roads
