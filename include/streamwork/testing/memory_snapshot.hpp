// A checkpoint in memory: takes what segments save, and gives it to those that are opened later.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/snapshot.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwork::testing {

class MemorySnapshot final : public typed::SnapshotTarget, public typed::RestoredState {
 public:
  /// True if state that nobody opens any more may be lost.
  bool may_drop_state = false;

  std::uint64_t checkpoint() const override { return 1; }
  std::uint32_t add_section(const typed::VertexInstance& vertex, const char* kind, const std::string& schema) override {
    sections_.push_back({vertex.name, vertex.instance, kind, schema, {}});
    return static_cast<std::uint32_t>(sections_.size() - 1);
  }
  void add(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries,
           std::span<const std::byte> bytes) override {
    sections_.at(section).frames.push_back(
        {key_group, entries, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
  }
  void add_transaction(const typed::VertexInstance&, std::span<const std::byte>, std::function<void()>) override {}
  void add_work(std::function<void()> work) override { work(); }
  bool congested() const override { return false; }
  void add_store(std::uint32_t section, typed::StoreSnapshot store) override {
    stores_.push_back({section, std::move(store), nullptr});
  }

  bool drops_state() const override { return may_drop_state; }
  void for_each(const std::string& vertex, const char* kind, std::uint32_t first, std::uint32_t last,
                const std::function<void(const typed::StoredFrame&)>& visit) const override {
    for (const Section& section : sections_) {
      if (section.vertex != vertex || section.kind != kind) continue;
      for (const Frame& frame : section.frames) {
        if (frame.key_group < first || frame.key_group > last) continue;
        visit(
            {section.instance, frame.key_group, frame.entries, section.schema, std::as_bytes(std::span(frame.bytes))});
      }
    }
    if (std::string_view(kind) != typed::section::rows) return;
    for (const typed::StoredRows& rows : stored_rows(vertex)) typed::for_each_frame(rows, first, last, visit);
  }
  std::vector<typed::StoredRows> stored_rows(const std::string& vertex) const override {
    std::vector<typed::StoredRows> found;
    for (const Store& store : stores_) {
      const Section& section = sections_[store.section];
      if (section.vertex != vertex) continue;
      if (!store.copy) store.copy = store.snapshot.copy();
      found.push_back({store.snapshot.format,
                       section.instance,
                       store.snapshot.parallelism,
                       section.schema,
                       store.copy->files(),
                       {}});
    }
    return found;
  }
  void for_each_schema(const std::string& vertex, const char* kind,
                       const std::function<void(std::string_view)>& visit) const override {
    for (const Section& section : sections_) {
      if (section.vertex == vertex && section.kind == kind && !section.frames.empty()) visit(section.schema);
    }
    if (std::string_view(kind) != typed::section::rows) return;
    for (const typed::StoredRows& rows : stored_rows(vertex)) {
      if (rows.may_have_rows()) visit(rows.schema);
    }
  }
  using typed::RestoredState::for_each;

 private:
  struct Frame {
    std::uint32_t key_group;
    std::uint64_t entries;
    std::string bytes;
  };
  struct Section {
    std::string vertex;
    std::int64_t instance;
    std::string kind;
    std::string schema;
    std::vector<Frame> frames;
  };
  struct Store {
    std::uint32_t section;
    typed::StoreSnapshot snapshot;
    mutable std::shared_ptr<const typed::StoreCopy> copy;  ///< made when it is first asked for, as late as can be
  };
  std::vector<Section> sections_;
  std::vector<Store> stores_;
};

}  // namespace streamwork::testing
