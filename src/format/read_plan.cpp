#include "format/read_plan.hpp"

#include <algorithm>
#include <streamwork/typed/value_reader.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "format/read_steps.hpp"
#include "format/utf8.hpp"

namespace streamwork::typed {

namespace {

using namespace format;

/// A message shows so much of a type.
constexpr std::size_t longest_type = 300;
constexpr std::size_t longest_path = 200;

/// A type of this program and where it stands in its schema.
struct Own {
  const StoredType& type;
  std::uint32_t node;
};

class Planner {
 public:
  Planner(const Schema& written, const Schema& own, const Migrations& migrations,
          std::vector<std::unique_ptr<ReadStep>>& steps)
      : written_(written), own_(own), migrations_(migrations), steps_(steps) {}

  /// The step for one part; nullptr, with a difference noted, if there is none.
  const ReadStep* plan(std::uint32_t written, Own own) {
    if (same_type(written_, written, own_, own.node)) return make<DirectStep>(own.type);
    if (const Conversion* conversion = conversion_for(written, own)) return make<ConversionStep>(conversion->read);
    const SchemaNode& from = written_.node(written);
    const SchemaNode& to = own_.node(own.node);
    if (WideningStep::widens(from.kind, to.kind)) return make<WideningStep>(from.kind, to.kind);
    if (from.kind != to.kind) return differ(written, own);
    switch (from.kind) {
      case SchemaKind::enumeration:
        return make<EnumStep>(written_, written, own.type, where());
      case SchemaKind::duration:
      case SchemaKind::instant:
        return plan_time(written, own);
      case SchemaKind::optional:
      case SchemaKind::list:
      case SchemaKind::map:
        return plan_elements(from, own);
      case SchemaKind::array:
        return from.first == to.first ? plan_array(from, own) : differ(written, own);
      case SchemaKind::tuple:
        return from.parts.size() == to.parts.size() ? plan_tuple(from, own) : differ(written, own);
      case SchemaKind::variant:
        return plan_variant(written, own);
      case SchemaKind::record:
        return plan_record(written, own);
      default:
        return differ(written, own);
    }
  }

  std::vector<std::string>& differences() { return differences_; }

 private:
  template <class Step, class... Arguments>
  Step* make(Arguments&&... arguments) {
    auto step = std::make_unique<Step>(std::forward<Arguments>(arguments)...);
    Step* const made = step.get();
    steps_.push_back(std::move(step));
    return made;
  }

  /// Plans a part further down the path.
  const ReadStep* plan_at(std::string_view name, std::uint32_t written, Own own) {
    const std::size_t before = path_.size();
    if (!path_.empty() && name[0] != '[' && name[0] != '{') path_ += '.';
    path_ += name;
    const ReadStep* step = plan(written, own);
    path_.resize(before);
    return step;
  }

  Own part(Own own, std::size_t index) const { return {*own.type.parts[index], own_.node(own.node).parts[index]}; }

  std::string where() const { return path_.empty() ? "the whole value" : "field '" + path_ + "'"; }

  const Conversion* conversion_for(std::uint32_t written, Own own) {
    for (const Conversion& conversion : migrations_.conversions()) {
      if (conversion.path != path_ || !same_type(written_, written, conversion.from(), 0)) continue;
      if (*conversion.to == *own.type.identity) return &conversion;
      differences_.push_back("the migration of " + where() +
                             " makes another type than the program has there, which is " +
                             own_.text(own.node, longest_type));
    }
    return nullptr;
  }

  const ReadStep* differ(std::uint32_t written, Own own) {
    std::string difference = printable(where(), longest_path) + " is " + own_.text(own.node, longest_type) + ", was " +
                             written_.text(written, longest_type);
    for (const Conversion& conversion : migrations_.conversions()) {
      if (conversion.path == path_)
        difference += "; the migration registered for it is from " + conversion.from().text(0, longest_type);
    }
    differences_.push_back(std::move(difference));
    return nullptr;
  }

  /// A time is the number inside it, if unit and clock are the same.
  const ReadStep* plan_time(std::uint32_t written, Own own) {
    const SchemaNode& from = written_.node(written);
    const SchemaNode& to = own_.node(own.node);
    if (from.first != to.first || from.second != to.second) return differ(written, own);
    const std::size_t before = differences_.size();
    const ReadStep* step = plan(from.parts[0], part(own, 0));
    if (differences_.size() == before) return step;
    differences_.resize(before);
    return differ(written, own);  // tells the time, not the number
  }

  const ReadStep* plan_elements(const SchemaNode& from, Own own) {
    std::vector<const ReadStep*> parts;
    if (from.kind == SchemaKind::optional) {
      parts.push_back(plan(from.parts[0], part(own, 0)));
    } else if (from.kind == SchemaKind::list) {
      parts.push_back(plan_at("[]", from.parts[0], part(own, 0)));
    } else {
      parts.push_back(plan_at("{key}", from.parts[0], part(own, 0)));
      parts.push_back(plan_at("{}", from.parts[1], part(own, 1)));
    }
    return make<ElementsStep>(own.type, std::move(parts));
  }

  const ReadStep* plan_array(const SchemaNode& from, Own own) {
    return make<ArrayStep>(own.type, plan_at("[]", from.parts[0], part(own, 0)));
  }

  const ReadStep* plan_tuple(const SchemaNode& from, Own own) {
    auto* step = make<PartsStep>(written_, own.type);
    for (std::size_t i = 0; i < from.parts.size(); ++i)
      step->add({i, plan_at(std::to_string(i), from.parts[i], part(own, i)), from.parts[i]});
    return step;
  }

  /// Each alternative becomes the one that is equal, or the one in its place.
  const ReadStep* plan_variant(std::uint32_t written, Own own) {
    const SchemaNode& from = written_.node(written);
    const std::vector<std::uint32_t>& to = own_.node(own.node).parts;
    std::vector<VariantStep::Alternative> alternatives;
    for (std::size_t i = 0; i < from.parts.size(); ++i) {
      const auto is_equal = [&](std::uint32_t node) { return same_type(written_, from.parts[i], own_, node); };
      std::size_t place = i;
      if (i >= to.size() || !is_equal(to[i]))
        place = static_cast<std::size_t>(std::ranges::find_if(to, is_equal) - to.begin());
      if (place == to.size()) place = i;
      if (place >= to.size()) return differ(written, own);
      alternatives.push_back({place, plan_at(std::to_string(i), from.parts[i], part(own, place))});
    }
    return make<VariantStep>(own.type, std::move(alternatives));
  }

  const ReadStep* plan_record(std::uint32_t written, Own own) {
    for (const auto& [pair, step] : records_) {
      if (pair == std::pair(written, &own.type)) return step;
    }
    auto* step = make<PartsStep>(written_, own.type);
    records_.emplace_back(std::pair(written, &own.type), step);
    const SchemaNode& from = written_.node(written);
    for (std::size_t i = 0; i < from.parts.size(); ++i) {
      const std::size_t field = field_for(from, i, own);
      if (field == own.type.part_count) {
        step->add({0, nullptr, from.parts[i]});
      } else {
        step->add({field, plan_at(own.type.names[field], from.parts[i], part(own, field)), from.parts[i]});
      }
    }
    return step;
  }

  /// The field that a written field is now; `part_count` if it is none any more.
  std::size_t field_for(const SchemaNode& from, std::size_t written, Own own) {
    const std::span names(own.type.names, own.type.part_count);
    const auto place_of = [&](std::string_view name) {
      return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    };
    const std::string& name = from.names[written];
    const std::size_t same = place_of(name);
    if (same < names.size()) return same;
    const std::string path = path_.empty() ? name : path_ + "." + name;
    for (const Renaming& renaming : migrations_.renamings()) {
      if (renaming.path != path) continue;
      const std::size_t renamed = place_of(renaming.name);
      if (renamed == names.size())
        differences_.push_back("field '" + path + "' is renamed to '" + renaming.name + "', which is no field");
      if (std::ranges::find(from.names, renaming.name) == from.names.end()) return renamed;
    }
    return names.size();
  }

  const Schema& written_;
  const Schema& own_;
  const Migrations& migrations_;
  std::vector<std::unique_ptr<ReadStep>>& steps_;
  std::vector<std::pair<std::pair<std::uint32_t, const StoredType*>, const ReadStep*>> records_;
  std::string path_;
  std::vector<std::string> differences_;
};

std::string lines(const std::vector<std::string>& differences) {
  std::string result;
  for (const std::string& difference : differences) {
    if (!result.empty()) result += '\n';
    result += difference;
  }
  return result;
}

}  // namespace

SchemaMismatch::SchemaMismatch(std::vector<std::string> differences)
    : std::runtime_error(lines(differences)), differences_(std::move(differences)) {}

ReadPlan::ReadPlan(const Schema& written, const StoredType& own, const Schema& own_schema, const Migrations& migrations)
    : written_(written) {
  Planner planner(written_, own_schema, migrations, steps_);
  whole_ = planner.plan(0, {own, 0});
  if (!planner.differences().empty()) throw SchemaMismatch(std::move(planner.differences()));
}

ValueReader::ValueReader(const Schema& written, const StoredType& own, const Schema& own_schema,
                         const Migrations& migrations)
    : own_(&own) {
  if (!(written == own_schema)) plan_ = std::make_unique<ReadPlan>(written, own, own_schema, migrations);
}

ValueReader::~ValueReader() = default;

void ValueReader::read(ByteReader& reader, std::byte* value) const {
  if (plan_ == nullptr) return own_->decode(reader, value);
  plan_->read(reader, value);
}

}  // namespace streamwork::typed
