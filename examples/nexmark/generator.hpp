// Makes the events of the benchmark: each a pure function of the seed and its number.
// Thread rule: making an event changes nothing; copies share their tables.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "draws.hpp"
#include "event.hpp"
#include "timeline.hpp"

namespace nexmark {

class Generator {
 public:
  /// `rate`: events per second of event time, at most a billion.
  Generator(std::uint64_t seed, std::int64_t rate);

  Event event(std::uint64_t number) const {
    const std::uint64_t kind = number % epoch_events;
    if (kind > 3) [[likely]] {
      Event event(std::in_place_type<Bid>);
      fill(*std::get_if<Bid>(&event), number);
      return event;
    }
    return rare_event(number);
  }

 private:
  struct Channel {
    Text<15> name;
    Text<79> url;
  };
  struct Tables;

  Event rare_event(std::uint64_t number) const;
  Person person(std::uint64_t number) const;
  Auction auction(std::uint64_t number) const;
  void fill(Bid& bid, std::uint64_t number) const;
  std::int64_t price(Draws& draws) const;

  std::uint64_t seed_;
  Timeline timeline_;
  std::shared_ptr<const Tables> tables_;
};

}  // namespace nexmark
