// One store of rows in RocksDB: the hash of a key, most significant byte first, leads to the rows of this hash.
//
// There is no log: a store is as short-lived as its run, and what must survive is copied (`copy`) into a checkpoint.
// Thread rule: as `RowStore`.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <vector>

namespace streamwork::rocks {

/// Throws `std::runtime_error` unless `status` is good: "rocksdb: cannot write to 'DIRECTORY': …".
void check(const rocksdb::Status& status, const std::string& action, const std::string& directory);

class RocksStore final : public typed::RowStore {
 public:
  /// The database in `directory`, made if it is missing; `last` is called when it has been closed.
  RocksStore(const rocksdb::Options& options, std::string directory, bool read_only, std::function<void()> last);
  ~RocksStore() override;

  void read(std::span<const std::uint32_t> hashes, const Visit& visit) override;
  void put(std::uint32_t hash, std::span<const std::byte> rows) override;
  void remove(std::uint32_t hash) override;
  void scan(std::uint32_t first, std::uint32_t last,
            const std::function<bool(std::uint32_t, std::span<const std::byte>)>& visit) override;
  void seal() override;
  std::unique_ptr<typed::StoreCopy> copy() override;

 private:
  const std::string directory_;
  std::unique_ptr<rocksdb::DB> database_;
  rocksdb::WriteBatch pending_;  ///< not yet in the database
  std::vector<rocksdb::PinnableSlice> values_;
  std::uint64_t copies_ = 0;
  std::function<void()> last_;
};

}  // namespace streamwork::rocks
