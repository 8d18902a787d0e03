// The text of what an action throws.
#pragma once

#include <exception>
#include <string>

namespace streamwork::testkit {

template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace streamwork::testkit
