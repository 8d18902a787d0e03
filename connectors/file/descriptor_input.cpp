#include "descriptor_input.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "descriptor.hpp"

namespace streamwork {

ByteInput::Result DescriptorInput::read(std::span<char> into) {
  // Asking first, and not O_NONBLOCK: that belongs to the open file, which the shell and other programs may share.
  pollfd asked{descriptor_->number(), POLLIN, 0};
  if (::poll(&asked, 1, 0) > 0) {
    const ssize_t count = ::read(descriptor_->number(), into.data(), into.size());
    if (count > 0) return {InputState::bytes, static_cast<std::size_t>(count)};
    if (count == 0) return {InputState::ended};
    if (errno != EINTR && errno != EAGAIN)
      throw std::system_error(errno, std::generic_category(), "cannot read " + name_);
  }
  context_->wake_when_readable(descriptor_->number());
  return {InputState::nothing_yet};
}

}  // namespace streamwork
