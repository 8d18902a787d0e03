// Where the rows of operator instances under test are: in memory, or in RocksDB behind a cache of a few rows, so that they come and
// go all the time.
// Thread rule: one thread.
#pragma once

#include <memory>
#include <streamwork/state_options.hpp>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::testkit {

/// Stores that leave their users no memory for rows of their own: they keep as few as they can.
class TightStores final : public typed::RowStores {
 public:
  explicit TightStores(std::shared_ptr<typed::RowStores> stores) : stores_(std::move(stores)) {}
  std::string_view format() const override { return stores_->format(); }
  std::unique_ptr<typed::RowStore> open(const std::vector<typed::StoreFile>& files) override {
    return stores_->open(files);
  }
  std::uint64_t row_bytes() const override { return 0; }

 private:
  std::shared_ptr<typed::RowStores> stores_;
};

inline constexpr std::uint64_t tight_memory_bytes = std::uint64_t{16} << 20U;

/// nullptr for memory; else stores among the system's temporary files.
inline std::shared_ptr<typed::RowStores> tight_stores(StateBackend backend) {
  if (backend == StateBackend::memory) return nullptr;
  return std::make_shared<TightStores>(typed::row_store_library("rocksdb").open("", tight_memory_bytes));
}

inline std::string name_of(StateBackend backend) { return backend == StateBackend::memory ? "Memory" : "RocksDb"; }

}  // namespace streamwork::testkit
