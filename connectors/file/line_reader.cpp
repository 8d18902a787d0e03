#include <stdexcept>
#include <streamwork/connectors/line_reader.hpp>

namespace streamwork {

std::span<char> LineBuffer::room() {
  const std::size_t there = end_ - begin_;
  if (there > capacity_ / 2) {
    const std::size_t larger = capacity_ * 2;
    auto bytes = std::make_unique_for_overwrite<char[]>(larger);
    std::memcpy(bytes.get(), bytes_.get() + begin_, there);
    bytes_ = std::move(bytes);
    capacity_ = larger;
  } else if (capacity_ - end_ < capacity_ / 2) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, there);
  } else {
    return {bytes_.get() + end_, capacity_ - end_};
  }
  searched_ -= begin_;
  begin_ = 0;
  end_ = there;
  return {bytes_.get() + end_, capacity_ - end_};
}

LineReader::LineReader(LineSplit split, std::unique_ptr<ByteInput> input, SourceContext& context)
    : split_(std::move(split)),
      input_(std::move(input)),
      context_(&context),
      buffer_(split_.begin > 0 ? split_.begin - 1 : 0),
      skipping_(split_.begin > 0) {}

/// Asks the input for bytes. False: it has none at the moment.
bool LineReader::read_input() {
  if (restarts_) {
    buffer_.restart(0);
    restarts_ = false;
  }
  if (buffer_.rest().size() > split_.greatest_line_bytes + 1) refuse_line();  // the last byte may be a '\r'
  const std::span<char> room = buffer_.room();
  const ByteInput::Result result = input_->read(room);
  switch (result.state) {
    case InputState::bytes:
      buffer_.filled(result.count);
      skip_begun_line();
      break;
    case InputState::nothing_yet:
      return false;
    case InputState::ended:
      ended_ = true;
      end_last_line();
      break;
    case InputState::closed:
      restarts_ = true;
      end_last_line();
      break;
    case InputState::broken:
      buffer_.restart(0);
      break;
  }
  return true;
}

void LineReader::skip_begun_line() {
  if (!skipping_) return;
  if (!buffer_.find()) return buffer_.drop_rest();
  buffer_.drop_line();
  skipping_ = false;
}

/// What is there without a line end counts as a line; giving it one is the simplest way.
void LineReader::end_last_line() {
  if (buffer_.rest().empty()) return;
  buffer_.room().front() = '\n';
  buffer_.filled(1);
}

bool LineReader::is_due() {
  const SteadyTime now = context_->clock().steady_now();
  split_.pace->pace.begin(now);
  if (!place_) place_ = split_.pace->next.fetch_add(1, std::memory_order_relaxed);
  const SteadyTime due = split_.pace->pace.due(*place_);
  if (due > now) {
    context_->wake_at(due);
    return false;
  }
  place_.reset();
  return true;
}

void LineReader::refuse_line() const {
  throw std::runtime_error(split_.name + ", offset " + std::to_string(buffer_.position()) + ": a line is longer than " +
                           std::to_string(split_.greatest_line_bytes) + " bytes");
}

}  // namespace streamwork
