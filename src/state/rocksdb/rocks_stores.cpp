#include "state/rocksdb/rocks_stores.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "state/rocksdb/rocks_store.hpp"
#include "state/rocksdb/store_copy.hpp"

namespace streamwork::rocks {

namespace {

// How the memory is shared out. Rows in memory save more work per byte than blocks, in which they lie encoded among others that
// nobody wants; blocks save reading the index and the filter of each table.
constexpr std::uint64_t parts = 8;
constexpr std::uint64_t row_parts = 4;
constexpr std::uint64_t block_parts = 3;      ///< the last part is for what is held only briefly: compactions, batches
constexpr std::uint64_t unwritten_parts = 1;  ///< of those of the blocks

rocksdb::Options options_for(std::uint64_t memory_bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log_level = rocksdb::ERROR_LEVEL;
  options.keep_log_file_num = 1;
  options.max_open_files = 256;
  options.max_manifest_file_size = std::uint64_t{1} << 20U;  // each checkpoint has a copy
  options.allow_concurrent_memtable_write = false;           // a store has one writer
  // Few large rewritings: with levels, each checkpoint after a small change would soon have most tables anew.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = 8;
  options.compaction_options_universal.max_size_amplification_percent = 100;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size =
      std::clamp<std::uint64_t>(memory_bytes / parts * unwritten_parts / 2, 1U << 20U, 64U << 20U);

  const std::uint64_t block_bytes = memory_bytes / parts * block_parts;
  const std::shared_ptr<rocksdb::Cache> blocks = rocksdb::NewLRUCache(block_bytes, 4, false, 0.5);
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(memory_bytes / parts * unwritten_parts, blocks);
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = blocks;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;  // so that parts of it may go
  table.partition_filters = true;
  table.metadata_block_size = 4096;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

/// A new folder among the system's temporary ones.
std::string temporary_folder() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string path = ((error ? "/tmp" : parent) / "streamwork-state-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("rocksdb: cannot make a folder '" + path + "'");
  return path;
}

}  // namespace

RocksStores::RocksStores(std::string directory, std::uint64_t memory_bytes)
    : directory_(directory.empty() ? temporary_folder() : std::move(directory)),
      memory_bytes_(memory_bytes),
      options_(options_for(memory_bytes)) {
  remove_all(directory_);
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) throw std::runtime_error("rocksdb: cannot make directory '" + directory_ + "': " + error.message());
}

RocksStores::~RocksStores() { remove_all(directory_); }

std::unique_ptr<typed::RowStore> RocksStores::open(const std::vector<typed::StoreFile>& files) {
  const std::string directory = directory_ + "/store-" + std::to_string(++opened_);
  if (!files.empty()) lay_out(files, directory);
  auto store = std::make_unique<RocksStore>(options_, directory, false, [self = shared_from_this(), directory] {
    self->open_now_.fetch_sub(1);
    remove_all(directory);
  });
  open_now_.fetch_add(1);
  return store;
}

std::uint64_t RocksStores::row_bytes() const {
  return memory_bytes_ / parts * row_parts / std::max<std::uint64_t>(open_now_.load(), 1);
}

std::unique_ptr<typed::RowStore> open_to_read(const std::vector<typed::StoreFile>& files) {
  const std::string directory = temporary_folder();
  const auto remove = [directory] { remove_all(directory); };
  try {
    point_to(files, directory);
    rocksdb::Options options = options_for(std::uint64_t{16} << 20U);
    options.create_if_missing = false;
    return std::make_unique<RocksStore>(options, directory, true, remove);
  } catch (...) {
    remove();
    throw;
  }
}

}  // namespace streamwork::rocks

/// What `row_store_library` looks for. The number stands for the form of the interfaces: a library of another release has another.
extern "C" __attribute__((visibility("default"))) const streamwork::typed::RowStoreLibrary streamwork_row_stores_1;
const streamwork::typed::RowStoreLibrary streamwork_row_stores_1 = {
    .open = [](const std::string& directory,
               std::uint64_t memory_bytes) -> std::shared_ptr<streamwork::typed::RowStores> {
      return std::make_shared<streamwork::rocks::RocksStores>(directory, memory_bytes);
    },
    .read = &streamwork::rocks::open_to_read,
};
