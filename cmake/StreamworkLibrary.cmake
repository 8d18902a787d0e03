# The engine: one static library from src/. The heavy libraries are private to it; a user compiles against include/ and
# the Boost headers (reflection) alone.

if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file
endif()
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(date REQUIRED)  # time zones
find_path(STREAMWORK_FAST_FLOAT_INCLUDE fast_float/fast_float.h REQUIRED)
find_path(STREAMWORK_XXHASH_INCLUDE xxhash.h REQUIRED)
find_path(STREAMWORK_CLI11_INCLUDE CLI/CLI.hpp REQUIRED)

file(GLOB_RECURSE library_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)
list(FILTER library_sources EXCLUDE REGEX "_test\\.cpp$|/src/state/rocksdb/")
if(NOT library_sources)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/empty.cpp CONTENT "")
  set(library_sources ${PROJECT_BINARY_DIR}/empty.cpp)
endif()

add_library(streamwork_core STATIC ${library_sources})
add_library(streamwork::core ALIAS streamwork_core)
target_compile_features(streamwork_core PUBLIC cxx_std_20)
target_include_directories(streamwork_core
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(streamwork_core SYSTEM PRIVATE
  ${STREAMWORK_FAST_FLOAT_INCLUDE} ${STREAMWORK_XXHASH_INCLUDE} ${STREAMWORK_CLI11_INCLUDE})
target_link_libraries(streamwork_core
  PUBLIC Boost::headers
  PRIVATE Threads::Threads ${CMAKE_DL_LIBS} date::date-tz $<BUILD_INTERFACE:streamwork_warnings>)
target_precompile_headers(streamwork_core PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <deque> <functional> <limits> <map> <memory> <optional>
  <span> <sstream> <stdexcept> <string> <string_view> <tuple> <type_traits> <unordered_map> <utility> <variant>
  <vector>)

# What a user links: the engine and the light connectors. Connectors add themselves (StreamworkConnectors).
add_library(streamwork_all INTERFACE)
add_library(streamwork::streamwork ALIAS streamwork_all)
set_target_properties(streamwork_all PROPERTIES EXPORT_NAME streamwork)
set_target_properties(streamwork_core PROPERTIES EXPORT_NAME core)
if(STREAMWORK_SANITIZE MATCHES "undefined")
  target_compile_options(streamwork_core PRIVATE -fsanitize=alignment)
endif()
target_link_libraries(streamwork_all INTERFACE streamwork_core)
set(streamwork_installed_targets streamwork_core streamwork_all)
