#include "new_project.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace streamwork::cli {

namespace {

namespace files = std::filesystem;

constexpr std::string_view cmake_text = R"(cmake_minimum_required(VERSION 3.25)
project(NAME LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_package(streamwork REQUIRED)

add_executable(NAME main.cpp)
target_link_libraries(NAME PRIVATE streamwork::streamwork)

enable_testing()
add_executable(NAME_test word_counter_test.cpp)
target_link_libraries(NAME_test PRIVATE streamwork::streamwork)
add_test(NAME word_counter COMMAND NAME_test)
)";

constexpr std::string_view operator_text = R"(// Counts how often each word has come.
#pragma once

#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>

struct WordCount {
  std::string word;
  std::int64_t count = 0;
  friend bool operator==(const WordCount&, const WordCount&) = default;
};

class WordCounter {
 public:
  void open(streamwork::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }
  void apply(const std::string& word, streamwork::Output<WordCount>& out) { out.emit({word, ++*count_}); }

 private:
  streamwork::ValueState<std::int64_t> count_;  // of the word at hand
};
)";

constexpr std::string_view main_text = R"(// Reads lines, counts words:  echo "to be or not to be" | ./NAME
#include <sstream>
#include <streamwork/streamwork.hpp>
#include <string>
#include <vector>

#include "word_counter.hpp"

namespace sw = streamwork;

std::vector<std::string> words_of(const sw::Line& line) {
  std::istringstream text{std::string(line.text)};
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

int main(int argc, char** argv) {
  sw::Job job{"NAME"};
  job.source("lines", sw::stdin_lines())
      .flat_map("words", words_of)
      .key_by([](const std::string& word) { return word; }, {.parallelism = 2})
      .apply("word counter", WordCounter{})
      .sink("print", sw::print_json());
  return sw::run(job, argc, argv);
}
)";

constexpr std::string_view test_text =
    R"(// Runs the operator four ways: all at once, one event per call, against an output that is full every other time, and with
// its state moved to a fresh instance between calls.
#include <cstdio>
#include <streamwork/testing.hpp>
#include <string>
#include <vector>

#include "word_counter.hpp"

int main() {
  namespace testing = streamwork::testing;
  const std::vector<std::string> words = {"to", "be", "or", "not", "to", "be"};
  const auto counts = testing::results_of(WordCounter{}, [](const std::string& word) { return word; }, words);
  const std::vector<WordCount> expected = {{"to", 1}, {"be", 1}, {"or", 1}, {"not", 1}, {"to", 2}, {"be", 2}};
  if (counts == expected) return 0;
  std::fputs("the counts are not as expected\n", stderr);
  return 1;
}
)";

constexpr std::string_view readme_text = R"(# NAME

    cmake -B build -DCMAKE_PREFIX_PATH=WHERE_STREAMWORK_IS_INSTALLED
    cmake --build build
    ctest --test-dir build
    echo "to be or not to be" | build/NAME

While it runs, http://127.0.0.1:7000 shows it; `build/NAME --help` lists what every job understands.
)";

std::string with_name(std::string_view text, const std::string& name) {
  constexpr std::string_view place = "NAME";
  std::string result;
  while (true) {
    const std::size_t found = text.find(place);
    result += text.substr(0, found);
    if (found == std::string_view::npos) return result;
    text.remove_prefix(found + place.size());
    // Of CMake's own keyword, not ours.
    const bool keyword = result.ends_with("add_test(");
    result += keyword ? std::string(place) : name;
  }
}

void write(const files::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("'" + path.string() + "' cannot be written");
}

bool is_name(const std::string& name) {
  const auto may_stand = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '-';
  };
  const bool begins_well = !name.empty() && name.front() != '-' && !(name.front() >= '0' && name.front() <= '9');
  return begins_well && std::ranges::all_of(name, may_stand) && name != "test";
}

}  // namespace

std::string make_project(const std::string& name, const std::string& parent) {
  if (!is_name(name))
    throw std::invalid_argument("'" + name +
                                "' is no name of a program: expected letters, digits, '_' and '-', a letter first");
  const files::path folder = files::path(parent) / name;
  std::error_code error;
  if (!files::create_directory(folder, error))
    throw std::runtime_error("'" + folder.string() + "' " +
                             (error ? "cannot be made: " + error.message() : "is there already"));
  write(folder / "CMakeLists.txt", with_name(cmake_text, name));
  write(folder / "main.cpp", with_name(main_text, name));
  write(folder / "word_counter.hpp", std::string(operator_text));
  write(folder / "word_counter_test.cpp", std::string(test_text));
  write(folder / "README.md", with_name(readme_text, name));
  return "made " + name + "/ with a job and a test; " + name + "/README.md says how to build it\n";
}

}  // namespace streamwork::cli
