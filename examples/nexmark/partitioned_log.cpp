#include "partitioned_log.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <system_error>

namespace nexmark {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t minutes_per_day = 1440;

std::string mark_in(const std::string& folder) { return folder + "/_SUCCESS"; }

void mark(const std::string& folder) {
  if (!std::ofstream(mark_in(folder))) throw std::runtime_error("cannot write '" + mark_in(folder) + "'");
}

std::ptrdiff_t entries_of(const std::string& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

void PartitionedLog::prepare(const sw::SinkRequest& request) {
  request_ = request;
  for (const std::string& folder : folders()) {
    target_in(folder);  // begins anew, or refuses to, unless the job goes on
    if (!request.restored) fs::remove(mark_in(folder));
  }
  request_.restored = true;  // from here on a folder that is opened again keeps what is in it
}

bool PartitionedLog::write(const LogEntry& entry) {
  Partition& into = partition(entry.minute);
  if (!entry.bid) {
    into.complete = true;
    return true;
  }
  const FullOffer& bid = *entry.bid;
  sw::append_csv(into.lines.buffer(),
                 PassedRow<std::int64_t>{bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra.view()});
  return into.lines.end_line();
}

bool PartitionedLog::flush() {
  return std::ranges::all_of(partitions_, [](const auto& one) { return one.second->lines.flush(); });
}

bool PartitionedLog::finish() {
  return std::ranges::all_of(partitions_, [](const auto& one) { return one.second->lines.finish(); });
}

void PartitionedLog::close() {
  for (const auto& [minute, partition] : partitions_) partition->lines.close();
  partitions_.clear();
}

sw::Prepared<PartitionedLog::Transaction> PartitionedLog::prepare_commit(std::uint64_t checkpoint) {
  Transaction parts;
  std::vector<std::function<void()>> durable;
  for (const auto& [minute, partition] : partitions_) {
    sw::Prepared<sw::TextPart> ended = partition->lines.end_part(checkpoint);
    if (!ended.transaction && !partition->complete) continue;
    parts.push_back({minute, ended.transaction, partition->complete});
    if (ended.make_durable) durable.push_back(std::move(ended.make_durable));
    if (partition->complete) partition->lines.close();
  }
  std::erase_if(partitions_, [](const auto& one) { return one.second->complete; });
  if (parts.empty()) return {};
  return {std::move(parts), [durable = std::move(durable)] {
            for (const auto& one : durable) one();
          }};
}

void PartitionedLog::commit(const Transaction& parts) {
  for (const LogPart& one : parts) {
    const std::string folder = folder_of(one.minute);
    if (one.part) target_in(folder)->publish(*one.part);
    if (one.complete) mark(folder);
  }
}

void PartitionedLog::recover(std::uint64_t checkpoint, const std::vector<Transaction>& transactions) {
  std::map<std::string, std::vector<sw::TextPart>> parts;
  for (const std::string& folder : folders()) parts[folder];
  for (const Transaction& transaction : transactions) {
    for (const LogPart& one : transaction) {
      if (one.part) parts[folder_of(one.minute)].push_back(*one.part);
    }
  }
  for (const auto& [folder, of_folder] : parts) {
    const std::ptrdiff_t before = entries_of(folder);
    target_in(folder)->recover(checkpoint, of_folder);
    if (entries_of(folder) < before) fs::remove(mark_in(folder));  // something was withdrawn: it will be complete again
  }
  for (const Transaction& transaction : transactions) {
    for (const LogPart& one : transaction) {
      if (one.complete) mark(folder_of(one.minute));
    }
  }
}

std::string PartitionedLog::folder_of(std::int64_t minute) const {
  return root_ + "/dt=" + day_text(static_cast<std::int32_t>(minute / minutes_per_day)) +
         "/hm=" + minute_text(static_cast<std::int32_t>(minute % minutes_per_day));
}

/// Those that are there.
std::vector<std::string> PartitionedLog::folders() const {
  std::vector<std::string> found;
  std::error_code missing;
  for (const auto& day : fs::directory_iterator(root_, missing)) {
    if (!day.is_directory() || !day.path().filename().string().starts_with("dt=")) continue;
    for (const auto& minute : fs::directory_iterator(day)) {
      if (minute.path().filename().string().starts_with("hm=")) found.push_back(minute.path());
    }
  }
  return found;
}

std::shared_ptr<sw::OpenTextTarget> PartitionedLog::target_in(const std::string& folder) const {
  fs::create_directories(folder);
  return sw::file_target("dir:" + folder)->open(request_);
}

PartitionedLog::Partition& PartitionedLog::partition(std::int64_t minute) {
  std::shared_ptr<Partition>& found = partitions_[minute];
  if (!found) {
    const std::string folder = folder_of(minute);
    fs::create_directories(folder);
    found = std::make_shared<Partition>(Partition{sw::LineOutput(sw::file_target("dir:" + folder))});
    found->lines.prepare(request_);
    found->lines.open(*context_);
  }
  return *found;
}

}  // namespace nexmark
