# streamwork::rocksdb: the state backend in RocksDB, for those who link it. It is loaded when a job asks for it
# (src/state/row_store_library.cpp): linking it only tells a program where it is, so that jobs in memory stay small.

# What our own programs link: the backend, or nothing.
add_library(streamwork_backends INTERFACE)

# RocksDB's own package file asks for the development files of all that it was built with.
find_path(STREAMWORK_ROCKSDB_INCLUDE rocksdb/db.h)
find_library(STREAMWORK_ROCKSDB_LIBRARY NAMES librocksdb.so)
if(NOT STREAMWORK_ROCKSDB_INCLUDE OR NOT STREAMWORK_ROCKSDB_LIBRARY)
  message(STATUS "streamwork: no RocksDB found; programs keep state in memory only")
  return()
endif()

file(GLOB rocksdb_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/state/rocksdb/*.cpp)
list(FILTER rocksdb_sources EXCLUDE REGEX "_test\\.cpp$")
add_library(streamwork_rocksdb_stores SHARED ${rocksdb_sources})
set_target_properties(streamwork_rocksdb_stores PROPERTIES
  OUTPUT_NAME streamwork_rocksdb CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON EXPORT_NAME rocksdb_stores)
target_compile_features(streamwork_rocksdb_stores PRIVATE cxx_std_20)
target_include_directories(streamwork_rocksdb_stores PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_include_directories(streamwork_rocksdb_stores SYSTEM PRIVATE ${STREAMWORK_ROCKSDB_INCLUDE})
target_link_libraries(streamwork_rocksdb_stores PRIVATE
  $<BUILD_INTERFACE:${STREAMWORK_ROCKSDB_LIBRARY}> $<BUILD_INTERFACE:streamwork_warnings>)

add_library(streamwork_rocksdb INTERFACE)
add_library(streamwork::rocksdb ALIAS streamwork_rocksdb)
set_target_properties(streamwork_rocksdb PROPERTIES EXPORT_NAME rocksdb)
target_link_options(streamwork_rocksdb INTERFACE
  $<BUILD_INTERFACE:LINKER:-rpath,$<TARGET_FILE_DIR:streamwork_rocksdb_stores>>
  $<INSTALL_INTERFACE:LINKER:-rpath,$<TARGET_FILE_DIR:streamwork::rocksdb_stores>>)
add_dependencies(streamwork_rocksdb streamwork_rocksdb_stores)
list(APPEND streamwork_installed_targets streamwork_rocksdb_stores streamwork_rocksdb)
target_link_libraries(streamwork_backends INTERFACE streamwork_rocksdb)
