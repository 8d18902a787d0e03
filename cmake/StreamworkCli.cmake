# The program `streamwork`, for people; from the sources in cli/. Unlike examples it looks into the engine.

file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.cpp)
add_executable(streamwork_cli ${cli_sources})
set_target_properties(streamwork_cli PROPERTIES OUTPUT_NAME streamwork)
target_compile_definitions(streamwork_cli PRIVATE STREAMWORK_VERSION="${PROJECT_VERSION}")
target_include_directories(streamwork_cli PRIVATE ${PROJECT_SOURCE_DIR}/cli ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(streamwork_cli PRIVATE streamwork_core streamwork_backends streamwork_warnings)
install(TARGETS streamwork_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
