// Reads what an older program wrote into the types of this one.
//
// A plan is made once from both schemas. Fields are matched by name: one that was not written stays as the object has it, one
// that is not wanted any more is read over. Enum values are matched by name, too; numbers may have become wider. Everything
// else must be equal or have a migration (migrations.hpp).
// Thread rule: immutable once made.
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <streamwork/migrations.hpp>
#include <streamwork/typed/schema.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

/// What was written cannot become what this program wants. `what()` lists all differences, one per line, with the path of
/// each and both types.
class SchemaMismatch : public std::runtime_error {
 public:
  explicit SchemaMismatch(std::vector<std::string> differences);
  const std::vector<std::string>& differences() const noexcept { return differences_; }

 private:
  std::vector<std::string> differences_;
};

class ReadPlan;

class ValueReader {
 public:
  /// Throws `SchemaMismatch`. `own` and `own_schema` describe the same type; nothing given is needed afterwards but `own`.
  ValueReader(const Schema& written, const StoredType& own, const Schema& own_schema, const Migrations& migrations);
  ValueReader(const ValueReader&) = delete;
  ValueReader& operator=(const ValueReader&) = delete;
  ~ValueReader();

  /// Reads one value into the object at `value`. Throws `StoredDataError`; then the object may be anything.
  void read(ByteReader& reader, std::byte* value) const;
  /// True if both schemas are equal, so that reading takes no detour.
  bool direct() const { return plan_ == nullptr; }

 private:
  const StoredType* own_;
  std::unique_ptr<const ReadPlan> plan_;
};

}  // namespace streamwork::typed
