// Bytes from a file descriptor that is no plain file: a pipe, a terminal, a device, whatever standard input is.
#pragma once

#include <memory>
#include <streamwork/connectors/line_reader.hpp>
#include <string>
#include <utility>

namespace streamwork {

class Descriptor;

class DescriptorInput final : public ByteInput {
 public:
  /// `name` stands in messages: "standard input". The descriptor need not be non-blocking: it is asked before each
  /// read.
  DescriptorInput(std::shared_ptr<const Descriptor> descriptor, std::string name, SourceContext& context)
      : descriptor_(std::move(descriptor)), name_(std::move(name)), context_(&context) {}

  Result read(std::span<char> into) override;

 private:
  std::shared_ptr<const Descriptor> descriptor_;
  std::string name_;
  SourceContext* context_;
};

}  // namespace streamwork
