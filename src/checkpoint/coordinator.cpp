#include "checkpoint/coordinator.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "checkpoint/damage.hpp"
#include "runtime/task.hpp"

namespace streamwork::checkpoint {

namespace {

using namespace std::chrono_literals;

/// After a failed checkpoint the next one is not tried at once: a full disk stays full for a while.
constexpr std::chrono::nanoseconds pause_after_failure = 1s;

}  // namespace

Coordinator::Coordinator(const CheckpointOptions& options, std::shared_ptr<CheckpointDirectory> directory,
                         std::shared_ptr<const typed::RestoredState> restored, const Clock& clock,
                         std::function<void()> changed, std::shared_ptr<CheckpointHistory> history)
    : options_(options),
      directory_(std::move(directory)),
      restored_(std::move(restored)),
      clock_(clock),
      changed_(std::move(changed)),
      most_in_flight_(options.minimum_pause > 0s ? 1 : static_cast<std::size_t>(std::max(1, options.concurrent))),
      history_(std::move(history)) {
  history_->begin_run();
  metrics_.newest = restored_ ? restored_->checkpoint() : 0;
  completed_.store(metrics_.newest);
}

Coordinator::~Coordinator() = default;

void Coordinator::attach(runtime::Deployment& deployment, std::vector<std::shared_ptr<typed::SinkCommitter>> committers,
                         std::shared_ptr<typed::BackgroundWork> writer,
                         std::shared_ptr<typed::BackgroundWork> publisher) {
  deployment_ = &deployment;
  writer_ = std::move(writer);
  publisher_ = std::move(publisher);
  committers_ = std::move(committers);
  next_due_ = clock_.steady_now() + options_.interval;
}

SteadyTime Coordinator::act() {
  const auto lock = monitor_.lock();
  const SteadyTime now = clock_.steady_now();
  if (deployment_ == nullptr || deployment_->control().cancelled()) return SteadyTime::max();
  give_up_failed(now);
  publish_oldest();
  if (may_begin()) {
    if (const auto kind = due(now)) begin(*kind, now);
  }
  return next_look();
}

/// nullptr: it was given up.
Coordinator::Attempt* Coordinator::find(std::uint64_t number) {
  const auto found =
      std::ranges::find_if(in_flight_, [&](const Attempt& attempt) { return attempt.manifest.number == number; });
  return found == in_flight_.end() ? nullptr : &*found;
}

void Coordinator::give_up_failed(SteadyTime now) {
  for (Attempt& attempt : in_flight_) {
    if (attempt.stage != Stage::gathering || !attempt.failure.empty()) continue;
    if (attempt.tasks_to_write > 0 && now >= attempt.begun + options_.timeout)
      attempt.failure = "it was not complete in time; the tasks that are blocked hold up its barrier";
  }
  std::erase_if(in_flight_, [&](const Attempt& attempt) {
    if (attempt.stage != Stage::gathering || attempt.failure.empty()) return false;
    give_up(attempt, now);
    return true;
  });
}

/// One after the other: what is complete covers everything before it.
void Coordinator::publish_oldest() {
  if (in_flight_.empty()) return;
  Attempt& oldest = in_flight_.front();
  if (oldest.stage != Stage::gathering || oldest.tasks_to_write > 0) return;
  oldest.stage = Stage::publishing;
  publisher_->run([this] { publish(); });
}

/// Whether there may be one more in flight. The last one waits until it is alone.
bool Coordinator::may_begin() const {
  if (in_flight_.empty()) return !done_;
  if (done_ || ending() || in_flight_.size() == most_in_flight_) return false;
  const Attempt& newest = in_flight_.back();
  return newest.stage != Stage::reserving && newest.tasks_to_save == 0 && !newest.last;
}

/// When the next one is due that nobody has asked for by name.
SteadyTime Coordinator::next_checkpoint() const {
  return wanted_soon_ && metrics_.failed_in_a_row == 0 ? std::min(next_due_, may_begin_) : next_due_;
}

/// The next checkpoint is the last one.
bool Coordinator::ending() const { return suspending_ || lingering_ == deployment_->tasks().size(); }

/// The checkpoint that should be begun. REQUIRES: one may be.
std::optional<Kind> Coordinator::due(SteadyTime now) const {
  if (metrics_.failed_in_a_row > 0 && now < next_due_) return std::nullopt;
  if (lingering_ == deployment_->tasks().size()) return Kind::ended;
  if (suspending_) return suspends_with_savepoint_ ? Kind::savepoint : Kind::suspended;
  if (savepoint_asked_) return Kind::savepoint;
  if (directory_ && now >= next_checkpoint()) return Kind::checkpoint;
  return std::nullopt;
}

/// When `act` has something to do, if nothing changes before.
SteadyTime Coordinator::next_look() const {
  SteadyTime next = SteadyTime::max();
  for (const Attempt& attempt : in_flight_) {
    if (attempt.stage == Stage::gathering) next = std::min(next, attempt.begun + options_.timeout);
  }
  // Without a directory there is only the last one; it may have failed and be due again.
  if (may_begin() && (directory_ || metrics_.failed_in_a_row > 0)) next = std::min(next, next_checkpoint());
  return next;
}

void Coordinator::begin(Kind kind, SteadyTime now) {
  Attempt& attempt = in_flight_.emplace_back();
  attempt.kind = kind;
  attempt.last = kind == Kind::ended || suspending_;
  attempt.begun = now;
  attempt.tasks_to_save = attempt.tasks_to_write = deployment_->tasks().size();
  attempt.manifest.created = clock_.now();
  history_->begin(kind, attempt.manifest.created, now);
  if (kind == Kind::savepoint) savepoint_asked_ = false;
  wanted_soon_ = false;
  next_due_ = now + options_.interval;
  publisher_->run([this, kind] { reserve(kind); });
}

void Coordinator::reserve(Kind kind) {
  std::uint64_t number = 0;
  std::string failure;
  try {
    number = directory_ ? directory_->reserve_number(kind, restored_ ? restored_->checkpoint() : 0) : 0;
  } catch (const std::exception& error) {
    failure = error.what();
  }
  {
    const auto lock = monitor_.lock();
    Attempt& attempt = in_flight_.back();
    attempt.stage = Stage::gathering;
    attempt.failure = failure;
    if (failure.empty()) {
      attempt.manifest.number = directory_ ? number : ++last_number_;
      history_->number(attempt.manifest.number);
      requested_.store(attempt.manifest.number * 2 + (attempt.last ? 1 : 0));
    }
  }
  deployment_->wake_all();
  changed_();
}

typed::Barrier Coordinator::requested() const {
  const std::uint64_t requested = requested_.load();
  return {requested / 2, requested % 2 != 0};
}

void Coordinator::met(const runtime::Task& task, const typed::Barrier& barrier) {
  history_->met(barrier.checkpoint, task.chain(), task.instance(), clock_.steady_now());
}

void Coordinator::passed(const runtime::Task& task, const typed::Barrier& barrier) {
  history_->passed(barrier.checkpoint, task.chain(), task.instance(), clock_.steady_now());
}

std::unique_ptr<typed::SnapshotTarget> Coordinator::begin(const runtime::Task& task, const typed::Barrier& barrier) {
  history_->aligned(barrier.checkpoint, task.chain(), task.instance(), clock_.steady_now());
  const auto lock = monitor_.lock();
  TaskSnapshot::Storage storage;
  if (const Attempt* attempt = find(barrier.checkpoint); directory_ && attempt != nullptr) {
    const std::string name = "task-" + std::to_string(task.chain()) + "-" + std::to_string(task.instance());
    const Kind kind = attempt->kind;
    const std::uint64_t number = barrier.checkpoint;
    storage.open = [directory = directory_, kind, number, name] {
      return directory->write_snapshot(kind, number, name);
    };
    const Bytes bytes = bytes_of_checkpoint(number, options_.retained);
    storage.put_store = [directory = directory_, kind, number, name, bytes](std::uint32_t section,
                                                                            const typed::StoreSnapshot& store) {
      return directory->put_store(kind, number, name + ".store-" + std::to_string(section) + ".", store, bytes);
    };
  }
  return std::make_unique<TaskSnapshot>(barrier.checkpoint, *writer_, std::move(storage), queued_bytes_, sinks_,
                                        keeps_state(barrier));
}

void Coordinator::saved(const runtime::Task& task, std::unique_ptr<typed::SnapshotTarget> snapshot) {
  const std::uint64_t number = snapshot->checkpoint();
  static_cast<TaskSnapshot&>(*snapshot).finish(
      [this, number, chain = task.chain(), instance = task.instance()](WrittenSnapshot written_snapshot) {
        history_->written(number, chain, instance, written_snapshot.new_bytes(), clock_.steady_now());
        written(number, std::move(written_snapshot));
      });
  {
    const auto lock = monitor_.lock();
    Attempt* attempt = find(number);
    if (attempt == nullptr || --attempt->tasks_to_save > 0 || most_in_flight_ == 1) return;
  }
  changed_();  // the next one may begin
}

void Coordinator::written(std::uint64_t number, WrittenSnapshot snapshot) {
  {
    const auto lock = monitor_.lock();
    Attempt* attempt = find(number);
    if (attempt == nullptr) return;
    if (!snapshot.failure.empty()) attempt->failure = snapshot.failure;
    attempt->new_bytes += snapshot.new_bytes();
    if (snapshot.file) attempt->manifest.files.push_back(std::move(*snapshot.file));
    for (CheckedFile& file : snapshot.store_files) attempt->manifest.store_files.push_back(std::move(file));
    for (Entry& entry : snapshot.transactions) attempt->manifest.entries.push_back(std::move(entry));
    --attempt->tasks_to_write;
    if (attempt->tasks_to_write > 0 && attempt->failure.empty()) return;
  }
  changed_();
}

void Coordinator::task_lingers(const runtime::Task&) {
  {
    const auto lock = monitor_.lock();
    if (++lingering_ < deployment_->tasks().size()) return;
  }
  changed_();
}

void Coordinator::publish() {
  Manifest manifest;
  {
    const auto lock = monitor_.lock();
    manifest = in_flight_.front().manifest;
    manifest.kind = in_flight_.front().kind;
  }
  add_vertices(manifest);
  try {
    if (directory_) directory_->publish(manifest);
  } catch (const OutcomeUnknown& unknown) {
    return fail_job(unknown.what());
  } catch (const std::exception& error) {
    {
      const auto lock = monitor_.lock();
      in_flight_.front().stage = Stage::gathering;
      in_flight_.front().failure = error.what();
    }
    return changed_();
  }
  if (directory_ && options_.delivery == Delivery::at_most_once) note_completed(*directory_, manifest.number);
  try {
    commit(manifest);
  } catch (const std::exception& error) {
    return fail_job("checkpoint " + std::to_string(manifest.number) +
                    " is complete, but its results could not be published; the next start does it: " + error.what());
  }
  remove_superfluous();
  conclude();
}

/// What cannot be removed now, or even be read, is tried again with the next one.
void Coordinator::remove_superfluous() {
  if (!directory_) return;
  try {
    directory_->retain(static_cast<std::size_t>(options_.retained));
  } catch (const std::exception&) {
    // The checkpoint is complete all the same.
  }
}

void Coordinator::commit(const Manifest& manifest) {
  for (const Entry& entry : manifest.entries) {
    if (entry.kind != transaction_entry) continue;
    const auto sink = std::ranges::find(committers_, entry.vertex, [](const auto& one) { return one->vertex(); });
    if (sink == committers_.end()) continue;
    const auto lock = sinks_->lock();
    (*sink)->commit(std::as_bytes(std::span(entry.bytes)));
  }
}

void Coordinator::conclude() {
  {
    const auto lock = monitor_.lock();
    const std::uint64_t number = in_flight_.front().manifest.number;
    metrics_.failed_in_a_row = 0;
    ++metrics_.completed;
    metrics_.newest = number;
    metrics_.new_bytes = in_flight_.front().new_bytes;
    metrics_.bytes = 0;
    for (const FileSummary& file : in_flight_.front().manifest.files) metrics_.bytes += file.size;
    for (const CheckedFile& file : in_flight_.front().manifest.store_files) metrics_.bytes += file.size;
    metrics_.last_failure.clear();
    history_->end(number, {}, clock_.steady_now());
    completed_.store(number);
    may_begin_ = clock_.steady_now() + options_.minimum_pause;
    next_due_ = std::max(next_due_, may_begin_);
    done_ = in_flight_.front().last;
    suspended_ = done_ && in_flight_.front().kind != Kind::ended;
    over_.store(done_);
    in_flight_.pop_front();
  }
  deployment_->wake_all();
  changed_();
}

void Coordinator::give_up(const Attempt& attempt, SteadyTime now) {
  ++metrics_.failed;
  metrics_.last_failure = attempt.failure;
  history_->end(attempt.manifest.number, attempt.failure, now);
  if (attempt.kind == Kind::savepoint && !attempt.last) savepoint_asked_ = true;
  const SteadyTime soon = now + pause_after_failure;
  next_due_ = suspending_ ? soon : std::max(soon, next_due_);  // somebody waits for the job to end
  if (++metrics_.failed_in_a_row > options_.tolerated_failures) {
    gave_up_.store(true);
    deployment_->control().fail("checkpoints: " + std::to_string(metrics_.failed_in_a_row) +
                                " in a row could not be taken, the last one because: " + attempt.failure +
                                what_is_kept());
  }
}

std::string Coordinator::what_is_kept() const {
  if (!options_.outlive_process()) return {};
  if (metrics_.newest == 0) return "; none is complete: the next start begins anew";
  return "; checkpoint " + std::to_string(metrics_.newest) + " is kept: once that is mended, a start goes on from it";
}

void Coordinator::fail_job(const std::string& reason) {
  std::uint64_t number = 0;
  {
    const auto lock = monitor_.lock();
    done_ = true;
    number = in_flight_.front().manifest.number;
  }
  history_->end(number, reason, clock_.steady_now());
  deployment_->control().fail("checkpoints: " + reason);
  changed_();
}

void Coordinator::suspend(bool with_savepoint) {
  {
    const auto lock = monitor_.lock();
    suspending_ = true;
    suspends_with_savepoint_ = with_savepoint;
    next_due_ = std::min(next_due_, clock_.steady_now() + pause_after_failure);
  }
  changed_();
}

bool Coordinator::suspended() const {
  const auto lock = monitor_.lock();
  return suspended_;
}

void Coordinator::take_savepoint() {
  {
    const auto lock = monitor_.lock();
    savepoint_asked_ = true;
  }
  changed_();
}

void Coordinator::wanted_soon() {
  {
    const auto lock = monitor_.lock();
    if (std::exchange(wanted_soon_, true)) return;
  }
  changed_();
}

CheckpointMetrics Coordinator::metrics() const {
  const auto lock = monitor_.lock();
  CheckpointMetrics metrics = metrics_;
  if (!in_flight_.empty()) metrics.under_way = in_flight_.front().manifest.number;
  return metrics;
}

void Coordinator::add_vertices(Manifest& manifest) const {
  const JobMetrics job = deployment_->metrics();
  manifest.job = job.job;
  manifest.delivery = name_of(options_.delivery);
  for (const VertexMetrics& vertex : job.vertices) {
    manifest.vertices.push_back(
        {vertex.name, vertex.kind, static_cast<std::int64_t>(vertex.instances.size()), manifest.kind == Kind::ended});
  }
  for (const std::shared_ptr<typed::SinkCommitter>& sink : committers_)
    manifest.entries.push_back({sink->vertex(), 0, transaction_schema_entry, sink->schema()});
}

}  // namespace streamwork::checkpoint
