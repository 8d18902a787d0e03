#include <streamwork/delivery.hpp>

namespace streamwork {

const char* name_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::at_most_once:
      return "at_most_once";
    case Delivery::at_least_once:
      return "at_least_once";
    case Delivery::exactly_once:
      return "exactly_once";
  }
  return "?";
}

}  // namespace streamwork
