#include "checkpoint/restore.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <streamwork/errors.hpp>
#include <utility>

#include "checkpoint/names.hpp"
#include "checkpoint/stored_checkpoint.hpp"

namespace streamwork::checkpoint {

namespace {

/// What a change of delivery between two runs comes to; empty: nothing.
std::string note_change(const Manifest& manifest, Delivery delivery) {
  const std::string checkpoint = "checkpoint " + std::to_string(manifest.number);
  if (manifest.kind != Kind::checkpoint || manifest.delivery == name_of(delivery)) return {};
  if (delivery == Delivery::at_most_once)
    return checkpoint + " was taken with " + manifest.delivery + ": what came out after it comes out again";
  if (manifest.delivery == name_of(Delivery::at_most_once))
    return checkpoint + " was taken with " + manifest.delivery + " and holds no state: operators begin anew";
  return {};
}

Restore restore_from(const std::string& path, const CheckpointOptions& options) {
  return {std::make_shared<RestoredCheckpoint>(*options.file_system, path, adopt_checkpoint(*options.file_system, path),
                                               options.allow_dropped_state),
          {},
          {}};
}

/// The job has begun a new history and not completed a checkpoint since: it begins that history again.
Restore begin_again(const History& history, const CheckpointOptions& options, const CheckpointDirectory& directory) {
  const std::string older = "no checkpoint is complete since the job was told to go on from ";
  const std::string remedy =
      "; to go on from another checkpoint nonetheless, name it: --restore " + directory.path() + "/checkpoint-…";
  if (history.base.empty()) return {nullptr, {older + "none: it begins anew" + remedy}, {}};
  const bool inside = history.base.find('/') == std::string::npos;
  const std::string base = inside ? path_in(directory.path(), history.base) : history.base;
  try {
    Restore restore = restore_from(base, options);
    restore.warnings.push_back(older + "'" + base + "': it does so again");
    return restore;
  } catch (const std::exception& error) {
    throw std::runtime_error(older + "'" + base + "', which cannot be used: " + error.what() + remedy +
                             "; to begin anew, say --restore none");
  }
}

/// The newest checkpoint of the history at hand. `restore` tells what is passed over.
std::optional<FoundCheckpoint> newest_of(const History& history, CheckpointDirectory& directory, Restore& restore) {
  Search search = directory.newest_usable();
  for (const PassedOver& passed : search.passed_over) {
    const std::string name = last_name_of(passed.path);
    if (read_directory_name(name)->number <= history.begun_after) continue;
    if (passed.unfinished) {  // what every crash leaves, most of the time
      restore.notes.push_back(name + " has no manifest: it was not completed, or the file is missing; passed over");
    } else {
      restore.warnings.push_back("checkpoint '" + passed.path + "' is not used: " + passed.reason);
    }
  }
  if (search.newest && search.newest->manifest.number <= history.begun_after) return std::nullopt;
  return std::move(search.newest);
}

/// At most once, older checkpoints read again what was given out.
void require_newest(const std::optional<FoundCheckpoint>& newest, const History& history, const std::string& damage) {
  std::string reason = damage;
  if (damage.empty()) {
    const std::uint64_t found = newest ? newest->manifest.number : history.begun_after;
    if (history.completed <= found) return;
    reason = "checkpoint " + std::to_string(history.completed) + " was complete, and is not there any more";
  }
  throw std::runtime_error(
      "at most once, only the newest checkpoint can be gone on from, since older ones read again what was given out:\n "
      " " +
      reason + (newest ? "\nTo go on nonetheless, say --restore " + newest->path + "; to" : "\nTo") +
      " begin anew, --restore none");
}

Restore restore_latest(const CheckpointOptions& options, CheckpointDirectory& directory) {
  const History history = directory.history();
  Restore restore;
  std::optional<FoundCheckpoint> newest = newest_of(history, directory, restore);
  const bool damaged = !restore.warnings.empty();
  if (!newest && damaged) {
    std::string reasons;
    for (const std::string& warning : restore.warnings) reasons += "\n  " + warning;
    throw std::runtime_error("no checkpoint in '" + directory.path() + "' can be used:" + reasons +
                             "\nTo begin anew, say --restore none");
  }
  if (options.delivery == Delivery::at_most_once)
    require_newest(newest, history, damaged ? restore.warnings.front() : std::string());
  if (!newest && (history.begun_after > 0 || !history.base.empty())) return begin_again(history, options, directory);
  if (!newest) return restore;
  restore.checkpoint = std::make_shared<RestoredCheckpoint>(*options.file_system, newest->path,
                                                            std::move(newest->manifest), options.allow_dropped_state);
  const std::string change = note_change(restore.checkpoint->manifest(), options.delivery);
  if (!change.empty()) restore.warnings.push_back(change);
  if (damaged) restore.warnings.push_back("going on from '" + newest->path + "'");
  return restore;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

}  // namespace

Restore find_restore(const CheckpointOptions& options, CheckpointDirectory& directory) {
  if (options.restore == "none") return {};
  if (options.restore == "latest") return restore_latest(options, directory);
  return restore_from(options.restore, options);
}

void prepare_start(const CheckpointOptions& options, CheckpointDirectory& directory,
                   const std::function<void(const Restore&, NewHistory&)>& prepare) {
  std::vector<std::string> set_aside;
  while (true) {
    Restore restore = find_restore(options, directory);
    restore.warnings.insert(restore.warnings.begin(), set_aside.begin(), set_aside.end());
    NewHistory new_history(directory, options);
    try {
      return prepare(restore, new_history);
    } catch (const DamagedResults& damage) {
      const std::string& path = restore.checkpoint->path();
      if (options.restore != "latest" || !directory.set_aside(path)) throw;
      set_aside.push_back("checkpoint '" + path + "' is not used: " + damage.what());
    }
  }
}

SinkRequest sink_request(const CheckpointOptions& options, const Restore& restore, bool restarting) {
  SinkRequest request;
  request.delivery = options.delivery;
  request.restored = restore.checkpoint != nullptr;
  request.overwrite_output = options.overwrite_output || restarting;
  const bool chosen_by_user = options.restore != "latest" && !restarting;
  if (chosen_by_user && !options.overwrite_output) {
    request.later_results = LaterResults::refuse;
  } else if (!chosen_by_user && options.delivery != Delivery::exactly_once) {
    request.later_results = LaterResults::keep;
  }
  return request;
}

void check_restore(const RestoredCheckpoint& checkpoint, const Job& job) {
  std::set<std::string> known;
  for (const typed::Vertex& vertex : job.graph().vertices()) known.insert(vertex.name);
  std::vector<std::string> lost;
  std::ranges::copy_if(checkpoint.vertices(), std::back_inserter(lost),
                       [&](const std::string& name) { return !known.contains(name); });
  for (const Entry& entry : checkpoint.manifest().entries) {
    if (entry.kind == transaction_entry && !known.contains(entry.vertex) &&
        std::ranges::find(lost, entry.vertex) == lost.end())
      lost.push_back(entry.vertex);
  }
  if (lost.empty() || checkpoint.drops_state()) return;
  std::vector<std::string> fresh;
  std::set<std::string> stored;
  for (const VertexRecord& vertex : checkpoint.manifest().vertices) stored.insert(vertex.name);
  std::ranges::copy_if(known, std::back_inserter(fresh),
                       [&](const std::string& name) { return !stored.contains(name); });
  throw GraphError(
      {"the checkpoint " + std::to_string(checkpoint.checkpoint()) + " has state of " + joined(lost) +
       ", which the job does not have" + (fresh.empty() ? std::string() : "; new in the job: " + joined(fresh)) +
       ". State is found again by the vertex' name: give it its former name back, or allow its state to be "
       "dropped (--allow-dropped-state)"});
}

void recover_sinks(const RestoredCheckpoint& checkpoint,
                   const std::vector<std::shared_ptr<typed::SinkCommitter>>& committers) {
  const std::vector<Entry>& entries = checkpoint.manifest().entries;
  for (const std::shared_ptr<typed::SinkCommitter>& sink : committers) {
    const auto schema = std::ranges::find_if(entries, [&](const Entry& entry) {
      return entry.vertex == sink->vertex() && entry.kind == transaction_schema_entry;
    });
    std::vector<typed::StoredFrame> transactions;
    for (const Entry& entry : entries) {
      if (entry.vertex != sink->vertex() || entry.kind != transaction_entry || schema == entries.end()) continue;
      transactions.push_back(
          {entry.instance, typed::no_key_group, 1, schema->bytes, std::as_bytes(std::span(entry.bytes))});
    }
    sink->recover(checkpoint.checkpoint(), transactions);
  }
}

}  // namespace streamwork::checkpoint
