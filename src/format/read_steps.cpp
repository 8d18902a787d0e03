#include "format/read_steps.hpp"

#include <algorithm>
#include <span>

#include "format/utf8.hpp"

namespace streamwork::format {

namespace {

/// Reads the parts of an element that a container makes.
class ElementReader final : public typed::PartReader {
 public:
  ElementReader(ByteReader& reader, const ReadStep* const* steps) : reader_(reader), steps_(steps) {}
  void read_part(std::size_t part, std::byte* place) override { steps_[part]->read(reader_, place); }

 private:
  ByteReader& reader_;
  const ReadStep* const* steps_;
};

/// Gives an enum a number, if it can have it.
bool give_number(const StoredType& own, std::int64_t number, std::byte* place) {
  const SchemaKind kind = own.parts[0]->kind;
  std::array<std::byte, sizeof number> bytes;
  std::memcpy(bytes.data(), &number, sizeof number);
  try {
    const std::size_t size = number_size(kind);
    const std::span<const std::byte> narrowed(bytes.data(), size);
    ByteReader again(narrowed);
    if (read_integer(again, kind) != number) return false;
    ByteReader reader(narrowed);
    own.decode(reader, place);
    return true;
  } catch (const typed::StoredDataError&) {
    return false;
  }
}

}  // namespace

bool WideningStep::widens(SchemaKind written, SchemaKind own) {
  if (written == SchemaKind::f32) return own == SchemaKind::f64;
  const bool same_sign = (is_signed_integer(written) && is_signed_integer(own)) ||
                         (is_unsigned_integer(written) && is_unsigned_integer(own));
  const bool gains_sign = is_unsigned_integer(written) && is_signed_integer(own);
  return (same_sign || gains_sign) && number_size(written) < number_size(own);
}

void WideningStep::read(ByteReader& reader, std::byte* place) const {
  if (is_floating(written_)) {
    const double wide = read_floating(reader, written_);
    std::memcpy(place, &wide, sizeof wide);
  } else {
    const std::int64_t wide = read_integer(reader, written_);
    std::memcpy(place, &wide, size_);
  }
}

EnumStep::EnumStep(const Schema& written, std::uint32_t node, const StoredType& own, std::string path)
    : written_(written.node(written.node(node).parts[0]).kind), own_(own), path_(std::move(path)) {
  const std::span own_names(own.enumerators.names, own.enumerators.size);
  const typed::SchemaNode& type = written.node(node);
  for (std::size_t i = 0; i < type.names.size(); ++i) {
    const auto found = std::ranges::find(own_names, type.names[i]);
    if (found == own_names.end()) {
      values_.emplace(type.values[i], std::nullopt);
      lost_.emplace(type.values[i], type.names[i]);
    } else {
      values_.emplace(type.values[i], own.enumerators.values[found - own_names.begin()]);
    }
  }
}

void EnumStep::refuse(ByteReader& reader, const std::string& value) const {
  reader.refuse(printable(path_, 200) + " is '" + printable(value, 60) +
                "', which its enum no longer has: keep the name, or register a migration");
}

void EnumStep::read(ByteReader& reader, std::byte* place) const {
  const std::int64_t number = read_integer(reader, written_);
  const auto found = values_.find(number);
  if (found == values_.end()) {
    // A number with the top bit set is negative in one of the types and large in the other.
    const bool other = number < 0 && (written_ == SchemaKind::u64) != (own_.parts[0]->kind == SchemaKind::u64);
    if (other || !give_number(own_, number, place)) refuse(reader, std::to_string(number));
  } else if (!found->second || !give_number(own_, *found->second, place)) {
    refuse(reader, lost_.contains(number) ? lost_.at(number) : std::to_string(number));
  }
}

void ElementsStep::read(ByteReader& reader, std::byte* place) const {
  reader.enter();
  const bool optional = own_.kind == SchemaKind::optional;
  const std::size_t count = optional ? reader.get_flag() : reader.get_count(parts_.size());
  own_.clear(place);
  ElementReader elements(reader, parts_.data());
  for (std::size_t i = 0; i < count; ++i) own_.add(place, 0, elements);
  reader.leave();
}

void VariantStep::read(ByteReader& reader, std::byte* place) const {
  reader.enter();
  const std::uint64_t number = reader.get_length();
  if (number >= alternatives_.size()) reader.refuse("a variant has no alternative of that number");
  ElementReader alternative(reader, &alternatives_[number].step);
  own_.add(place, alternatives_[number].own, alternative);
  reader.leave();
}

void ArrayStep::read(ByteReader& reader, std::byte* place) const {
  if (own_.first == 0) return read_nothing(reader);
  for (std::uint64_t i = 0; i < own_.first; ++i) element_->read(reader, place + i * own_.element_size);
}

void PartsStep::read(ByteReader& reader, std::byte* place) const {
  if (parts_.empty()) read_nothing(reader);
  constexpr std::size_t usual = 64;
  std::array<std::byte*, usual> usual_places;
  std::vector<std::byte*> more_places(own_.part_count > usual ? own_.part_count : 0);
  std::byte** places = more_places.empty() ? usual_places.data() : more_places.data();
  own_.find_parts(place, places);
  for (const Part& part : parts_) {
    if (part.step == nullptr) {
      skip_value(reader, written_, part.written);
    } else {
      part.step->read(reader, places[part.own]);
    }
  }
  if (own_.restored != nullptr && !own_.restored(place)) reader.refuse("the parts of a value do not fit together");
}

}  // namespace streamwork::format
