// The stores of one run, and the memory they share: a cache of blocks, against which indexes, filters and what waits to be written
// are charged.
// Thread rule: any thread.
#pragma once

#include <rocksdb/options.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::rocks {

class RocksStores final : public typed::RowStores, public std::enable_shared_from_this<RocksStores> {
 public:
  RocksStores(std::string directory, std::uint64_t memory_bytes);
  ~RocksStores() override;

  std::string_view format() const override { return "rocksdb"; }
  std::unique_ptr<typed::RowStore> open(const std::vector<typed::StoreFile>& files) override;
  std::uint64_t row_bytes() const override;

 private:
  const std::string directory_;
  const std::uint64_t memory_bytes_;
  rocksdb::Options options_;
  std::atomic<std::uint64_t> opened_{0};
  std::atomic<std::uint64_t> open_now_{0};
};

std::unique_ptr<typed::RowStore> open_to_read(const std::vector<typed::StoreFile>& files);

}  // namespace streamwork::rocks
