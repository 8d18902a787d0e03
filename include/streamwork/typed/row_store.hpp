// Where rows of keyed state are that are not in memory: a store per operator instance, in which rows lie encoded.
//
// Rows are kept by the hash of their key, all rows of one hash together (almost always one): so that a timer need only keep a hash,
// and so that whether two keys are equal is for `==` to say, not for their bytes. Hashes are in order in a store, and so
// are key groups, which are their top bits.
//
// The store is memory of the second kind, no more: it begins empty, and what survives is a copy in a checkpoint.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <streamwork/state_options.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace streamwork::typed {

/// A file of a store; `name` is the store's own, `path` where it is.
struct StoreFile {
  std::string name;
  std::string path;
  std::uint64_t size = 0;
  bool immutable = false;  ///< a file of this name never changes: checkpoints may share it
};

/// What a checkpoint knows of a file that is not made for it alone.
struct CheckedFile {
  std::string name{};
  std::uint64_t size = 0;
  std::vector<std::uint64_t> checksums{};  ///< of its blocks, in order

  bool operator==(const CheckedFile&) const = default;
};
struct KnownFile {
  CheckedFile checked;
  /// Where a checkpoint has the same bytes at another place of the disk than the store; empty: none has.
  std::string other_copy{};
};
/// By the store's name for them: those that never change.
using KnownFiles = std::unordered_map<std::string, KnownFile>;

/// What a store held at one moment, as files that nobody changes. They are gone when this is destroyed; links to them stay.
class StoreCopy {
 public:
  StoreCopy() = default;
  StoreCopy(const StoreCopy&) = delete;
  StoreCopy& operator=(const StoreCopy&) = delete;
  virtual ~StoreCopy() = default;
  virtual const std::vector<StoreFile>& files() const = 0;
};

/// Everything throws `std::runtime_error`, which names the store and says why, when its files fail.
/// Thread rule: one task; `copy` by any thread at the same time.
class RowStore {
 public:
  using Visit = std::function<void(std::uint32_t hash, std::span<const std::byte> rows)>;

  RowStore() = default;
  RowStore(const RowStore&) = delete;
  RowStore& operator=(const RowStore&) = delete;
  virtual ~RowStore() = default;

  /// Calls `visit` for those of the hashes that there are rows for. Their files are asked for together.
  virtual void read(std::span<const std::uint32_t> hashes, const Visit& visit) = 0;
  /// Puts the rows in the place of what there was for this hash.
  virtual void put(std::uint32_t hash, std::span<const std::byte> rows) = 0;
  virtual void remove(std::uint32_t hash) = 0;
  /// Calls `visit` for all hashes from `first` to `last`, in order, as they were when it was called; until it returns false.
  virtual void scan(std::uint32_t first, std::uint32_t last,
                    const std::function<bool(std::uint32_t hash, std::span<const std::byte> rows)>& visit) = 0;
  /// Everything put and removed so far will be in a copy that is made before anything else is.
  virtual void seal() = 0;
  /// May take as long as writing some megabytes does. REQUIRES: nothing was put or removed since `seal`.
  virtual std::unique_ptr<StoreCopy> copy() = 0;
};

/// The stores of one run of a job, with the memory that they share.
/// Thread rule: any thread.
class RowStores {
 public:
  RowStores() = default;
  RowStores(const RowStores&) = delete;
  RowStores& operator=(const RowStores&) = delete;
  virtual ~RowStores() = default;

  /// The kind of store, as checkpoints name it.
  virtual std::string_view format() const = 0;
  /// An empty store, or one that goes on from `files` (of a `StoreCopy`), which stay as they are.
  virtual std::unique_ptr<RowStore> open(const std::vector<StoreFile>& files) = 0;
  /// Memory in bytes that each store's user may take for rows of its own; less when more stores are opened.
  virtual std::uint64_t row_bytes() const = 0;
};

/// What a kind of store consists of; the library that has it exports one.
struct RowStoreLibrary {
  /// `directory` is for the stores' files alone: everything in it is removed, now and at the end.
  std::shared_ptr<RowStores> (*open)(const std::string& directory, std::uint64_t memory_bytes);
  /// Reads what a `StoreCopy` held, and writes nowhere but into the system's folder for temporary files.
  std::unique_ptr<RowStore> (*read)(const std::vector<StoreFile>& files);
};

/// The rows of one operator instance as a checkpoint holds them: the files of a store.
struct StoredRows {
  std::string format{};
  std::int64_t instance = 0;
  std::int64_t parallelism = 0;
  std::string schema{};  ///< of a row: its key and its states
  std::vector<StoreFile> files{};
  KnownFiles known{};

  /// False if there is surely no row: rows are in files that never change.
  bool may_have_rows() const { return std::ranges::any_of(files, &StoreFile::immutable); }
};

struct StoredFrame;
/// Calls `visit` for these rows as frames of some ten kilobytes, those of the key groups from `first` to `last`. Throws
/// `std::runtime_error`.
void for_each_frame(const StoredRows& rows, std::uint32_t first, std::uint32_t last,
                    const std::function<void(const StoredFrame&)>& visit);

/// The library with stores of this format ("rocksdb"), loaded when it is first asked for. Throws `std::runtime_error`, which says
/// what to do, if the program has none.
const RowStoreLibrary& row_store_library(const std::string& format);

}  // namespace streamwork::typed
