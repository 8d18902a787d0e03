#include <algorithm>
#include <limits>
#include <stdexcept>
#include <streamwork/typed/row_cache.hpp>
#include <utility>

namespace streamwork::typed {

namespace {

/// As many rows are always kept, however little memory there is: a block of 128 events looks at its rows together.
constexpr std::uint64_t least_rows = 256;
/// Memory of a row beside the row itself: its place in the index, three quarters full, and the bits in its block.
constexpr std::uint64_t index_bytes = 14;
/// Rows that are read together when timers are due.
constexpr std::size_t timers_ahead = 64;

}  // namespace

RowCache::RowCache(std::shared_ptr<RowStores> stores, StateLayout& layout, StateIndex& index, const RowKey& key)
    : layout_(layout),
      index_(index),
      key_(key),
      stores_(std::move(stores)),
      store_(stores_->open({})),
      fixed_row_bytes_(index.row_size() + index_bytes),
      scratch_(std::make_unique<std::byte[]>(index.row_size())) {}

RowCache::~RowCache() = default;

// --- what comes in

bool RowCache::shared(std::uint32_t hash) const { return shared_.contains(hash); }

bool RowCache::resident(std::uint32_t hash) const {
  return index_.find(hash, [&](const std::byte* row) { return key_.hash_of(row) == hash; }) != nullptr;
}

std::vector<std::byte*> RowCache::rows_of(std::uint32_t hash) const {
  std::vector<std::byte*> rows;
  for_each_of(hash, [&](std::byte* row) { rows.push_back(row); });
  return rows;
}

void RowCache::fetch(std::span<const std::uint32_t> hashes) {
  if (!anything_stored_) return;
  missing_.clear();
  std::ranges::copy_if(hashes, std::back_inserter(missing_),
                       [&](std::uint32_t hash) { return !resident(hash) && !removed_.contains(hash); });
  if (missing_.empty()) return;
  std::ranges::sort(missing_);
  missing_.erase(std::ranges::unique(missing_).begin(), missing_.end());
  store_->read(missing_, [this](std::uint32_t hash, std::span<const std::byte> bytes) { load(hash, bytes); });
}

void RowCache::fetch_with_next(std::uint32_t hash, std::span<const std::uint32_t> ahead) {
  if (!anything_stored_ || resident(hash)) return;
  std::vector<std::uint32_t> hashes{hash};
  const std::span<const std::uint32_t> next = ahead.first(std::min(ahead.size(), timers_ahead));
  hashes.insert(hashes.end(), next.begin(), next.end());
  fetch(hashes);
}

void RowCache::load(std::uint32_t hash, std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  const std::uint64_t count = reader.get_length();
  for (std::uint64_t i = 0; i < count; ++i) {
    std::byte* const row = index_.allocate_row();
    decode_row(row, reader);
    if (key_.hash_of(row) != hash)
      throw std::runtime_error("a key has another hash than when it was stored: its stable_hash_value has changed");
    index_.enter(row, hash);
    index_.set(RowBit::stored, row, true);
    index_.set(RowBit::used, row, true);
  }
  if (count > 1) shared_.insert(hash);
  note_encoded(bytes.size());
}

/// Makes a row of what was stored. When it throws, there is none.
void RowCache::decode_row(std::byte* row, ByteReader& reader) {
  layout_.construct(row);
  key_.construct(row);
  try {
    key_.codec->decode(reader, row);
    layout_.decode(reader, row);
  } catch (...) {
    layout_.destroy(row);
    key_.destroy(row);
    throw;
  }
}

RowCache::Scratch::Scratch(RowCache& cache, ByteReader& reader) : cache_(cache), row_(cache.scratch_.get()) {
  cache_.decode_row(row_, reader);
}

RowCache::Scratch::~Scratch() {
  cache_.layout_.destroy(row_);
  cache_.key_.destroy(row_);
}

// --- what changes

/// Another key gets a hash that is here already.
void RowCache::join(std::uint32_t hash) {
  shared_.insert(hash);
  change_all(hash);
}

/// As `before_change`, for all rows of a hash, which are written together.
void RowCache::change_all(std::uint32_t hash) {
  const std::vector<std::byte*> rows = rows_of(hash);
  bool stored = false;
  for (std::byte* row : rows) {
    if (phase_ == Phase::saving && index_.unsaved(row)) save(row, hash);
    stored = stored || index_.has(RowBit::stored, row);
  }
  for (std::byte* row : rows) {
    index_.set(RowBit::changed, row, true);
    index_.set(RowBit::used, row, true);
    index_.set(RowBit::stored, row, stored);
  }
}

void RowCache::remove(std::byte* row) {
  if (watched_ == row) watched_ = nullptr;
  const std::uint32_t hash = key_.hash_of(row);
  if (phase_ == Phase::saving && index_.unsaved(row)) save(row, hash);
  const bool shared = shared_.contains(hash);
  if (shared) change_all(hash);
  const bool stored = index_.has(RowBit::stored, row);
  drop(row, hash);
  if (shared) {
    if (rows_of(hash).size() == 1) shared_.erase(hash);
  } else if (stored) {
    if (may_write()) {
      store_->remove(hash);
    } else {
      removed_.insert(hash);
    }
  }
}

/// Takes a row out of the table alone.
void RowCache::drop(std::byte* row, std::uint32_t hash) {
  index_.remove(row, hash);
  for (const RowBit bit : {RowBit::unsaved, RowBit::changed, RowBit::stored, RowBit::used}) index_.set(bit, row, false);
  layout_.destroy(row);
  key_.destroy(row);
}

/// Writes the rows of a hash, of which this is one.
void RowCache::write(std::byte* row, std::uint32_t hash) {
  value_.clear();
  const auto note = [&](std::byte* written) {
    index_.set(RowBit::changed, written, false);
    index_.set(RowBit::stored, written, true);
  };
  if (!shared_.empty() && shared_.contains(hash)) {
    const std::vector<std::byte*> rows = rows_of(hash);
    value_.put_length(rows.size());
    for (std::byte* each : rows) {
      encode_row(each, value_);
      note(each);
    }
  } else {
    value_.put_length(1);
    encode_row(row, value_);
    note(row);
  }
  note_encoded(value_.size());
  store_->put(hash, value_.bytes());
  anything_stored_ = true;
}

/// Writes the rows of a hash as they were at the barrier.
void RowCache::save(std::byte* row, std::uint32_t hash) {
  write(row, hash);
  for_each_of(hash, [this](std::byte* saved) { index_.note_saved(saved); });
}

// --- what goes

std::uint64_t RowCache::row_limit() const {
  // What strings and lists in a row take is guessed by how long they are when they are stored.
  const std::uint64_t bytes = fixed_row_bytes_ + (layout_.trivial() ? 0 : 2 * encoded_row_bytes_);
  return std::max(stores_->row_bytes() / 5 * 4 / bytes, least_rows);
}

void RowCache::make_room(std::uint32_t rows) {
  look_at_copy();
  const std::uint64_t limit = row_limit();
  if (index_.size() + rows <= limit) return;
  const std::uint64_t wanted = index_.size() + rows - limit;
  if (evict(wanted, wanted * 8 + 4096) || index_.size() + rows <= limit / 4 * 5) return;
  // All of them have changed since a barrier whose copy is not made yet.
  if (phase_ != Phase::none) copy_now();
  evict(wanted, std::numeric_limits<std::uint64_t>::max());
}

/// Sends so many rows away, after looking at about so many. False: there are fewer that may go.
bool RowCache::evict(std::uint64_t rows, std::uint64_t looks) {
  end_watch();
  may_write();
  const std::uint64_t size = index_.size();
  const std::uint64_t goal = size > rows ? size - rows : 0;
  looks = std::min(looks, 2 * size + 2);
  bool from_the_start = false;
  while (index_.size() > goal) {
    std::byte* const row = index_.row_at_or_after(hand_);
    if (row == nullptr) {
      if (std::exchange(from_the_start, true)) return false;
      hand_ = {};
      continue;
    }
    if (looks-- == 0) return false;
    ++hand_.number;
    if (try_evict(row)) from_the_start = false;
  }
  return true;
}

bool RowCache::try_evict(std::byte* row) {
  if (index_.has(RowBit::used, row)) {
    index_.set(RowBit::used, row, false);
    return false;
  }
  const std::uint32_t hash = key_.hash_of(row);
  if (index_.has(RowBit::changed, row)) {
    if (phase_ == Phase::saving && index_.unsaved(row)) {
      save(row, hash);
    } else if (phase_ == Phase::none) {
      write(row, hash);
    } else {
      return false;
    }
  }
  if (shared_.erase(hash) == 0) {
    drop(row, hash);
  } else {
    for (std::byte* each : rows_of(hash)) drop(each, hash);
  }
  return true;
}

}  // namespace streamwork::typed
