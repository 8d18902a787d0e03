// Pipes, and standard input and output that are something else for a while: for tests of what reads and writes them.
// Thread rule: each object is used by one thread at a time.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "kit/descriptor.hpp"

namespace streamwork::testkit {

/// An open descriptor: one end of a connection, a pipe, or a file.
class OpenDescriptor {
 public:
  explicit OpenDescriptor(int number) : number_(number) {
    if (number < 0) throw std::system_error(errno, std::generic_category(), "a test's descriptor");
  }

  int number() const { return number_.get(); }
  void close() { number_.close(); }
  /// Writes all of it.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(number(), bytes.data(), bytes.size());
      if (count < 0) throw std::system_error(errno, std::generic_category(), "a test's write");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  /// Reads some bytes, at most `limit`; nothing at the end.
  std::string receive(std::size_t limit = 65'536) {
    std::string bytes(limit, '\0');
    const ssize_t count = ::read(number(), bytes.data(), bytes.size());
    if (count < 0) throw std::system_error(errno, std::generic_category(), "a test's read");
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
  }
  std::string receive_all() {
    std::string all;
    for (std::string some = receive(); !some.empty(); some = receive()) all += some;
    return all;
  }

 private:
  Descriptor number_;
};

struct Pipe {
  Pipe() : Pipe(make()) {}
  OpenDescriptor read_end;
  OpenDescriptor write_end;

 private:
  explicit Pipe(std::pair<int, int> ends) : read_end(ends.first), write_end(ends.second) {}
  static std::pair<int, int> make() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "a test's pipe");
    return {ends[0], ends[1]};
  }
};

/// A terminal: what a program sees, and the side where somebody types and looks.
struct Terminal {
  OpenDescriptor user{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  OpenDescriptor program{open_other_side(user.number())};

 private:
  static int open_other_side(int user) {
    char name[100];
    if (::grantpt(user) != 0 || ::unlockpt(user) != 0 || ::ptsname_r(user, name, sizeof(name)) != 0) return -1;
    return ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
};

/// While it lives, descriptor `number` (0: standard input, 1: standard output) is another one.
class Redirected {
 public:
  Redirected(int number, const OpenDescriptor& to) : number_(number), before_(::fcntl(number, F_DUPFD_CLOEXEC, 3)) {
    ::dup2(to.number(), number);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;
  ~Redirected() { ::dup2(before_.number(), number_); }

 private:
  int number_;
  OpenDescriptor before_;
};

}  // namespace streamwork::testkit
