// What a database held at one moment: its tables under second names (hard links), and copies of its two small files.
// Thread rule: one thread.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <streamwork/typed/row_store.hpp>
#include <string>
#include <vector>

namespace streamwork::rocks {

class RocksCopy final : public typed::StoreCopy {
 public:
  /// Writes what is in memory to a table first. The copy is a folder beside `directory` with this number in its name.
  RocksCopy(rocksdb::DB& database, const std::string& directory, std::uint64_t number);
  ~RocksCopy() override;

  const std::vector<typed::StoreFile>& files() const override { return files_; }

 private:
  void add(const rocksdb::LiveFileStorageInfo& file);

  const std::string folder_;
  std::vector<typed::StoreFile> files_;
};

/// Puts the files of a copy where a database is opened from: tables as links, if the file system can, the rest as copies.
void lay_out(const std::vector<typed::StoreFile>& files, const std::string& directory);

/// The same with symbolic links, for reading only.
void point_to(const std::vector<typed::StoreFile>& files, const std::string& directory);

/// Removes a directory with all that is in it; what cannot be removed stays.
void remove_all(const std::string& directory) noexcept;

}  // namespace streamwork::rocks
