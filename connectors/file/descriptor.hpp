// A file descriptor and who closes it.
#pragma once

#include <unistd.h>

#include <utility>

namespace streamwork {

class Descriptor {
 public:
  enum class Owner : bool { this_object, somebody_else };

  explicit Descriptor(int number, Owner owner = Owner::this_object) : number_(number), owner_(owner) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0 && owner_ == Owner::this_object) ::close(number_);
  }

  int number() const { return number_; }

 private:
  int number_;
  Owner owner_;
};

}  // namespace streamwork
