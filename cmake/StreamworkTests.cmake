# Tests: unit tests beside the sources -> unit_tests, tests/jobs -> job_tests, tests/programs -> program_tests, all with
# the shared kit of tests/kit. A suite whose name ends in `Alone` measures time or CPU and runs with nothing beside it.

include(GoogleTest)
find_package(GTest REQUIRED)
find_package(simdjson REQUIRED)  # judges our JSON reader

set(test_timeout_seconds 120)
if(STREAMWORK_SANITIZE)
  set(test_timeout_seconds 600)
endif()

file(GLOB_RECURSE kit_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/kit/*.cpp)
list(FILTER kit_sources EXCLUDE REGEX "_test\\.cpp$")
# The thread sanitizer is not asked about what one thread does: the simulated scheduler, and parts that know no threads.
set(looks_for_races FALSE)
if(STREAMWORK_SANITIZE STREQUAL "thread")
  set(looks_for_races TRUE)
  list(FILTER kit_sources EXCLUDE REGEX "/simulated/")
endif()
if(NOT kit_sources)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/empty_kit.cpp CONTENT "")
  set(kit_sources ${PROJECT_BINARY_DIR}/empty_kit.cpp)
endif()

# The kit also carries the precompiled header of all tests.
add_library(streamwork_test_kit STATIC ${kit_sources})
target_include_directories(streamwork_test_kit PUBLIC ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src)
target_include_directories(streamwork_test_kit SYSTEM PUBLIC
  ${STREAMWORK_FAST_FLOAT_INCLUDE} ${STREAMWORK_XXHASH_INCLUDE} ${STREAMWORK_CLI11_INCLUDE})
# Places are known to one file alone: so a compiler cache knows all the others again in another clone.
set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/kit/process.cpp PROPERTIES COMPILE_DEFINITIONS
  "STREAMWORK_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\";STREAMWORK_PROGRAM_DIR=\"${CMAKE_RUNTIME_OUTPUT_DIRECTORY}\"")
target_link_libraries(streamwork_test_kit PUBLIC streamwork_quick_to_compile)
target_link_libraries(streamwork_test_kit
  PUBLIC streamwork::streamwork streamwork_backends simdjson::simdjson Threads::Threads GTest::gmock GTest::gtest streamwork_warnings)
target_precompile_headers(streamwork_test_kit PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
file(GLOB all_public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/streamwork/streamwork.hpp)
target_precompile_headers(streamwork_test_kit PRIVATE ${all_public_headers})

# streamwork_tests(<program> <glob>...): one test program from all *_test.cpp of these globs; none, no program.
function(streamwork_tests program)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARGN})
  if(STREAMWORK_SANITIZE)  # graphs of many types, long to compile; every job that runs is planned under the sanitizers
    list(FILTER sources EXCLUDE REGEX "/src/graph/")
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${program} ${sources})
  target_link_libraries(${program} PRIVATE streamwork_test_kit GTest::gtest_main)
  target_precompile_headers(${program} REUSE_FROM streamwork_test_kit)
  string(REPLACE "_tests" "." prefix ${program})
  set(options DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES TEST_PREFIX ${prefix})
  set(properties TIMEOUT ${test_timeout_seconds} LABELS ${program})
  gtest_discover_tests(${program} ${options} TEST_FILTER "-*Alone.*" PROPERTIES ${properties})
  gtest_discover_tests(${program} ${options} TEST_FILTER "*Alone.*" TEST_LIST ${program}_alone
    PROPERTIES ${properties} RUN_SERIAL TRUE)
endfunction()

if(looks_for_races)
  foreach(part base runtime checkpoint job console)
    list(APPEND tests_of_threads ${PROJECT_SOURCE_DIR}/src/${part}/*_test.cpp)
  endforeach()
  streamwork_tests(unit_tests ${tests_of_threads})
  # All but those that are known to have one thread, so that a new one is looked at.
  file(GLOB jobs_with_threads CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/jobs/*_test.cpp)
  foreach(test async_attempts at_most_once checkpoint_simulation directory_sink_simulation event_time_lead new_history
      reserved_places state_kinds test_kit waiting_facts window_triggers)
    list(REMOVE_ITEM jobs_with_threads ${PROJECT_SOURCE_DIR}/tests/jobs/${test}_test.cpp)
  endforeach()
  streamwork_tests(job_tests ${jobs_with_threads})
else()
  streamwork_tests(unit_tests
    ${PROJECT_SOURCE_DIR}/src/*_test.cpp ${PROJECT_SOURCE_DIR}/include/*_test.cpp
    ${PROJECT_SOURCE_DIR}/connectors/*_test.cpp ${PROJECT_SOURCE_DIR}/tests/kit/*_test.cpp)
  streamwork_tests(job_tests ${PROJECT_SOURCE_DIR}/tests/jobs/*_test.cpp)
endif()
if(STREAMWORK_PROGRAMS)
  streamwork_tests(program_tests ${PROJECT_SOURCE_DIR}/tests/programs/*_test.cpp)
endif()

# Scripts that test the package itself; they compile with the plain compiler, so sanitizers would only be in the way.
file(GLOB consumer CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/install/consumer/main.cpp)
if(consumer AND NOT STREAMWORK_SANITIZE)
  add_test(NAME package.installed_job_builds_and_runs
    COMMAND ${PROJECT_SOURCE_DIR}/tests/install/run.sh ${PROJECT_BINARY_DIR})
  add_test(NAME package.small_job_compiles_fast
    COMMAND ${PROJECT_SOURCE_DIR}/tests/install/compile_time.sh ${CMAKE_CXX_COMPILER})
  set_tests_properties(package.installed_job_builds_and_runs package.small_job_compiles_fast
    PROPERTIES TIMEOUT 300 LABELS package RUN_SERIAL TRUE)
endif()

# The benchmark on a few events: engine and hand-written loops come to the same results. Nothing here depends on time.
if(TARGET engine_benchmark)
  set(quick_report ${PROJECT_BINARY_DIR}/quick_benchmark.json)
  add_test(NAME benchmark.results_agree COMMAND engine_benchmark --quick --json ${quick_report})
  set_tests_properties(benchmark.results_agree PROPERTIES
    TIMEOUT ${test_timeout_seconds} LABELS benchmark FIXTURES_SETUP quick_benchmark)
endif()

if(TARGET state_benchmark AND TARGET streamwork_rocksdb)
  add_test(NAME benchmark.state_backends_agree COMMAND state_benchmark compare 50000)
  set_tests_properties(benchmark.state_backends_agree PROPERTIES TIMEOUT ${test_timeout_seconds} LABELS benchmark)
endif()

find_program(STREAMWORK_PYTHON python3)
# The console of a job against its contract, with hostile requests and many connections; needs python3-yaml.
if(STREAMWORK_PYTHON AND (STREAMWORK_PROGRAMS OR STREAMWORK_SANITIZE MATCHES "address"))
  add_executable(watched_job ${PROJECT_SOURCE_DIR}/tests/console/watched_job.cpp)
  target_link_libraries(watched_job PRIVATE streamwork::streamwork streamwork_warnings)
  add_test(NAME console.keeps_its_contract
    COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/tests/console/check_console.py
      $<TARGET_FILE:watched_job> ${PROJECT_SOURCE_DIR})
  set_tests_properties(console.keeps_its_contract PROPERTIES TIMEOUT ${test_timeout_seconds} LABELS console RUN_SERIAL TRUE)
  if(STREAMWORK_SANITIZE)
    set_tests_properties(console.keeps_its_contract PROPERTIES ENVIRONMENT CONSOLE_SHARE=0.1)
  endif()
endif()
if(STREAMWORK_PYTHON AND TARGET engine_benchmark)
  add_test(NAME benchmark.report_becomes_a_page
    COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/benchmarks/report.py ${quick_report})
  set_tests_properties(benchmark.report_becomes_a_page PROPERTIES
    TIMEOUT 60 LABELS benchmark FIXTURES_REQUIRED quick_benchmark)
endif()
# The guide: every command of its pages, the jobs they write (with the plain compiler as above), and its pictures.
if(STREAMWORK_PYTHON AND TARGET predictive_maintenance AND NOT STREAMWORK_SANITIZE)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/guide/*.md)
  foreach(page IN LISTS pages)
    cmake_path(GET page STEM name)
    string(REPLACE "-" "_" name ${name})
    add_test(NAME docs.${name}_page_is_true
      COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/tests/programs/run_page.py
        ${page} ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
    set_tests_properties(docs.${name}_page_is_true PROPERTIES TIMEOUT 600 LABELS docs)
  endforeach()
endif()
if(TARGET guide_pictures)
  add_test(NAME docs.pictures_are_what_the_engine_does
    COMMAND guide_pictures --check ${PROJECT_SOURCE_DIR}/docs/guide/pictures)
  set_tests_properties(docs.pictures_are_what_the_engine_does PROPERTIES TIMEOUT ${test_timeout_seconds} LABELS docs)
endif()
if(STREAMWORK_PYTHON AND TARGET join_lab)
  add_test(NAME program.join_lab_agrees_with_a_reference
    COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/tests/programs/join_reference.py $<TARGET_FILE:join_lab> 60)
  set_tests_properties(program.join_lab_agrees_with_a_reference PROPERTIES TIMEOUT 300 LABELS program_tests)
endif()
if(STREAMWORK_PYTHON)
  add_test(NAME style.tidy COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/tools/tidy)
  add_test(NAME style.every_tidy_rule_fires COMMAND ${STREAMWORK_PYTHON} ${PROJECT_SOURCE_DIR}/tools/tidy --self-test)
  set_tests_properties(style.tidy style.every_tidy_rule_fires PROPERTIES TIMEOUT 60 LABELS style)
endif()
