// Draws the pictures of the guide: guide_pictures FOLDER writes them there, guide_pictures --check FOLDER tells whether
// those that are there are what the engine does today.
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "pictures.hpp"

namespace {

const std::vector<std::pair<std::string, std::function<std::string()>>>& all() {
  static const std::vector<std::pair<std::string, std::function<std::string()>>> pictures = {
      {"watermark.svg", pictures::watermark_picture},
      {"lateness.svg", pictures::lateness_picture},
      {"merging-sessions.svg", pictures::merging_sessions_picture},
      {"window-kinds.svg", pictures::window_kinds_picture},
      {"interval-join.svg", pictures::interval_join_picture},
      {"join-kinds.svg", pictures::join_kinds_picture},
  };
  return pictures;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::string(argv[1]) == "--check";
  if (argc != 2 && !check) {
    std::fputs("usage: guide_pictures [--check] FOLDER\n", stderr);
    return 2;
  }
  int wrong = 0;
  for (const auto& [name, draw] : all()) {
    const std::string path = std::string(argv[argc - 1]) + "/" + name;
    const std::string svg = draw();
    if (!check) std::ofstream(path, std::ios::binary) << svg;
    if (content_of(path) == svg) continue;
    std::fprintf(stderr, "%s is not what the engine does today: look at what changed, then guide_pictures %s\n",
                 path.c_str(), argv[argc - 1]);
    ++wrong;
  }
  return wrong == 0 ? 0 : 1;
}
