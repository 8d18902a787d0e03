# Proof that the simulation bites (tests/kit/simulated): for each rule a program is built in which the engine breaks it, and
# a test fails if 500 schedules do not notice.
#
# The rule is broken in a copy of one source, which the program links instead of the one in the library. So neither the
# sources nor the library know of it; a line that is not there any more stops the configuration.

add_library(simulation_bite_main OBJECT ${PROJECT_SOURCE_DIR}/tests/bites/main.cpp)
target_link_libraries(simulation_bite_main PRIVATE streamwork_test_kit)

# streamwork_bite(<rule> <source> <text> <broken>): `text` stands in src/<source> exactly once.
function(streamwork_bite rule source text broken)
  set(original ${PROJECT_SOURCE_DIR}/src/${source})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${original})
  file(READ ${original} content)
  string(FIND "${content}" "${text}" first)
  string(FIND "${content}" "${text}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "cmake/StreamworkBites.cmake breaks the rule '${rule}' at a line of src/${source} that is not "
      "there, or not once: ${text}")
  endif()
  string(REPLACE "${text}" "${broken}" content "${content}")
  set(copy ${PROJECT_BINARY_DIR}/bites/${rule}.cpp)
  file(GENERATE OUTPUT ${copy} CONTENT "${content}")
  # What is broken may leave something unused: no warning is worth anything here.
  set_source_files_properties(${copy} PROPERTIES GENERATED TRUE COMPILE_OPTIONS -w)
  add_executable(bite_${rule} ${copy} $<TARGET_OBJECTS:simulation_bite_main>)
  target_link_libraries(bite_${rule} PRIVATE streamwork_test_kit)
  add_test(NAME simulation.finds_${rule} COMMAND bite_${rule})
  set_tests_properties(simulation.finds_${rule} PROPERTIES TIMEOUT ${test_timeout_seconds} LABELS simulation)
endfunction()

streamwork_bite(skipped_alignment runtime/task.cpp
  "current_input_->met && checkpoints_->aligned()"
  "false")
streamwork_bite(manifest_before_data checkpoint/snapshot_writer.cpp
  "  file_->sync();\n"
  "")
streamwork_bite(acknowledged_too_early runtime/task_barriers.cpp
  "if (!segments_[saved_segments_].segment->save_more()) return false;"
  "continue;")
streamwork_bite(forgotten_timer state/state_layout.cpp
  "      timers.queue.add(time, row);\n"
  "")
streamwork_bite(reused_number checkpoint/checkpoint_directory.cpp
  "last = std::max(last, read_directory_name(name)->number);"
  "if (is_whole(name)) return read_directory_name(name)->number;")
