// What the engine knows of a type that can be stored: constant data and a few functions, from which everything that need
// not be fast for each type (schemas, reading what an older program wrote) is made by code that is compiled once.
// Thread rule: constants.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <streamwork/time.hpp>
#include <streamwork/typed/decode_value.hpp>
#include <streamwork/typed/encode_value.hpp>
#include <streamwork/typed/schema.hpp>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace streamwork::typed {

/// Reads the parts of an element while a container makes it.
class PartReader {
 public:
  virtual void read_part(std::size_t part, std::byte* place) = 0;

 protected:
  ~PartReader() = default;
};

struct StoredType {
  using Type = const StoredType*;

  SchemaKind kind;
  const std::type_info* identity;
  /// Of what it is made, in the order of the schema's parts.
  const Type* parts = nullptr;
  std::size_t part_count = 0;
  const std::string_view* names = nullptr;  ///< of a record's fields
  EnumTable enumerators{};
  std::uint64_t first = 0;  ///< as in `SchemaNode`
  std::uint64_t second = 0;

  /// Reads a value of exactly this type.
  void (*decode)(ByteReader& reader, std::byte* value);
  /// Records, tuples: the addresses of all parts.
  void (*find_parts)(std::byte* value, std::byte** places) = nullptr;
  /// Records that have it: `restored()`; false if the parts do not fit together.
  bool (*restored)(std::byte* value) = nullptr;
  /// Optionals, lists, maps: takes away what is in it.
  void (*clear)(std::byte* value) = nullptr;
  /// Optionals, lists, maps, variants: adds an element (of variants and of no other: the alternative `number`), whose parts
  /// `reader` reads.
  void (*add)(std::byte* value, std::size_t number, PartReader& reader) = nullptr;
  std::size_t element_size = 0;  ///< of arrays, in memory
};

template <class T>
T& stored_object(std::byte* value) {
  return *reinterpret_cast<T*>(value);
}

template <class T>
std::byte* stored_place(T& value) {
  return reinterpret_cast<std::byte*>(&value);
}

template <class T>
consteval SchemaKind number_kind() {
  if constexpr (std::is_same_v<T, bool>) return SchemaKind::boolean;
  if constexpr (std::is_same_v<T, char>) return SchemaKind::character;
  if constexpr (std::is_same_v<T, float>) return SchemaKind::f32;
  if constexpr (std::is_same_v<T, double>) return SchemaKind::f64;
  constexpr auto least = static_cast<std::uint8_t>(std::is_signed_v<T> ? SchemaKind::i8 : SchemaKind::u8);
  constexpr std::uint8_t steps = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  return static_cast<SchemaKind>(least + steps);
}

template <class T>
consteval SchemaKind schema_kind() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::boolean || shape == StoredShape::number) return number_kind<T>();
  constexpr SchemaKind kinds[] = {
      SchemaKind::boolean, SchemaKind::boolean, SchemaKind::boolean,  SchemaKind::enumeration, SchemaKind::duration,
      SchemaKind::instant, SchemaKind::string,  SchemaKind::optional, SchemaKind::list,        SchemaKind::map,
      SchemaKind::array,   SchemaKind::tuple,   SchemaKind::variant,  SchemaKind::record,      SchemaKind::record};
  return kinds[static_cast<std::size_t>(shape)];
}

template <class... Parts>
struct PartList {};

template <class T, std::size_t... Index>
PartList<PartType<T, Index>...> list_parts(std::index_sequence<Index...>);
template <class... Parts>
PartList<Parts...> list_alternatives(std::variant<Parts...>*);

/// The types that a type is made of.
template <class T>
consteval auto parts_of() {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::enumeration) {
    return PartList<std::underlying_type_t<T>>();
  } else if constexpr (shape == StoredShape::ticks) {
    return PartList<typename T::rep>();
  } else if constexpr (shape == StoredShape::instant) {
    return PartList<typename T::duration>();
  } else if constexpr (shape == StoredShape::optional || shape == StoredShape::list || shape == StoredShape::array) {
    return PartList<Element<T>>();
  } else if constexpr (shape == StoredShape::map) {
    return PartList<typename T::key_type, typename T::mapped_type>();
  } else if constexpr (shape == StoredShape::variant) {
    return decltype(list_alternatives(static_cast<T*>(nullptr)))();
  } else if constexpr (has_parts(shape)) {
    return decltype(list_parts<T>(PartIndexes<T>{}))();
  } else {
    return PartList<>();
  }
}

/// The description of a type; it may contain itself.
template <class T>
struct StoredTypeOf {
  static const StoredType value;
};

/// The descriptions of several types, with at least one place.
template <class List>
struct PartTypes;
template <class... Parts>
struct PartTypes<PartList<Parts...>> {
  static constexpr std::size_t count = sizeof...(Parts);
  static constexpr std::array<StoredType::Type, count + 1> types{&StoredTypeOf<Parts>::value..., nullptr};
};

/// The names of a record's fields.
template <class T>
inline constexpr auto stored_names = []<std::size_t... Index>(std::index_sequence<Index...>) {
  if constexpr (stored_shape<T>() == StoredShape::members) {
    using Members = decltype(T::stored_fields(std::declval<T&>()));
    return std::array<std::string_view, sizeof...(Index) + 1>{std::tuple_element_t<Index, Members>::label.view()...};
  } else {
    return std::array<std::string_view, sizeof...(Index) + 1>{field_name<T, Index>()...};
  }
}(PartIndexes<T>{});

template <class T>
constexpr void add_element(std::byte* value, std::size_t number, PartReader& reader) {
  constexpr StoredShape shape = stored_shape<T>();
  T& object = stored_object<T>(value);
  if constexpr (shape == StoredShape::optional) {
    reader.read_part(0, stored_place(engage(object)));
  } else if constexpr (shape == StoredShape::list) {
    append_element(object, [&](Element<T>& element) { reader.read_part(0, stored_place(element)); });
  } else if constexpr (shape == StoredShape::map) {
    typename T::key_type key{};
    typename T::mapped_type mapped{};
    reader.read_part(0, stored_place(key));
    reader.read_part(1, stored_place(mapped));
    object.emplace(std::move(key), std::move(mapped));
  } else {
    emplace_alternative(object, number, [&](auto& alternative) { reader.read_part(0, stored_place(alternative)); });
  }
}

template <class Clock>
inline constexpr StoredClock stored_clock = StoredClock::other;
template <>
inline constexpr StoredClock stored_clock<EventClock> = StoredClock::event;
template <>
inline constexpr StoredClock stored_clock<ProcessingClock> = StoredClock::processing;
template <>
inline constexpr StoredClock stored_clock<std::chrono::system_clock> = StoredClock::system;

/// What only some shapes have.
template <class T>
constexpr void describe_shape(StoredType& type) {
  constexpr StoredShape shape = stored_shape<T>();
  if constexpr (shape == StoredShape::enumeration) {
    type.enumerators = EnumNames<T>::table;
  } else if constexpr (shape == StoredShape::ticks) {
    type.first = static_cast<std::uint64_t>(T::period::num);
    type.second = static_cast<std::uint64_t>(T::period::den);
  } else if constexpr (shape == StoredShape::instant) {
    type.first = static_cast<std::uint64_t>(stored_clock<typename T::clock>);
  } else if constexpr (shape == StoredShape::array) {
    type.first = std::tuple_size_v<T>;
    type.element_size = sizeof(Element<T>);
  } else if constexpr (has_parts(shape)) {
    type.find_parts = [](std::byte* value, std::byte** places) {
      with_parts(stored_object<T>(value), [&](auto&... part) { ((*places++ = stored_place(part)), ...); });
    };
    if constexpr (shape != StoredShape::row) type.names = stored_names<T>.data();
    if constexpr (shape == StoredShape::members)
      type.restored = [](std::byte* value) { return call_restored(stored_object<T>(value)); };
  } else if constexpr (shape == StoredShape::optional || shape == StoredShape::list || shape == StoredShape::map) {
    type.clear = [](std::byte* value) {
      if constexpr (shape == StoredShape::optional) {
        stored_object<T>(value).reset();
      } else {
        stored_object<T>(value).clear();
      }
    };
    type.add = add_element<T>;
  } else if constexpr (shape == StoredShape::variant) {
    type.add = add_element<T>;
  }
}

template <class T>
constexpr StoredType describe_type() {
  using Parts = PartTypes<decltype(parts_of<T>())>;
  StoredType type{.kind = schema_kind<T>(),
                  .identity = &typeid(T),
                  .parts = Parts::types.data(),
                  .part_count = Parts::count,
                  .decode = [](ByteReader& reader, std::byte* value) { decode(reader, stored_object<T>(value)); }};
  describe_shape<T>(type);
  return type;
}

template <class T>
constinit const StoredType StoredTypeOf<T>::value = describe_type<T>();

/// The schema of a type of this program.
template <Storable T>
const Schema& schema_of() {
  static const Schema schema(StoredTypeOf<T>::value);
  return schema;
}

}  // namespace streamwork::typed
