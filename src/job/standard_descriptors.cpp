#include "job/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace streamwork::job {

void fill_standard_descriptors() noexcept {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The wrong way round, so that using it fails as it does while it is closed, and is told. Without O_CLOEXEC, as
    // standard descriptors are.
    const int opened = ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != number) ::close(opened);  // somebody else has taken the place meanwhile
  }
}

}  // namespace streamwork::job
