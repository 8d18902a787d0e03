// The files of the web page, which the build has put into the library (cmake/StreamworkPage.cmake).
// Thread rule: constants.
#pragma once

#include <span>
#include <string_view>

namespace streamwork::console {

struct PageFile {
  std::string_view path;  ///< "index.html", "assets/index-1a2b.js"
  std::string_view content;
};

/// In the order of their paths.
std::span<const PageFile> page_files();

}  // namespace streamwork::console
