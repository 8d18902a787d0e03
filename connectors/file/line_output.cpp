#include <chrono>
#include <exception>
#include <streamwork/connectors/text_target.hpp>
#include <streamwork/errors.hpp>
#include <utility>

namespace streamwork {

void LineOutput::prepare(const SinkRequest& request) {
  shared_ = std::make_shared<Shared>();
  try {
    shared_->target = target_->open(request);
  } catch (const std::exception& error) {
    throw VertexError(request.vertex, 0, error.what());  // it may be fused with others, which are not to blame
  }
  if (shared_->target->has_beginning()) shared_->header.store(Header::written);
}

void LineOutput::open(SinkContext& context) {
  context_ = &context;
  output_ = shared_->target->open(context);
}

void LineOutput::begin_with(std::string_view line) {
  std::string& beginning = shared_->target->has_parts() ? buffer_ : header_;
  beginning = line;
  beginning += '\n';
}

bool LineOutput::flush() {
  if (written_ == buffer_.size()) return true;
  if (!header_is_settled()) return false;
  written_ += output_->write(std::string_view(buffer_).substr(written_));
  if (written_ < buffer_.size()) {
    if (written_ >= capacity) buffer_.erase(0, std::exchange(written_, 0));  // what is out takes no memory for long
    return false;
  }
  buffer_.clear();
  written_ = 0;
  if (brings_header_) {
    shared_->header.store(Header::written, std::memory_order_release);
    brings_header_ = false;
  }
  return true;
}

/// Nobody writes before the header is out; the first to have something to write brings it.
bool LineOutput::header_is_settled() {
  if (header_.empty()) return true;
  Header state = Header::missing;
  if (shared_->header.compare_exchange_strong(state, Header::on_its_way, std::memory_order_acquire)) {
    buffer_.insert(0, header_);
    brings_header_ = true;
  } else if (state == Header::on_its_way) {
    context_->wake_at(context_->clock().steady_now() + std::chrono::milliseconds(1));
    return false;
  }
  header_.clear();
  return true;
}

void LineOutput::close() {
  if (output_) output_->close();
  output_.reset();
}

}  // namespace streamwork
