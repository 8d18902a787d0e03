#include "state/rocksdb/store_copy.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "state/rocksdb/rocks_store.hpp"

namespace streamwork::rocks {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& action, const std::string& path, const std::error_code& error) {
  throw std::runtime_error("rocksdb: cannot " + action + " '" + path + "': " + error.message());
}

void make_directory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail("make directory", path, error);
}

/// A second name, or a second file where the file system has no such names or the name would be in another one.
void link(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (!error) return;
  error.clear();
  fs::copy_file(from, to, error);
  if (error) fail("copy '" + from + "' to", to, error);
}

void copy_beginning(const std::string& from, const std::string& to, std::uint64_t size) {
  std::ifstream source(from, std::ios::binary);
  std::string bytes(size, '\0');
  source.read(bytes.data(), static_cast<std::streamsize>(size));
  std::ofstream target(to, std::ios::binary);
  target.write(bytes.data(), static_cast<std::streamsize>(size));
  target.close();
  if (!source || !target) throw std::runtime_error("rocksdb: cannot copy '" + from + "' to '" + to + "'");
}

void write(const std::string& to, const std::string& bytes) {
  std::ofstream target(to, std::ios::binary);
  target << bytes;
  target.close();
  if (!target) throw std::runtime_error("rocksdb: cannot write to '" + to + "'");
}

/// Files that are in use are not removed while this lives.
class KeptFiles {
 public:
  KeptFiles(rocksdb::DB& database, const std::string& directory) : database_(database) {
    check(database_.DisableFileDeletions(), "keep the files of", directory);
  }
  KeptFiles(const KeptFiles&) = delete;
  KeptFiles& operator=(const KeptFiles&) = delete;
  ~KeptFiles() { database_.EnableFileDeletions(false).PermitUncheckedError(); }

 private:
  rocksdb::DB& database_;
};

}  // namespace

RocksCopy::RocksCopy(rocksdb::DB& database, const std::string& directory, std::uint64_t number)
    : folder_(directory + ".copy-" + std::to_string(number)) {
  remove_all(folder_);
  make_directory(folder_);
  try {
    const KeptFiles kept(database, directory);
    std::vector<rocksdb::LiveFileStorageInfo> live;
    check(database.GetLiveFilesStorageInfo({}, &live), "write", directory);
    for (const rocksdb::LiveFileStorageInfo& file : live) {
      const bool needed = file.file_type == rocksdb::kTableFile || file.file_type == rocksdb::kDescriptorFile ||
                          file.file_type == rocksdb::kCurrentFile;
      if (needed) add(file);
    }
  } catch (...) {
    remove_all(folder_);
    throw;
  }
}

RocksCopy::~RocksCopy() { remove_all(folder_); }

void RocksCopy::add(const rocksdb::LiveFileStorageInfo& file) {
  const std::string from = file.directory + "/" + file.relative_filename;
  const std::string to = folder_ + "/" + file.relative_filename;
  if (!file.replacement_contents.empty()) {
    write(to, file.replacement_contents);
  } else if (file.trim_to_size) {
    copy_beginning(from, to, file.size);
  } else {
    link(from, to);
  }
  files_.push_back({file.relative_filename, to, file.size, file.file_type == rocksdb::kTableFile});
}

void lay_out(const std::vector<typed::StoreFile>& files, const std::string& directory) {
  make_directory(directory);
  for (const typed::StoreFile& file : files) {
    const std::string to = directory + "/" + file.name;
    if (file.immutable) {
      link(file.path, to);
    } else {
      copy_beginning(file.path, to, file.size);
    }
  }
}

void point_to(const std::vector<typed::StoreFile>& files, const std::string& directory) {
  for (const typed::StoreFile& file : files) {
    std::error_code error;
    const fs::path target = fs::absolute(file.path, error);
    if (!error) fs::create_symlink(target, directory + "/" + file.name, error);
    if (error) fail("link to", file.path, error);
  }
}

void remove_all(const std::string& directory) noexcept {
  std::error_code error;
  fs::remove_all(directory, error);
}

}  // namespace streamwork::rocks
