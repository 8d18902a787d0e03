# Connectors: one folder each under connectors/, one target each, seeing nothing of ours but include/. A folder's
# CMakeLists.txt is one line: streamwork_connector(tcp LIGHT).

# streamwork_connector(<name> [LIGHT] [LIBRARIES <target>...])
#   LIGHT      needs no library beyond the engine's own; part of streamwork::streamwork
#   LIBRARIES  what it needs privately
function(streamwork_connector name)
  cmake_parse_arguments(PARSE_ARGV 1 connector "LIGHT" "" "LIBRARIES")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    message(STATUS "streamwork: connector ${name} has no sources yet")
    return()
  endif()
  set(target streamwork_${name})
  add_library(${target} STATIC ${sources})
  add_library(streamwork::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(${target}
    PUBLIC streamwork_core
    PRIVATE ${connector_LIBRARIES} $<BUILD_INTERFACE:streamwork_warnings>)
  set_property(GLOBAL APPEND PROPERTY STREAMWORK_CONNECTORS ${target})
  if(connector_LIGHT)
    target_link_libraries(streamwork_all INTERFACE ${target})
  endif()
endfunction()

file(GLOB connector_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/connectors/*/CMakeLists.txt)
foreach(connector_file IN LISTS connector_files)
  cmake_path(GET connector_file PARENT_PATH connector_folder)
  add_subdirectory(${connector_folder})
endforeach()
