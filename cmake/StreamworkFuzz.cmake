# Fuzz targets: every fuzz/<name>_fuzz.cpp defines LLVMFuzzerTestOneInput. With STREAMWORK_FUZZ it becomes a libFuzzer
# program; otherwise a small driver replays the corpus fuzz/corpus/<name>/ as a test, with any compiler.

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*_fuzz.cpp)
foreach(source IN LISTS fuzz_sources)
  cmake_path(GET source STEM program)
  string(REGEX REPLACE "_fuzz$" "" name ${program})
  add_executable(${program} ${source})
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${program} PRIVATE streamwork::streamwork streamwork_warnings)
  if(STREAMWORK_FUZZ)
    target_link_options(${program} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${program} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_corpus.cpp)
    add_test(NAME fuzz.${name}.replay COMMAND ${program} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(fuzz.${name}.replay PROPERTIES TIMEOUT 120 LABELS fuzz)
  endif()
endforeach()
