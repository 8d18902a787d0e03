#include <unistd.h>

#include <streamwork/connectors/stdin_lines.hpp>

#include "descriptor.hpp"
#include "descriptor_input.hpp"

namespace streamwork {

LineReader StdinLines::open(const Split&, SourceContext& context) const {
  auto descriptor = std::make_shared<Descriptor>(STDIN_FILENO, Descriptor::Owner::somebody_else);
  const std::string name = "standard input";
  return LineReader({.name = name, .greatest_line_bytes = options_.greatest_line_bytes},
                    std::make_unique<DescriptorInput>(std::move(descriptor), name, context), context);
}

}  // namespace streamwork
