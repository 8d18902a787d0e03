# How everything of ours is compiled: warnings, sanitizers, a fast linker and a compiler cache when they are there.
# Nothing here reaches a user of the installed package.

add_library(streamwork_warnings INTERFACE)
target_compile_options(streamwork_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports `std::string + "literal"` as overlapping copies (GCC bug 105651); sanitized code warns falsely too.
  target_compile_options(streamwork_warnings INTERFACE -Wno-restrict)
endif()
if(STREAMWORK_WARNINGS_AS_ERRORS AND NOT STREAMWORK_SANITIZE)
  target_compile_options(streamwork_warnings INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These come from the optimiser, change with inlining, and are often wrong: shown, but no reason to stop.
    target_compile_options(streamwork_warnings INTERFACE -Wno-error=maybe-uninitialized -Wno-error=array-bounds
      -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=dangling-pointer -Wno-error=null-dereference)
  endif()
endif()

# Most of a build is the compiling of tests, which gain nothing from the optimiser's last tenth. Their line numbers would
# take a fifth of the time; the preset debug has them.
add_library(streamwork_quick_to_compile INTERFACE)
if(NOT STREAMWORK_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(streamwork_quick_to_compile INTERFACE -O1 -g0)
endif()

if(STREAMWORK_SANITIZE)
  set(sanitize_flags -fsanitize=${STREAMWORK_SANITIZE} -fno-omit-frame-pointer)
  if(STREAMWORK_SANITIZE MATCHES "undefined")
    list(APPEND sanitize_flags -fno-sanitize-recover=undefined)
    if(NOT STREAMWORK_FUZZ)
      # Checks at every access to a member, which triple the time to compile. The address sanitizer sees what the first
      # three look for; alignment is checked in the library itself and in the fuzz targets.
      list(APPEND sanitize_flags -fno-sanitize=null,object-size,vptr,alignment)
    endif()
  endif()
  if(STREAMWORK_FUZZ)
    list(APPEND sanitize_flags -fsanitize=fuzzer-no-link)
  endif()
  add_compile_options(${sanitize_flags})
  # A sanitizer's dlopen calls the system's, which then looks where the sanitizer's own library may, unless told so this way.
  add_link_options(-fsanitize=${STREAMWORK_SANITIZE} LINKER:--disable-new-dtags)
endif()

find_program(STREAMWORK_CCACHE ccache)
if(STREAMWORK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache takes precompiled headers only when told that their time stamps and defines need not be looked at.
  set(CMAKE_CXX_COMPILER_LAUNCHER env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${STREAMWORK_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  else()
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

find_program(STREAMWORK_MOLD mold)
if(STREAMWORK_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
