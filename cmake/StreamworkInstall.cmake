# `cmake --install` gives a package: find_package(streamwork) and streamwork::streamwork.

include(CMakePackageConfigHelpers)

get_property(connector_targets GLOBAL PROPERTY STREAMWORK_CONNECTORS)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/streamwork)

install(TARGETS ${streamwork_installed_targets} ${connector_targets} EXPORT streamwork_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(EXPORT streamwork_targets NAMESPACE streamwork:: DESTINATION ${package_folder})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/streamwork-config.cmake.in
  ${PROJECT_BINARY_DIR}/streamwork-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/streamwork-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/streamwork-config.cmake ${PROJECT_BINARY_DIR}/streamwork-config-version.cmake
  DESTINATION ${package_folder})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/streamwork)
