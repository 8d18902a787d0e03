// A small job as a user writes it, against the installed package: counts the lines of standard input.
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;

struct LineCount {
  std::string type;
  std::int64_t count;
};

class LineCounter {
 public:
  void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }
  void apply(const sw::Line& line, sw::Output<LineCount>& out) { out.emit({line.text, ++*count_}); }

 private:
  sw::ValueState<std::int64_t> count_;
};

int main(int argc, char** argv) {
  sw::Job job{"small_job"};
  job.source("lines", sw::stdin_lines())
      .filter("no blank lines", [](const sw::Line& line) { return !line.text.empty(); })
      .key_by(&sw::Line::text, {.parallelism = 2})
      .apply("counter", LineCounter{})
      .sink("print", sw::print_json());
  return sw::run(job, argc, argv);
}
