// The code of docs/guide/state.md.
#include <cstdint>
#include <functional>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace guide_state {

struct Purchase {
  std::string account;
  std::string shop;
  std::int64_t cents = 0;
};
struct Profile {
  std::string account;
  std::int64_t purchases;
  std::int64_t cents;
  std::int64_t new_shops_today;
};

class Profiler {
 public:
  void open(sw::OperatorContext& context) {
    purchases_ = context.value_state<std::int64_t>("purchases");
    cents_ = context.reducing_state<std::int64_t>("cents", std::plus<>());
    shops_ = context.map_state<std::string, std::int64_t>("shops", {.time_to_live = 24h});
  }
  void apply(const Purchase& purchase, sw::Output<Profile>& out) {
    cents_.add(purchase.cents);
    ++shops_[purchase.shop];
    out.emit({purchase.account, ++*purchases_, *cents_.get(), static_cast<std::int64_t>(shops_.size())});
  }

 private:
  sw::ValueState<std::int64_t> purchases_;
  sw::ReducingState<std::int64_t> cents_;
  sw::MapState<std::string, std::int64_t, sw::Expiring> shops_;
};

void profiles(const sw::Stream<Purchase>& purchases) {
  purchases.key_by(&Purchase::account).apply("profiler", Profiler{}).sink("profiles", sw::print_json());
}

}  // namespace guide_state
