// What the labs read: JSON lines {"key":"a","time":1700000000123,"value":1.5}, the time in milliseconds.
#pragma once

#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

namespace lab {

namespace sw = streamwork;

struct Reading {
  std::string key;
  sw::EventTime time;
  double value = 0;
};

/// A reading with the line it came from, for whoever must give that back unchanged.
struct LinedReading {
  Reading reading;
  std::string line;

  const std::string& key() const { return reading.key; }
  sw::EventTime time() const { return reading.time; }
  double value() const { return reading.value; }
};

/// Parses a line; `keep_line`: whether the text is kept too.
class ParseReading {
 public:
  explicit ParseReading(bool keep_line) : keep_line_(keep_line) {}
  std::optional<LinedReading> operator()(const sw::Line& line) const {
    std::optional<Reading> reading = sw::parse_json<Reading>()(line.text);
    if (!reading) return std::nullopt;
    return LinedReading{*std::move(reading), keep_line_ ? std::string(line.text) : std::string()};
  }

 private:
  bool keep_line_;
};

/// What was expected instead of an input "file:PATH", or an empty string.
inline std::string check_input(const std::string& text) {
  return text.starts_with("file:") && text.size() > 5 ? "" : "file:PATH";
}

/// As above, of where late lines go: standard output is for the rows, and one could not tell them apart.
inline std::string check_late(const std::string& text) {
  return text == "-" || !sw::check_text_target(text).empty() ? "PATH or dir:PATH" : "";
}

/// The readings of a file, in its order, with event time.
inline sw::Stream<LinedReading> readings_from(sw::Job& job, const std::string& name, const std::string& input,
                                              bool keep_lines, sw::Duration out_of_order, sw::Duration granularity) {
  return job.source(name, sw::file_lines(input.substr(5)))
      .flat_map(name + ": parse", ParseReading(keep_lines))
      .event_time(&LinedReading::time, sw::bounded_out_of_order(out_of_order),
                  {.granularity = granularity, .name = name + ": event time"});
}

}  // namespace lab
