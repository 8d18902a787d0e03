# Programs for people: every folder of examples/ with a main.cpp, every benchmarks/*_benchmark.cpp. They use what a user
# could use, the public headers and streamwork::streamwork, and nothing else of ours.

# What most of them include, compiled once. That every source includes what it needs is seen where this is switched off: by
# `./dev lint`.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/program_headers.cpp CONTENT "")
add_library(streamwork_program_headers OBJECT ${PROJECT_BINARY_DIR}/program_headers.cpp)
target_link_libraries(streamwork_program_headers PRIVATE streamwork::streamwork streamwork_warnings)
target_precompile_headers(streamwork_program_headers PRIVATE ${PROJECT_SOURCE_DIR}/include/streamwork/streamwork.hpp)
function(share_precompiled_headers target)
  target_precompile_headers(${target} REUSE_FROM streamwork_program_headers)
endfunction()

# The main.cpp of examples/<name>/ and the other sources beside it become the program <name>. A folder without main.cpp
# holds what several examples share: its sources go into all of them, its headers are included as "<folder>/x.hpp".
file(GLOB example_folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${PROJECT_SOURCE_DIR}/examples/*)
set(shared_sources)
set(example_names)
foreach(folder IN LISTS example_folders)
  cmake_path(GET folder FILENAME name)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(EXISTS ${folder}/main.cpp)
    add_executable(${name} ${sources})
    share_precompiled_headers(${name})
    target_include_directories(${name} PRIVATE ${folder} ${PROJECT_SOURCE_DIR}/examples)
    target_link_libraries(${name} PRIVATE streamwork::streamwork streamwork_backends streamwork_warnings)
    list(APPEND example_names ${name})
  else()
    list(APPEND shared_sources ${sources})
  endif()
endforeach()
if(TARGET nexmark)  # about a fifth of all the time to compile: made by `./dev build` or when asked for, checked by `./dev soak`
  set_target_properties(nexmark PROPERTIES EXCLUDE_FROM_ALL TRUE)
endif()
add_custom_target(examples)
foreach(name IN LISTS example_names)
  if(NOT name STREQUAL "nexmark")
    add_dependencies(examples ${name})
  endif()
endforeach()
if(shared_sources AND example_names)
  add_library(streamwork_example_shared STATIC ${shared_sources})
  share_precompiled_headers(streamwork_example_shared)
  target_include_directories(streamwork_example_shared PRIVATE ${PROJECT_SOURCE_DIR}/examples)
  target_link_libraries(streamwork_example_shared PUBLIC streamwork::streamwork PRIVATE streamwork_warnings)
  foreach(name IN LISTS example_names)
    target_link_libraries(${name} PRIVATE streamwork_example_shared)
  endforeach()
endif()

# What follows says nothing under a sanitizer that the tests do not say.
if(STREAMWORK_SANITIZE)
  return()
endif()

file(GLOB benchmark_mains CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/benchmarks/*_benchmark.cpp)
file(GLOB benchmark_shared CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/benchmarks/*.cpp)
list(FILTER benchmark_shared EXCLUDE REGEX "(_benchmark|_test)\\.cpp$")
if(benchmark_shared)
  add_library(streamwork_benchmark_shared STATIC ${benchmark_shared})
  target_link_libraries(streamwork_benchmark_shared PUBLIC streamwork::streamwork streamwork_backends PRIVATE streamwork_warnings)
  # Engine and plain loops are compiled with the same flags, and the report names them.
  set(benchmark_flags)
  if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    set(benchmark_flags -O3)
    target_compile_options(streamwork_benchmark_shared PRIVATE ${benchmark_flags})
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${benchmark_flags}" build_flags)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/benchmarks/machine.cpp PROPERTIES
    COMPILE_DEFINITIONS "STREAMWORK_BENCHMARK_FLAGS=\"${build_flags}\"")
endif()
foreach(main IN LISTS benchmark_mains)
  cmake_path(GET main STEM name)
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE streamwork::streamwork streamwork_backends streamwork_warnings)
  if(benchmark_shared)
    target_link_libraries(${name} PRIVATE streamwork_benchmark_shared)
  endif()
endforeach()

# The pictures of the guide, drawn from jobs that are run for them; a test compares them with those in docs/guide/pictures.
file(GLOB picture_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/pictures/*.cpp)
add_executable(guide_pictures ${picture_sources})
target_link_libraries(guide_pictures PRIVATE streamwork::streamwork streamwork_warnings streamwork_quick_to_compile)
target_precompile_headers(guide_pictures PRIVATE ${PROJECT_SOURCE_DIR}/include/streamwork/streamwork.hpp)

# The code that pages of the guide show: compiled, so that it cannot go stale; a test compares it with the pages.
file(GLOB guide_code CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/guide/code/*.cpp)
add_library(guide_code OBJECT ${guide_code})
target_link_libraries(guide_code PRIVATE streamwork::streamwork streamwork_warnings streamwork_quick_to_compile)
target_precompile_headers(guide_code REUSE_FROM guide_pictures)
