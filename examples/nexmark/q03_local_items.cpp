// q3, local item suggestion: who sells in a category, and lives in one of three states. An auction may come before its
// seller. Both are kept for ever, as a join in SQL does.
#include <optional>
#include <string>
#include <variant>

#include "queries.hpp"
#include "result_rows.hpp"

namespace nexmark {

namespace {

using Either = std::variant<Seller, Item>;

constexpr auto either_of = [](const Event& event) -> std::optional<Either> {
  if (const auto* person = std::get_if<Person>(&event); person != nullptr && is_local(*person))
    return Seller{person->id, person->name, person->city, person->state};
  if (const auto* auction = std::get_if<Auction>(&event); auction != nullptr && is_suggested(*auction))
    return Item{auction->id, auction->seller};
  return std::nullopt;
};

constexpr auto seller_of = [](const Either& either) -> std::int64_t {
  if (const auto* item = std::get_if<Item>(&either)) return item->seller;
  return std::get_if<Seller>(&either)->id;
};

struct Suggestion {
  Seller seller;
  std::int64_t auction;
};

class Suggestions {
 public:
  void open(sw::OperatorContext& context) {
    seller_ = context.value_state<std::optional<Seller>>("seller");
    waiting_ = context.list_state<std::int64_t>("waiting auctions");
  }
  void apply(const Either& either, sw::Output<Suggestion>& out) {
    if (const auto* item = std::get_if<Item>(&either)) {
      if (*seller_) return out.emit({**seller_, item->id});
      return waiting_.add(item->id);
    }
    *seller_ = *std::get_if<Seller>(&either);
    for (const std::int64_t auction : waiting_.values()) out.emit({**seller_, auction});
    waiting_.clear();
  }

 private:
  sw::ValueState<std::optional<Seller>> seller_;
  sw::ListState<std::int64_t> waiting_;
};

}  // namespace

void q3(const Setup& setup) {
  setup.events()
      .flat_map("sellers and items", either_of)
      .key_by(seller_of, setup.grouping())
      .apply("suggestions", Suggestions())
      .map("row", [](const Suggestion& one) { return suggestion_row(one.seller, one.auction); })
      .sink("rows", setup.rows);
}

}  // namespace nexmark
