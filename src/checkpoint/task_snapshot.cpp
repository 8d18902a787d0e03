#include "checkpoint/task_snapshot.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace streamwork::checkpoint {

namespace {

/// Memory for what is saved faster than the disk takes it, of all tasks together.
constexpr std::size_t most_queued_bytes = std::size_t{64} << 20U;

struct QueuedFrame {
  std::uint32_t section;
  std::uint32_t key_group;
  std::uint64_t entries;
  std::string bytes;
};

}  // namespace

/// What is not written yet, in order. It outlives the task's end of it.
struct TaskSnapshot::Queue : std::enable_shared_from_this<Queue> {
  using Item = std::variant<Section, QueuedFrame>;

  typed::BackgroundWork* background;
  Storage storage;
  std::shared_ptr<std::atomic<std::size_t>> queued_bytes;
  std::shared_ptr<runtime::Monitor> sinks;

  runtime::Monitor monitor;
  std::deque<Item> items;
  bool scheduled = false;  ///< some thread writes, or will
  bool given_up = false;
  std::function<void(WrittenSnapshot)> written;  ///< set: nothing comes any more

  // Of the writing thread; the last three come from the task before `written` does.
  std::unique_ptr<SnapshotWriter> writer;
  WrittenSnapshot result;
  std::vector<std::function<void()>> works;
  std::vector<std::pair<std::uint32_t, typed::StoreSnapshot>> stores;

  ~Queue() { drop(items); }

  void drop(const std::deque<Item>& dropped) {
    for (const Item& item : dropped) {
      if (const auto* frame = std::get_if<QueuedFrame>(&item)) queued_bytes->fetch_sub(frame->bytes.size());
    }
  }
  void put(Item item) {
    const auto lock = monitor.lock();
    items.push_back(std::move(item));
    schedule();
  }
  /// REQUIRES: the lock is held.
  void schedule() {
    if (std::exchange(scheduled, true)) return;
    background->run([self = shared_from_this()] { self->work(); });
  }

  void work() {
    while (true) {
      std::deque<Item> taken;
      {
        const auto lock = monitor.lock();
        taken.swap(items);
        if (given_up || (taken.empty() && !written)) {
          scheduled = false;
          return drop(taken);
        }
      }
      if (taken.empty()) return conclude();
      write(taken);
      drop(taken);
    }
  }

  /// After the first failure the rest is thrown away.
  void write(std::deque<Item>& taken) {
    if (!result.failure.empty()) return;
    try {
      if (!writer) writer = storage.open();
      for (Item& item : taken) {
        if (auto* section = std::get_if<Section>(&item)) {
          writer->add_section(std::move(*section));
        } else {
          const auto& frame = std::get<QueuedFrame>(item);
          writer->add_frame(frame.section, frame.key_group, frame.entries, frame.bytes);
        }
      }
    } catch (const std::exception& error) {
      result.failure = error.what();
    }
  }
  void put(std::uint32_t section, const typed::StoreSnapshot& store) {
    PutStore done = storage.put_store(section, store);
    writer->add_frame(section, no_key_group, 1, store_content_bytes(done.content));
    result.new_store_bytes += done.new_bytes;
    for (CheckedFile& file : done.files) result.store_files.push_back(std::move(file));
  }
  void conclude() {
    try {
      if (result.failure.empty()) {
        for (const auto& work : works) {
          const auto lock = sinks->lock();
          work();
        }
        for (const auto& [section, store] : stores) put(section, store);
        if (writer) result.file = writer->finish();
      }
    } catch (const std::exception& error) {
      result.failure = error.what();
    }
    writer.reset();
    written(std::move(result));
  }
};

TaskSnapshot::TaskSnapshot(std::uint64_t checkpoint, typed::BackgroundWork& background, Storage storage,
                           std::shared_ptr<std::atomic<std::size_t>> queued_bytes,
                           std::shared_ptr<runtime::Monitor> sinks, bool keeps_state)
    : checkpoint_(checkpoint), keeps_state_(keeps_state), queue_(std::make_shared<Queue>()) {
  queue_->background = &background;
  queue_->storage = std::move(storage);
  queue_->queued_bytes = std::move(queued_bytes);
  queue_->sinks = std::move(sinks);
}

TaskSnapshot::~TaskSnapshot() {
  const auto lock = queue_->monitor.lock();
  if (!queue_->written) queue_->given_up = true;
}

void TaskSnapshot::finish(std::function<void(WrittenSnapshot)> written) {
  const auto lock = queue_->monitor.lock();
  queue_->written = std::move(written);
  queue_->schedule();
}

std::uint32_t TaskSnapshot::add_section(const typed::VertexInstance& vertex, const char* kind,
                                        const std::string& schema) {
  if (queue_->storage.open) queue_->put(Section{vertex.name, vertex.instance, kind, schema});
  return sections_++;
}

void TaskSnapshot::add(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries,
                       std::span<const std::byte> bytes) {
  if (!queue_->storage.open) return;
  queue_->queued_bytes->fetch_add(bytes.size());
  queue_->put(
      QueuedFrame{section, key_group, entries, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
}

void TaskSnapshot::add_transaction(const typed::VertexInstance& vertex, std::span<const std::byte> bytes,
                                   std::function<void()> make_durable) {
  const auto lock = queue_->monitor.lock();
  queue_->result.transactions.push_back({vertex.name, vertex.instance, transaction_entry,
                                         std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
  if (make_durable) queue_->works.push_back(std::move(make_durable));
}

void TaskSnapshot::add_work(std::function<void()> work) {
  const auto lock = queue_->monitor.lock();
  queue_->works.push_back(std::move(work));
}

void TaskSnapshot::add_store(std::uint32_t section, typed::StoreSnapshot store) {
  if (!queue_->storage.open) return;
  const auto lock = queue_->monitor.lock();
  queue_->stores.emplace_back(section, std::move(store));
}

bool TaskSnapshot::congested() const { return queue_->queued_bytes->load() > most_queued_bytes; }

}  // namespace streamwork::checkpoint
