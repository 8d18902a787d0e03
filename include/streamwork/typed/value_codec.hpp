// The codec of a type without the type: what a state, a checkpoint and an exchange hold.
//
//   const typed::ValueCodec* codec = typed::codec_of<T>();          // nullptr: values of T cannot be stored
//   codec->encode(place, writer);
//   codec->decode(reader, place);                                    // bytes of this very schema
//   auto older = codec->reader(written_schema, migrations);          // bytes of an older program's schema
//   older->read(reader, place);
// Thread rule: constants; a `ValueReader` may be used by several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/migrations.hpp>
#include <streamwork/typed/fixed_encoding.hpp>
#include <streamwork/typed/stored_type.hpp>
#include <streamwork/typed/value_reader.hpp>

namespace streamwork::typed {

class ValueCodec {
 public:
  using Encode = void (*)(const std::byte* value, ByteWriter& writer);

  /// `memory_size`: see there.
  constexpr ValueCodec(const StoredType& type, const Schema& (*schema_of_type)(), Encode encode_type,
                       std::uint32_t memory_size)
      : type_(&type), schema_(schema_of_type), encode_(encode_type), memory_size_(memory_size) {}

  /// What the bytes mean.
  const Schema& schema() const { return schema_(); }
  /// Appends the value at that place. Throws `std::length_error` if it is nested too deep.
  void encode(const std::byte* value, ByteWriter& writer) const { encode_(value, writer); }
  /// The size of a value that is encoded as it lies in memory; 0 if values are not.
  std::uint32_t memory_size() const { return memory_size_; }
  /// Reads into a value that exists. Throws `StoredDataError`; then the value may be anything. REQUIRES: the bytes were
  /// written with a schema equal to this one's.
  void decode(ByteReader& reader, std::byte* value) const { type_->decode(reader, value); }
  /// Makes a reader of bytes that were written with another schema. Throws `SchemaMismatch` if that cannot be had.
  std::unique_ptr<ValueReader> reader(const Schema& written, const Migrations& migrations = {}) const {
    return std::make_unique<ValueReader>(written, *type_, schema(), migrations);
  }

 private:
  const StoredType* type_;
  const Schema& (*schema_)();
  Encode encode_;
  std::uint32_t memory_size_;
};

template <Storable T>
inline constexpr ValueCodec value_codec(
    StoredTypeOf<T>::value, &schema_of<T>,
    [](const std::byte* value, ByteWriter& writer) { typed::encode(*reinterpret_cast<const T*>(value), writer); },
    is_memory<T>() ? sizeof(T) : 0);

/// The codec of `T`, or nullptr if values of `T` cannot be stored.
template <class T>
constexpr const ValueCodec* codec_of() {
  if constexpr (Storable<T>) {
    return &value_codec<T>;
  } else {
    return nullptr;
  }
}

/// Reads values of `T` from bytes that were written with another schema.
template <Storable T>
class StoredReader {
 public:
  explicit StoredReader(const Schema& written, const Migrations& migrations = {})
      : reader_(written, StoredTypeOf<T>::value, schema_of<T>(), migrations) {}
  /// Reads into `value`: fields that were not written stay as they are.
  void read(ByteReader& reader, T& value) const { reader_.read(reader, stored_place(value)); }

 private:
  ValueReader reader_;
};

}  // namespace streamwork::typed
