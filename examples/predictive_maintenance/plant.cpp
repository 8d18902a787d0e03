#include "plant.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace maintenance {

namespace {

using namespace std::chrono_literals;

constexpr sw::EventTime start{1'699'920'000s};  // 2023-11-14 00:00 UTC
constexpr sw::Duration interval = 10s;          // between two readings of a machine
constexpr double full_turn = 2 * std::numbers::pi;

struct Type {
  const char* name;
  double vibration;
  double temperature;
  double heating;
};
constexpr std::array<Type, 4> types = {
    {{"pump", 1.8, 40, 13}, {"fan", 2.6, 34, 10}, {"compressor", 3.9, 52, 17}, {"press", 5.2, 45, 15}}};

/// Random numbers that can be had in any order.
std::uint64_t random_bits(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number) {
  std::uint64_t bits = seed + 0x9E3779B97F4A7C15U * (number + 1) + 0xD1B54A32D192ED03U * (purpose + 1);
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}
double between(double least, double greatest, std::uint64_t seed, std::uint64_t purpose, std::uint64_t number = 0) {
  return least + (greatest - least) * static_cast<double>(random_bits(seed, purpose, number) >> 11U) * 0x1p-53;
}
/// Roughly normal, with a standard deviation of 1: the sum of three uniform ones.
double noise(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number) {
  return between(-1, 1, seed, purpose, number) + between(-1, 1, seed, purpose + 1, number) +
         between(-1, 1, seed, purpose + 2, number);
}

// What each random number is for. `noise` uses three.
enum Purpose : std::uint64_t {
  own_seed,
  own_vibration,
  own_temperature,
  own_heating,
  own_cycle,
  own_drift,
  own_phase,
  other_phase,
  load_level,
  load_noise,
  vibration_noise = load_noise + 3,
  temperature_noise = vibration_noise + 3,
  spike = temperature_noise + 3,
  spike_height,
  delay,
  kind,
  begin,
  length,
  shake,
  warmth,
};

/// The load a machine is given: another one with every cycle, with a soft change.
double given_load(const Nature& nature, double minute) {
  const double cycles = minute / nature.cycle + 10;  // the machine ran before the first reading
  const auto cycle = static_cast<std::uint64_t>(cycles);
  const double now = between(0.3, 1, nature.seed, load_level, cycle);
  const double before = between(0.3, 1, nature.seed, load_level, cycle - 1);
  const double change = std::min(1.0, (cycles - static_cast<double>(cycle)) * nature.cycle / 4);
  return before + (now - before) * change;
}

/// Every four hours something may happen, the first time when the machine has run for six.
constexpr double first_block = 360;
constexpr double block = 240;

/// What happens in the block of that number; it is over before the next block begins.
Episode episode_of_block(const Nature& nature, std::uint64_t number) {
  const double choice = between(0, 1, nature.seed, kind, number);
  const double block_begin = first_block + block * static_cast<double>(number);
  if (choice > 0.62 || block_begin + block > nature.last_episode) return {};
  Episode episode{.begin = block_begin + between(0, 90, nature.seed, begin, number),
                  .shake = between(0.28, 0.65, nature.seed, shake, number),
                  .warmth = between(4.2, 8.5, nature.seed, warmth, number)};
  episode.peak = episode.begin + between(50, 100, nature.seed, length, number);
  episode.end = episode.peak + 40;
  episode.wear = choice < 0.18;
  if (choice >= 0.18 && choice < 0.40) episode.warmth = 0;  // rough material
  if (choice >= 0.40) episode.shake = 0;                    // a blocked air inlet
  return episode;
}

/// The episode that a machine is in, if any.
std::optional<Episode> episode_at(const Nature& nature, double minute) {
  if (minute < first_block) return std::nullopt;
  const Episode episode = episode_of_block(nature, static_cast<std::uint64_t>((minute - first_block) / block));
  if (minute < episode.begin || minute >= episode.end) return std::nullopt;
  return episode;
}

double load_at(const Nature& nature, double minute) {
  const std::optional<Episode> episode = episode_at(nature, minute);
  return episode && episode->wear && minute >= episode->peak ? 0 : given_load(nature, minute);
}

/// The load as the warmth of the machine remembers it.
double remembered_load(const Nature& nature, double minute) {
  double sum = 0;
  double weights = 0;
  double weight = 1;
  for (int lag = 0; lag < 10; ++lag, weight *= 0.75) {
    sum += weight * load_at(nature, minute - 4.0 * lag);
    weights += weight;
  }
  return sum / weights;
}

/// How bad an episode is, from 0 to 1, while it lasts. Wear grows until the failure and is gone with the repair.
double progress(const Episode& episode, double minute) {
  if (minute < episode.peak) return std::pow((minute - episode.begin) / (episode.peak - episode.begin), 1.3);
  return episode.wear ? 0 : (episode.end - minute) / (episode.end - episode.peak);
}

sw::EventTime at_minute(double minute) {
  return start + std::chrono::duration_cast<sw::Duration>(std::chrono::duration<double, std::ratio<60>>(minute));
}

}  // namespace

Plant::Plant(std::uint64_t seed, std::int64_t machines, std::int64_t hours) : hours_(hours) {
  for (std::int64_t machine = 0; machine < machines; ++machine) {
    const std::uint64_t own = random_bits(seed, own_seed, static_cast<std::uint64_t>(machine));
    const Type& type = types[static_cast<std::size_t>(machine) % types.size()];
    machines_.push_back({machine, std::string(type.name) + "-" + std::to_string(machine), type.name});
    const Nature nature{.vibration = type.vibration * std::exp(between(-0.45, 0.45, own, own_vibration)),
                        .temperature = type.temperature + between(-5, 5, own, own_temperature),
                        .heating = type.heating * between(0.8, 1.2, own, own_heating),
                        .cycle = between(25, 75, own, own_cycle),
                        .drift_period = between(700, 1300, own, own_drift),
                        .vibration_phase = between(0, full_turn, own, own_phase),
                        .temperature_phase = between(0, full_turn, own, other_phase),
                        .seed = own,
                        .last_episode = static_cast<double>(hours) * 60};
    natures_.push_back(nature);
  }
}

std::vector<Failure> Plant::failures() const {
  std::vector<Failure> failures;
  const double minutes = static_cast<double>(hours_) * 60;
  for (std::size_t machine = 0; machine < natures_.size(); ++machine) {
    for (std::uint64_t i = 0; first_block + block * static_cast<double>(i + 1) <= minutes; ++i) {
      const Episode episode = episode_of_block(natures_[machine], i);
      if (!episode.wear) continue;
      failures.push_back({static_cast<std::int64_t>(machine), at_minute(episode.begin), at_minute(episode.peak)});
    }
  }
  return failures;
}

std::uint64_t Plant::readings_per_hour() const { return static_cast<std::uint64_t>(1h / interval) * machines_.size(); }

std::uint64_t Plant::readings() const { return static_cast<std::uint64_t>(hours_) * readings_per_hour(); }

Reading Plant::reading(std::uint64_t number) const {
  const auto machine = static_cast<std::size_t>(number % machines_.size());
  const Nature& nature = natures_[machine];
  const std::uint64_t turn = number / machines_.size();
  // A reading was taken up to four seconds before it is sent, so readings come out of order.
  const auto late = static_cast<std::int64_t>(between(0, 4e6, nature.seed, delay, turn));
  const sw::Duration since = (static_cast<std::int64_t>(turn) + 1) * interval - sw::Duration(late);
  const double minute = minutes(since);

  const double load = load_at(nature, minute);
  double shaking = 0.05 * std::sin(full_turn * minute / nature.drift_period + nature.vibration_phase) +
                   0.04 * noise(nature.seed, vibration_noise, turn);
  double temperature = nature.temperature + nature.heating * remembered_load(nature, minute) +
                       1.4 * std::sin(full_turn * minute / nature.drift_period + nature.temperature_phase) +
                       0.5 * noise(nature.seed, temperature_noise, turn);
  if (const std::optional<Episode> episode = episode_at(nature, minute)) {
    const double worst = progress(*episode, minute);
    shaking += episode->shake * worst;
    temperature += episode->warmth * worst;
  }
  if (between(0, 1, nature.seed, spike, turn) < 0.002) shaking += between(0.3, 1.5, nature.seed, spike_height, turn);
  const double running = load > 0 ? 0.6 + 0.8 * load : 0.05;
  return {static_cast<std::int64_t>(machine), start + since,
          load > 0 ? load + 0.015 * noise(nature.seed, load_noise, turn) : 0,
          nature.vibration * running * std::exp(shaking), temperature};
}

}  // namespace maintenance
