#include "state/rocksdb/rocks_store.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "state/rocksdb/store_copy.hpp"

namespace streamwork::rocks {

namespace {

/// Writes are collected up to this size, which makes each cheaper and takes no memory to speak of.
constexpr std::size_t most_pending_bytes = std::size_t{256} << 10U;

/// Most significant byte first, so that hashes are in order, and so key groups.
class Key {
 public:
  explicit Key(std::uint32_t hash = 0)
      : bytes_{static_cast<char>(hash >> 24U), static_cast<char>(hash >> 16U), static_cast<char>(hash >> 8U),
               static_cast<char>(hash)} {}
  rocksdb::Slice slice() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 4> bytes_;
};

std::uint32_t hash_of(const rocksdb::Slice& key) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < key.size(); ++i) hash = hash << 8U | static_cast<unsigned char>(key[i]);
  return hash;
}

std::span<const std::byte> bytes_of(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::byte*>(slice.data()), slice.size()};
}
rocksdb::Slice slice_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void check(const rocksdb::Status& status, const std::string& action, const std::string& directory) {
  if (!status.ok())
    throw std::runtime_error("rocksdb: cannot " + action + " '" + directory + "': " + status.ToString());
}

RocksStore::RocksStore(const rocksdb::Options& options, std::string directory, bool read_only,
                       std::function<void()> last)
    : directory_(std::move(directory)), last_(std::move(last)) {
  rocksdb::DB* database = nullptr;
  check(read_only ? rocksdb::DB::OpenForReadOnly(options, directory_, &database)
                  : rocksdb::DB::Open(options, directory_, &database),
        "open", directory_);
  database_.reset(database);
}

RocksStore::~RocksStore() {
  database_.reset();
  if (last_) last_();
}

void RocksStore::read(std::span<const std::uint32_t> hashes, const Visit& visit) {
  seal();
  constexpr std::size_t most = 128;
  std::array<Key, most> keys;
  std::array<rocksdb::Slice, most> slices;
  std::array<rocksdb::Status, most> statuses;
  values_.resize(most);
  for (std::size_t begin = 0; begin < hashes.size(); begin += most) {
    const std::size_t count = std::min(most, hashes.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      keys[i] = Key(hashes[begin + i]);
      slices[i] = keys[i].slice();
      values_[i].Reset();
    }
    database_->MultiGet(rocksdb::ReadOptions(), database_->DefaultColumnFamily(), count, slices.data(), values_.data(),
                        statuses.data());
    for (std::size_t i = 0; i < count; ++i) {
      if (statuses[i].IsNotFound()) continue;
      check(statuses[i], "read", directory_);
      visit(hashes[begin + i], bytes_of(values_[i]));
    }
  }
  for (rocksdb::PinnableSlice& value : values_) value.Reset();  // the blocks they point to may go
}

void RocksStore::put(std::uint32_t hash, std::span<const std::byte> rows) {
  check(pending_.Put(Key(hash).slice(), slice_of(rows)), "write to", directory_);
  if (pending_.GetDataSize() >= most_pending_bytes) seal();
}

void RocksStore::remove(std::uint32_t hash) {
  check(pending_.Delete(Key(hash).slice()), "write to", directory_);
  if (pending_.GetDataSize() >= most_pending_bytes) seal();
}

void RocksStore::scan(std::uint32_t first, std::uint32_t last,
                      const std::function<bool(std::uint32_t, std::span<const std::byte>)>& visit) {
  seal();
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // it comes by once, and must not drive out what is used
  const std::unique_ptr<rocksdb::Iterator> entry(database_->NewIterator(options));
  for (entry->Seek(Key(first).slice()); entry->Valid(); entry->Next()) {
    const std::uint32_t hash = hash_of(entry->key());
    if (hash > last || !visit(hash, bytes_of(entry->value()))) break;
  }
  check(entry->status(), "read", directory_);
}

void RocksStore::seal() {
  if (pending_.Count() == 0) return;
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  check(database_->Write(options, &pending_), "write to", directory_);
  pending_.Clear();
}

std::unique_ptr<typed::StoreCopy> RocksStore::copy() {
  return std::make_unique<RocksCopy>(*database_, directory_, ++copies_);
}

}  // namespace streamwork::rocks
