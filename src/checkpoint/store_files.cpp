#include "checkpoint/store_files.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <streamwork/typed/value_codec.hpp>

#include "checkpoint/checksum.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

namespace {

/// A block has a checksum of its own, so that damage can be told to the megabyte.
constexpr std::uint64_t block_bytes = 1U << 20U;

/// Calls `visit(offset, bytes)` for the blocks of a file, the first `size` bytes of it.
template <class Visit>
void for_each_block(const ReadableFile& file, std::uint64_t size, Visit&& visit) {
  std::string block;
  for (std::uint64_t offset = 0; offset < size; offset += block_bytes) {
    block.resize(std::min(block_bytes, size - offset));
    block.resize(file.read_at(offset, block));
    visit(offset, std::string_view(block));
  }
}

std::uint64_t block_checksum(std::uint64_t offset, std::string_view bytes) {
  return checksum(bytes, offset / block_bytes);
}

CheckedFile checked(FileSystem& files, const std::string& path, std::uint64_t size) {
  CheckedFile result{.size = size};
  for_each_block(*files.open_to_read(path), size, [&](std::uint64_t offset, std::string_view bytes) {
    result.checksums.push_back(block_checksum(offset, bytes));
  });
  return result;
}

void copy(FileSystem& files, const std::string& from, const std::string& to, std::uint64_t size) {
  const auto target = files.create(to);
  for_each_block(*files.open_to_read(from), size,
                 [&](std::uint64_t, std::string_view bytes) { target->append(bytes); });
  target->sync();
  target->close();
}

void link_or_copy(FileSystem& files, const std::string& from, std::uint64_t size, const std::string& to) {
  try {
    files.link(from, to);
  } catch (const FileError& error) {
    constexpr int cannot[] = {EXDEV, EPERM, EOPNOTSUPP, ENOSYS, EMLINK};  // not with these two places, or not at all
    if (std::ranges::find(cannot, error.code().value()) == std::end(cannot)) throw;
    copy(files, from, to, size);
  }
}

// Each puts a file where a checkpoint has it, completes what is known of it, and returns how many bytes are new.

std::uint64_t put_copy(FileSystem& files, const typed::StoreFile& file, const std::string& path,
                       typed::KnownFile& known) {
  copy(files, file.path, path, file.size);
  CheckedFile copied = checked(files, path, file.size);
  if (!known.checked.checksums.empty() && copied.checksums != known.checked.checksums)
    throw DamagedFile(file.path, 0, "it is not what it was when it was put into a checkpoint before");
  known.checked = std::move(copied);
  return file.size;
}

std::uint64_t put_immutable(FileSystem& files, const typed::StoreFile& file, const std::string& path, Bytes bytes,
                            typed::KnownFile& known) {
  if (bytes == Bytes::of_the_store) {
    link_or_copy(files, file.path, file.size, path);
    if (!known.checked.checksums.empty()) return 0;
    known.checked = checked(files, path, file.size);
    return file.size;
  }
  const bool shared = !known.other_copy.empty() && files.exists(known.other_copy);
  const std::uint64_t new_bytes = shared ? 0 : put_copy(files, file, path, known);
  if (shared) link_or_copy(files, known.other_copy, file.size, path);
  known.other_copy = path;
  return new_bytes;
}

}  // namespace

std::string store_content_bytes(const StoreContent& content) {
  typed::ByteWriter writer;
  typed::encode(content, writer);
  return {reinterpret_cast<const char*>(writer.bytes().data()), writer.size()};
}

StoreContent read_store_content(std::string_view bytes) {
  StoreContent content;
  typed::ByteReader reader(std::as_bytes(std::span(bytes)));
  typed::codec_of<StoreContent>()->decode(reader, reinterpret_cast<std::byte*>(&content));
  return content;
}

PutStore put_store(FileSystem& files, const std::string& directory, const std::string& prefix,
                   const typed::StoreSnapshot& store, Bytes bytes) {
  const std::shared_ptr<const typed::StoreCopy> copy_of_store = store.copy();
  PutStore put{.content = {.format = store.format, .parallelism = store.parallelism}};
  typed::KnownFiles known;
  for (const typed::StoreFile& file : copy_of_store->files()) {
    const std::string name = prefix + file.name;
    const std::string path = path_in(directory, name);
    typed::KnownFile now{.checked = {.size = file.size}};
    if (const auto before = store.known->find(file.name);
        file.immutable && before != store.known->end() && before->second.checked.size == file.size)
      now = before->second;
    put.new_bytes += file.immutable ? put_immutable(files, file, path, bytes, now) : put_copy(files, file, path, now);
    now.checked.name = name;
    put.files.push_back(now.checked);
    put.content.files.push_back({name, file.name, file.immutable});
    if (file.immutable) known.emplace(file.name, std::move(now));
  }
  *store.known = std::move(known);
  return put;
}

void verify_file(FileSystem& files, const std::string& directory, const CheckedFile& file) {
  const std::string path = path_in(directory, file.name);
  const auto opened = files.open_to_read(path);
  if (opened->size() != file.size) {
    throw DamagedFile(
        path, std::min(opened->size(), file.size),
        "the file has " + std::to_string(opened->size()) + " bytes; " + std::to_string(file.size) + " were written");
  }
  std::size_t number = 0;
  for_each_block(*opened, file.size, [&](std::uint64_t offset, std::string_view bytes) {
    if (number < file.checksums.size() && block_checksum(offset, bytes) == file.checksums[number++]) return;
    throw DamagedFile(path, offset,
                      "the " + std::to_string(bytes.size()) + " bytes from there on are not what was written");
  });
  if (number != file.checksums.size())
    throw DamagedFile(path, file.size, "the manifest tells of more than the file has");
}

}  // namespace streamwork::checkpoint
