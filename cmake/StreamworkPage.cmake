# The web page becomes part of the library: the files of console/dist, which are committed, as constants in a C++ source.
# No Node is needed for that. Run as a script (cmake -DFOLDER=… -DOUTPUT=… -P), it writes that source.

if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB_RECURSE paths RELATIVE ${FOLDER} ${FOLDER}/*)
  list(SORT paths)
  set(constants "")
  set(table "")
  set(number 0)
  foreach(path IN LISTS paths)
    file(READ ${FOLDER}/${path} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    # Literals that stand side by side are one.
    string(LENGTH "${bytes}" length)
    math(EXPR size "${length} / 4")
    set(lines "")
    set(begin 0)
    while(begin LESS length)
      string(SUBSTRING "${bytes}" ${begin} 4096 line)
      string(APPEND lines "    \"${line}\"\n")
      math(EXPR begin "${begin} + 4096")
    endwhile()
    string(APPEND constants "constexpr char file_${number}[] =\n${lines}    \"\";\n")
    string(APPEND table "    {\"${path}\", {file_${number}, ${size}}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT} "// Made from console/dist by cmake/StreamworkPage.cmake.\n#include \"console/page.hpp\"\n\n"
    "namespace streamwork::console {\n\nnamespace {\n${constants}"
    "constexpr PageFile files[] = {\n${table}    {\"\", {}}};\n}  // namespace\n\n"
    "std::span<const PageFile> page_files() { return {files, ${number}}; }\n\n}  // namespace streamwork::console\n")
  return()
endif()

set(page_folder ${PROJECT_SOURCE_DIR}/console/dist)
file(GLOB_RECURSE page_files CONFIGURE_DEPENDS ${page_folder}/*)
set(page_source ${PROJECT_BINARY_DIR}/page_files.cpp)
add_custom_command(OUTPUT ${page_source}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${page_folder} -DOUTPUT=${page_source} -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${page_files} ${CMAKE_CURRENT_LIST_FILE}
  COMMENT "The web page becomes a source" VERBATIM)
target_sources(streamwork_core PRIVATE ${page_source})
set_source_files_properties(${page_source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/console/site.cpp PROPERTIES
  COMPILE_DEFINITIONS "STREAMWORK_VERSION=\"${PROJECT_VERSION}\"")
