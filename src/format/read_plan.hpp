// How values of a written schema are read into the types of this program: a graph of steps, one for each part that needs
// one. Parts that are equal in both are a single step, however much is in them.
// Thread rule: immutable once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/migrations.hpp>
#include <streamwork/typed/schema.hpp>
#include <streamwork/typed/stored_type.hpp>
#include <vector>

namespace streamwork::typed {

class ReadStep {
 public:
  ReadStep() = default;
  ReadStep(const ReadStep&) = delete;
  ReadStep& operator=(const ReadStep&) = delete;
  virtual ~ReadStep() = default;
  /// Reads one part into the object at `place`.
  virtual void read(ByteReader& reader, std::byte* place) const = 0;
};

class ReadPlan {
 public:
  /// Throws `SchemaMismatch` with all differences.
  ReadPlan(const Schema& written, const StoredType& own, const Schema& own_schema, const Migrations& migrations);
  void read(ByteReader& reader, std::byte* place) const { whole_->read(reader, place); }

 private:
  Schema written_;
  std::vector<std::unique_ptr<ReadStep>> steps_;
  const ReadStep* whole_ = nullptr;
};

}  // namespace streamwork::typed
