// The steps of a read plan.
// Thread rule: immutable once the plan is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "format/read_plan.hpp"
#include "format/stored_numbers.hpp"

namespace streamwork::format {

using typed::ByteReader;
using typed::ReadStep;
using typed::Schema;
using typed::SchemaKind;
using typed::StoredType;

/// Equal in both.
class DirectStep final : public ReadStep {
 public:
  explicit DirectStep(const StoredType& own) : decode_(own.decode) {}
  void read(ByteReader& reader, std::byte* place) const override { decode_(reader, place); }

 private:
  void (*decode_)(ByteReader& reader, std::byte* place);
};

/// A registered migration.
class ConversionStep final : public ReadStep {
 public:
  explicit ConversionStep(std::function<void(ByteReader&, std::byte*)> convert) : convert_(std::move(convert)) {}
  void read(ByteReader& reader, std::byte* place) const override { convert_(reader, place); }

 private:
  std::function<void(ByteReader&, std::byte*)> convert_;
};

/// A number that has become wider. REQUIRES: `widens(written, own)`.
class WideningStep final : public ReadStep {
 public:
  WideningStep(SchemaKind written, SchemaKind own) : written_(written), size_(number_size(own)) {}
  void read(ByteReader& reader, std::byte* place) const override;

  /// True if every number of the one kind is one of the other.
  static bool widens(SchemaKind written, SchemaKind own);

 private:
  SchemaKind written_;
  std::size_t size_;
};

/// An enum, by the names of its values. What has no name is taken as the number it is.
class EnumStep final : public ReadStep {
 public:
  EnumStep(const Schema& written, std::uint32_t node, const StoredType& own, std::string path);
  void read(ByteReader& reader, std::byte* place) const override;

 private:
  [[noreturn]] void refuse(ByteReader& reader, const std::string& value) const;

  SchemaKind written_;
  const StoredType& own_;
  std::string path_;
  std::map<std::int64_t, std::optional<std::int64_t>> values_;  ///< nothing: no longer has a name
  std::map<std::int64_t, std::string> lost_;
};

/// Optionals, lists and maps: as many elements as were written, each of one or two parts.
class ElementsStep final : public ReadStep {
 public:
  ElementsStep(const StoredType& own, std::vector<const ReadStep*> parts) : own_(own), parts_(std::move(parts)) {}
  void read(ByteReader& reader, std::byte* place) const override;

 private:
  const StoredType& own_;
  std::vector<const ReadStep*> parts_;
};

class VariantStep final : public ReadStep {
 public:
  struct Alternative {
    std::size_t own;
    const ReadStep* step;
  };
  VariantStep(const StoredType& own, std::vector<Alternative> alternatives)
      : own_(own), alternatives_(std::move(alternatives)) {}
  void read(ByteReader& reader, std::byte* place) const override;

 private:
  const StoredType& own_;
  std::vector<Alternative> alternatives_;  ///< by the number that was written
};

class ArrayStep final : public ReadStep {
 public:
  ArrayStep(const StoredType& own, const ReadStep* element) : own_(own), element_(element) {}
  void read(ByteReader& reader, std::byte* place) const override;

 private:
  const StoredType& own_;
  const ReadStep* element_;
};

/// Records and tuples. Made before its parts, which may lead back to it.
class PartsStep final : public ReadStep {
 public:
  struct Part {
    std::size_t own = 0;
    const ReadStep* step = nullptr;  ///< nullptr: read over
    std::uint32_t written = 0;
  };
  PartsStep(const Schema& written, const StoredType& own) : written_(written), own_(own) {}
  void add(Part part) { parts_.push_back(part); }
  void read(ByteReader& reader, std::byte* place) const override;

 private:
  const Schema& written_;
  const StoredType& own_;
  std::vector<Part> parts_;
};

}  // namespace streamwork::format
