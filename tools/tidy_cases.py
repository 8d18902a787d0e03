"""Made-up files for `tools/tidy --self-test`: each entry of BROKEN breaks exactly one rule, CLEAN nearly breaks many."""

README = "What this folder is for.\n"
HEADER = "// What it is for.\n// Thread rule: plain value.\n#pragma once\n"


def source(layer, text, name="file.cpp"):
    """A file of src/<layer>/ with the README that its folder needs."""
    return {f"src/{layer}/{name}": text, f"src/{layer}/README.md": README}


def function(lines, head="int f(int x)"):
    return head + " {\n" + "  x += 1;\n" * (lines - 2) + "}\n"


BROKEN = [
    ("include_direction", source("base", '#include "runtime/task.hpp"\n')),
    ("include_direction", source("time", '#include "graph/vertex.hpp"\n')),
    ("include_direction", source("state", '#include "graph/vertex.hpp"\n')),
    ("include_direction", source("format", '#include "time/watermark.hpp"\n')),
    ("include_direction", source("runtime", '#include "job/job.hpp"\n')),
    ("include_direction", source("graph", '#include "vertex.hpp"\n')),
    ("include_direction", source("base", '#include "streamwork/time.hpp"\n')),
    ("include_direction", source("elsewhere", "int x;\n")),
    ("like_a_user", {"connectors/tcp/tcp.cpp": '#include "runtime/task.hpp"\n'}),
    ("like_a_user", {"benchmarks/x_benchmark.cpp": '#include "base/clock.hpp"\n'}),
    ("threads_only_in_runtime", source("base", "#include <mutex>\n")),
    ("threads_only_in_runtime", source("job", "#include <thread>\n")),
    ("threads_only_in_runtime", source("checkpoint", "#include <boost/asio/ip/tcp.hpp>\n")),
    ("public_headers_are_light", {"include/streamwork/x.hpp": HEADER + "#include <simdjson.h>\n"}),
    ("public_headers_are_light", {"include/streamwork/x.hpp": HEADER + "#include <regex>\n"}),
    ("public_headers_are_light", {"include/streamwork/x.hpp": HEADER + '#include "line.hpp"\n'}),
    ("public_headers_say_what_they_are", {"include/streamwork/x.hpp": "#pragma once\n// Thread rule: none.\n"}),
    ("public_headers_say_what_they_are", {"include/streamwork/x.hpp": "// A thing.\n#pragma once\n"}),
    ("library_never_exits", source("job", "void stop() { std::exit(1); }\n")),
    ("library_never_exits", source("job", 'void say() { std::cerr << "oh"; }\n')),
    ("file_length", source("base", "int x;\n" * 401)),
    ("file_length", {"cmake/long.cmake": "set(x 1)\n" * 401}),
    ("function_length", source("base", function(61))),
    ("function_length", source("base", "namespace a {\nclass B {\n" + function(61, "int f(int x) const noexcept")
                               + "};\n}\n")),
    ("function_length", source("base", function(61, "template <typename T>\nT f(std::map<T, int> x)"))),
    ("banned_words", source("base", "int x;\n", "string_util.cpp")),
    ("banned_words", source("base", "class TaskManager;\n")),
    ("banned_words", source("base", "int parse_helper();\n")),
    ("readme_length", {"src/base/README.md": "word\n" * 51}),
    ("machine_paths", {"docs/guide.md": "Look into " + "/ho" + "me/somebody/streamwork.\n"}),
    ("machine_paths", {"src/base/README.md": "See " + "/ro" + "ot/notes.\n"}),
    ("clean_text", source("base", "int x; \n")),
    ("clean_text", source("base", "int x;")),
    ("clean_text", source("base", "int x;\r\n")),
    ("clean_text", source("base", "\tint x;\n")),
    ("no_using_namespace", source("base", "// X.\nusing namespace std;\n", "x.hpp")),
    ("folders_have_a_readme", {"src/base/x.cpp": "int x;\n"}),
    ("folders_have_a_readme", {"examples/word_count/main.cpp": "int main() {}\n"}),
    ("links_lead_somewhere", {"docs/guide.md": "Read [this](nowhere.md) first.\n"}),
]

CLEAN = {
    "src/base/README.md": README,
    "src/base/file.cpp": '#include "base/file.hpp"\n\n#include <vector>\n' + function(60),
    "src/base/words.cpp": "// a helper in a comment, std::exit(1) too\nusing T = std::common_type_t<int, long>;\n"
                          'const char* text = "std::cout << util";\nvoid f() { context.exit(); }\n',
    "src/runtime/README.md": README,
    "src/runtime/worker.cpp": '#include <thread>\n#include <boost/asio.hpp>\n#include "state/table.hpp"\n',
    "src/runtime/worker_test.cpp": '#include "kit/clock.hpp"\n' + "TEST(A, B) {}\n",
    "src/job/README.md": "See [the engine](../base/README.md), [its folder](../base) and [elsewhere](https://x.org).\n",
    "src/job/signals.cpp": "#include <boost/asio/signal_set.hpp>\n",
    "include/streamwork/x.hpp": HEADER + "#include <boost/pfr/core.hpp>\n#include <streamwork/y.hpp>\n#include <span>\n",
    "include/streamwork/typed/z.hpp": "// For the compiler.\n#pragma once\n",
    "examples/word_count/README.md": README + "\n```cpp\nstream.filter([](const Word& word) { return true; });\n```\n",
    "examples/word_count/main.cpp": '#include "toll_booth/flags.hpp"\nint main() { std::exit(0); }\n',
    "examples/word_count/input.csv": "trailing \r\nno newline",
    "docs/guide.md": "Headers are in /usr/include, results in /tmp/work/out; `[not](a-link)`.\n",
    "tests/jobs/long_test.cpp": "struct Local {\n" + "  int x;\n" * 70 + "};\n",
}
