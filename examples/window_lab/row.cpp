#include "row.hpp"

#include <algorithm>

namespace window_lab {

std::optional<std::vector<std::string>> columns_of(const std::string& text) {
  std::vector<std::string> columns;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string name = text.substr(begin, end - begin);
    if (std::ranges::find(aggregate_names, name) == aggregate_names.end() ||
        std::ranges::find(columns, name) != columns.end()) {
      return std::nullopt;
    }
    columns.push_back(std::move(name));
    begin = end + 1;
  }
  return columns;
}

std::string RowText::operator()(const sw::WindowResult<std::string, Statistics::State>& row) const {
  std::string line = "{\"key\":";
  sw::append_json(line, row.key);
  line += ",\"start\":";
  sw::append_json(line, row.start);
  line += ",\"end\":";
  sw::append_json(line, row.end);
  for (const std::string& column : columns_) {
    line += ",\"" + column + "\":";
    const Statistics::State& of = row.value;
    if (column == "count") {
      sw::append_json(line, of.count);
    } else {
      sw::append_json(line, column == "sum"   ? of.sum.value()
                            : column == "min" ? of.least
                            : column == "max" ? of.greatest
                                              : of.sum.value() / static_cast<double>(of.count));
    }
  }
  line += row.update ? ",\"update\":true" : ",\"update\":false";
  if (row.retract) line += ",\"retract\":true";
  return line + "}";
}

}  // namespace window_lab
