#include "job/parallelism_option.hpp"

#include "job/option_values.hpp"

namespace streamwork::job {

std::string take_parallelism(const std::string& text, std::map<std::string, int>& parallelism) {
  const std::size_t equals = text.rfind('=');  // a name may have one of its own
  int number = 0;
  const bool named = equals != std::string::npos && equals > 0;
  if (!named || !option_values::read_number(text.substr(equals + 1), number) || number < 1)
    return "VERTEX=NUMBER, the name of a vertex and a number of instances, at least 1";
  parallelism[text.substr(0, equals)] = number;
  return {};
}

}  // namespace streamwork::job
