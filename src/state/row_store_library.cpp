// Libraries with stores are loaded when a job wants one, so that others do not even have them in memory.
#include <dlfcn.h>

#include <stdexcept>
#include <streamwork/typed/row_store.hpp>

namespace streamwork::typed {

const RowStoreLibrary& row_store_library(const std::string& format) {
  const auto fail = [&] [[noreturn]] (const char* reason) {
    throw std::runtime_error("the state backend '" + format +
                             "' is a library of its own, which this program does not find: link the CMake target "
                             "streamwork::" +
                             format + " (" + (reason == nullptr ? "no reason given" : reason) + ")");
  };
  if (format != "rocksdb") fail("there is no such backend");
  // The system counts how often it is loaded; it stays, since objects of its types may.
  void* const library = ::dlopen("libstreamwork_rocksdb.so", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail(::dlerror());
  const void* const symbol = ::dlsym(library, "streamwork_row_stores_1");
  if (symbol == nullptr) fail(::dlerror());
  return *static_cast<const RowStoreLibrary*>(symbol);
}

}  // namespace streamwork::typed
