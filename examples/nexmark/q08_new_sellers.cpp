// q8, monitor new users: who registered and opened an auction in the same window of ten seconds.
#include <optional>
#include <string>
#include <variant>

#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

/// A person that registers, or opens an auction (and has no name then).
struct Seen {
  std::int64_t id = 0;
  sw::EventTime time{};
  std::optional<std::string> name;
};

constexpr auto seen_of = [](const Event& event) -> std::optional<Seen> {
  if (const auto* person = std::get_if<Person>(&event)) return Seen{person->id, person->dateTime, person->name};
  if (const auto* auction = std::get_if<Auction>(&event)) return Seen{auction->seller, auction->dateTime, {}};
  return std::nullopt;
};

struct Both {
  struct State {
    std::optional<std::string> name;
    bool sells = false;
  };
  static void add(State& state, const Seen& seen) {
    if (seen.name) {
      state.name = seen.name;
    } else {
      state.sells = true;
    }
  }
  static void combine(State& state, const State& later) {
    if (later.name) state.name = later.name;
    state.sells = state.sells || later.sells;
  }
  /// The name of a new seller.
  static std::optional<std::string> result(const State& state) { return state.sells ? state.name : std::nullopt; }
};

using NewSeller = sw::WindowResult<std::int64_t, std::optional<std::string>>;

}  // namespace

void q8(const Setup& setup) {
  setup.events()
      .flat_map("people and sellers", seen_of)
      .event_time(&Seen::time, watermarks())
      .key_by(&Seen::id, setup.grouping())
      .window(sw::tumbling(10s))
      .aggregate("new sellers", Both())
      .filter("both", [](const NewSeller& one) { return one.value.has_value(); })
      .map("row", [](const NewSeller& one) { return NewSellerRow{one.key, *one.value, one.start}; })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
