// What a row cache saves for a checkpoint and goes on from, and what expires of rows that are in its store alone.
#include <algorithm>
#include <limits>
#include <streamwork/typed/entry_schema.hpp>
#include <streamwork/typed/row_cache.hpp>
#include <streamwork/typed/segment.hpp>
#include <utility>

namespace streamwork::typed {

namespace {

/// Rows that are written between two batches, some 500 µs.
constexpr std::uint32_t rows_per_step = 512;

}  // namespace

std::shared_ptr<const StoreCopy> PendingCopy::make() {
  State expected = State::wanted;
  if (state_.compare_exchange_strong(expected, State::under_way)) {
    try {
      copy_ = store_->copy();
    } catch (...) {
      failure_ = std::current_exception();
    }
    state_.store(State::made);
    state_.notify_all();
  } else {
    state_.wait(State::under_way);
  }
  if (failure_) std::rethrow_exception(failure_);
  return copy_;
}

bool RowCache::try_go_on_from(const RestoredState& restored, const VertexInstance& vertex) {
  std::vector<StoredRows> stored = restored.stored_rows(vertex.name);
  const auto own =
      std::ranges::find_if(stored, [&](const StoredRows& rows) { return rows.instance == vertex.instance; });
  if (own == stored.end() || own->parallelism != vertex.parallelism || own->format != stores_->format() ||
      own->schema != schema())
    return false;
  store_.reset();  // its share of the memory is free for the next one
  store_ = stores_->open(own->files);
  *known_files_ = std::move(own->known);
  anything_stored_ = true;
  if (layout_.uses_timers()) queue_stored_timers();
  return true;
}

void RowCache::queue_stored_timers() {
  store_->scan(0, std::numeric_limits<std::uint32_t>::max(), [this](std::uint32_t, std::span<const std::byte> bytes) {
    ByteReader reader(bytes);
    for (std::uint64_t left = reader.get_length(); left > 0; --left) {
      const Scratch row(*this, reader);
      layout_.queue_timers(row.get());
    }
    return true;
  });
}

std::string RowCache::schema() const {
  std::vector<EntryPart> parts{{std::string(key_part), key_.codec->schema()}};
  layout_.for_each_state([&](const std::string& name, std::uint32_t, const StateColumn& state) {
    parts.push_back({name, state.codec()->schema()});
  });
  return entry_schema_bytes(parts);
}

/// True if nothing need be kept out of a copy.
bool RowCache::may_write() {
  look_at_copy();
  return phase_ == Phase::none;
}

void RowCache::look_at_copy() {
  if (phase_ != Phase::copying) return;
  const bool nobody_wants_it = copy_.use_count() == 1;  // the checkpoint was given up
  if (nobody_wants_it || copy_->made()) end_copy();
}

void RowCache::begin_saving(SnapshotTarget& target, const VertexInstance& vertex) {
  if (phase_ == Phase::copying) copy_now();  // it must not come to hold what is written from now on
  end_copy();
  copy_.reset();
  target_ = &target;
  parallelism_ = vertex.parallelism;
  section_ = target.add_section(vertex, section::stored_rows, schema());
  phase_ = Phase::saving;
  index_.begin_saving(RowBit::changed);
}

bool RowCache::save_some() {
  if (target_ == nullptr) return true;
  if (phase_ == Phase::saving) {
    const auto save_one = [this](std::byte* row) {
      const std::uint32_t hash = key_.hash_of(row);
      write(row, hash);
      if (shared_.contains(hash)) {
        for_each_of(hash, [&](std::byte* other) {
          if (other != row) index_.note_saved(other);
        });
      }
    };
    if (!index_.save_some(rows_per_step, save_one)) return false;
    note_all_saved();
  }
  std::exchange(target_, nullptr)
      ->add_store(section_, {std::string(stores_->format()), parallelism_, [copy = copy_] { return copy->make(); },
                             known_files_});
  if (phase_ == Phase::none) copy_.reset();
  return true;
}

/// Everything is written that the copy is to hold.
void RowCache::note_all_saved() {
  store_->seal();
  copy_ = std::make_shared<PendingCopy>(store_);
  phase_ = Phase::copying;
}

/// Makes the copy without waiting for who writes the checkpoint.
void RowCache::copy_now() {
  if (phase_ == Phase::saving) {
    while (!index_.save_some(rows_per_step, [this](std::byte* row) { write(row, key_.hash_of(row)); })) {
    }
    note_all_saved();
  }
  try {
    copy_->make();
  } catch (const std::exception&) {
    // Who writes the checkpoint is told the same, and says so.
  }
  end_copy();
}

/// What has happened since the barrier may be written.
void RowCache::end_copy() {
  index_.stop_saving();
  phase_ = Phase::none;
  if (target_ == nullptr) copy_.reset();
  for (const std::uint32_t hash : removed_) {
    if (resident(hash)) {
      change_all(hash);
      for_each_of(hash, [this](std::byte* row) { index_.set(RowBit::stored, row, true); });
    } else {
      store_->remove(hash);
    }
  }
  removed_.clear();
}

// --- what expires

void RowCache::watch(std::byte* row) {
  end_watch();
  if (phase_ == Phase::saving && index_.unsaved(row)) save(row, key_.hash_of(row));
  if (index_.has(RowBit::changed, row)) return;
  watched_ = row;
  before_.clear();
  encode_row(row, before_);
}

void RowCache::end_watch() {
  if (watched_ == nullptr) return;
  std::byte* const row = std::exchange(watched_, nullptr);
  value_.clear();
  encode_row(row, value_);
  if (std::ranges::equal(value_.bytes(), before_.bytes())) return;
  const bool used = index_.has(RowBit::used, row);
  before_change(row, key_.hash_of(row));
  index_.set(RowBit::used, row, used);
}

/// The next values in the store, at most so many; none, once, when all were looked at.
std::vector<RowCache::StoredValue> RowCache::next_stored(std::uint32_t count) {
  std::vector<StoredValue> values;
  if (std::exchange(all_looked_at_, false) || !anything_stored_) return values;
  constexpr std::uint32_t last = std::numeric_limits<std::uint32_t>::max();
  store_->scan(next_stored_, last, [&](std::uint32_t hash, std::span<const std::byte> bytes) {
    values.push_back({hash, {bytes.begin(), bytes.end()}});
    return values.size() < count;
  });
  all_looked_at_ = values.size() < count || values.back().hash == last;
  next_stored_ = all_looked_at_ ? 0 : values.back().hash + 1;
  if (values.empty()) all_looked_at_ = false;
  return values;
}

void RowCache::put_rewritten(const StoredValue& value, std::uint64_t rows) {
  if (rows == 0) return store_->remove(value.hash);
  value_.clear();
  value_.put_length(rows);
  value_.put_bytes(rewritten_.bytes().data(), rewritten_.size());
  if (!std::ranges::equal(value_.bytes(), value.bytes)) store_->put(value.hash, value_.bytes());
}

}  // namespace streamwork::typed
