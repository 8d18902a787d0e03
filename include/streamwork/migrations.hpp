// How state written by an older version of a program becomes what this version wants, where the names of fields are not
// enough.
//
//   account_ = context.value_state<Account>("account", {},
//       sw::Migrations()
//           .field<std::string, std::int64_t>("limit", [](const std::string& text) { return std::stoll(text); })
//           .renamed("owner.surname", "last_name"));
//
// Nothing is needed for a field that was added or dropped or moved, for an integer that became wider, nor for an enum with
// more names: see docs/internals/state-encoding.md. A migration stays registered as long as there may be checkpoints of the older version; it does
// nothing to state that has the new types already.
//
// A path leads from the state's type to a field: "limit", "owner.surname"; "[]" stands for the elements of a list, "{}" for
// the values of a map and "{key}" for its keys, "0", "1", … for the parts of a tuple or variant: "positions[].price".
// An optional needs nothing. The empty path is the whole state. Names in it are those of this program.
// Thread rule: a plain value; the functions must be pure, since several threads may call them at once.
#pragma once

#include <cstddef>
#include <functional>
#include <streamwork/typed/stored_type.hpp>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace streamwork {

namespace typed {

/// A registered migration without its types.
struct Conversion {
  std::string path;
  const Schema& (*from)();
  const std::type_info* to;
  /// Reads a value of the older type and gives the object at `place` what it became.
  std::function<void(ByteReader& reader, std::byte* place)> read;
};

struct Renaming {
  std::string path;  ///< as written
  std::string name;
};

}  // namespace typed

class Migrations {
 public:
  Migrations();
  Migrations(const Migrations&);
  Migrations(Migrations&&) noexcept;
  Migrations& operator=(const Migrations&);
  Migrations& operator=(Migrations&&) noexcept;
  ~Migrations();

  /// Where `path` was stored as a `From` and is a `To` now, `function(const From&)` returns the new value.
  template <typed::Storable From, class To, class Function>
    requires std::is_invocable_r_v<To, const Function&, const From&>
  Migrations& field(std::string path, Function function) {
    return add({std::move(path), &typed::schema_of<From>, &typeid(To),
                [function = std::move(function)](typed::ByteReader& reader, std::byte* place) {
                  From from{};
                  typed::decode(reader, from);
                  *reinterpret_cast<To*>(place) = std::invoke(function, std::as_const(from));
                }});
  }
  /// The field at `path`, whose last name is the former one, is called `name` now.
  Migrations& renamed(std::string path, std::string name);

  // For the engine.
  const std::vector<typed::Conversion>& conversions() const { return conversions_; }
  const std::vector<typed::Renaming>& renamings() const { return renamings_; }

 private:
  Migrations& add(typed::Conversion conversion);

  std::vector<typed::Conversion> conversions_;
  std::vector<typed::Renaming> renamings_;
};

}  // namespace streamwork
