// The code of docs/guide/upgrading.md.
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;

namespace guide_upgrading {

struct Owner {
  std::string last_name;  // was: surname
};
struct Account {
  Owner owner;
  std::int64_t limit = 0;  // was: std::string
  std::int64_t cents = 0;
  std::string currency = "EUR";  // new: accounts stored without it keep "EUR"
};
struct Purchase {
  std::string account;
  std::int64_t cents = 0;
};

class Accounts {
 public:
  void open(sw::OperatorContext& context) {
    account_ = context.value_state<Account>(
        "account", {},
        sw::Migrations()
            .field<std::string, std::int64_t>("limit", [](const std::string& text) { return std::stoll(text); })
            .renamed("owner.surname", "last_name"));
  }
  void apply(const Purchase& purchase, sw::Output<Purchase>& out) {
    account_->cents += purchase.cents;
    if (account_->cents > account_->limit) out.emit(purchase);
  }

 private:
  sw::ValueState<Account> account_;
};

void over_limit(const sw::Stream<Purchase>& purchases) {
  purchases.key_by(&Purchase::account).apply("accounts", Accounts{}).sink("over limit", sw::print_json());
}

}  // namespace guide_upgrading
