// A job as a program: exit codes, what is printed where, and signals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <ranges>
#include <streamwork/command_line.hpp>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/console.hpp>
#include <streamwork/run.hpp>
#include <thread>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

struct Ended {
  int exit_code = -1;
  std::string out;
  std::string error;
};

int run_with(const Job& job, std::vector<std::string> arguments) {
  // Of an option given twice the last one counts: a test may open a console all the same.
  arguments.insert(arguments.begin(), {"program", "--console", "off"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return run(job, static_cast<int>(argv.size()), argv.data());
}

Ended run_captured(const Job& job, const std::vector<std::string>& arguments = {}) {
  Ended ended;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  ended.exit_code = run_with(job, arguments);
  ended.out = testing::internal::GetCapturedStdout();
  ended.error = testing::internal::GetCapturedStderr();
  return ended;
}

int same(int number) { return number; }
auto numbers() { return from_vector(std::vector<int>{1, 2, 3}); }
auto endless_numbers(double rate = 10'000) {
  return generate<int>([](std::uint64_t i) { return static_cast<int>(i); }, {.rate = rate});
}

/// Sends the process a signal when the first event arrives, and again while more do, with pauses: what comes at the same
/// time is one wish to stop.
class SignalsWhenEventsArrive {
 public:
  SignalsWhenEventsArrive(int signal, int times, std::chrono::milliseconds pause = 100ms)
      : signal_(signal), left_(times), pause_(pause) {}
  void write(const int&) {
    const auto now = std::chrono::steady_clock::now();
    if (left_ == 0 || now < next_) return;
    --left_;
    next_ = now + pause_;
    ::kill(::getpid(), signal_);
  }

 private:
  int signal_;
  int left_;
  std::chrono::milliseconds pause_;
  std::chrono::steady_clock::time_point next_{};
};

TEST(Run, SaysWhereItsConsoleIs) {
  Job job("watched");
  job.source("numbers", numbers()).sink("discard", discard());
  const Console taken({.address = "127.0.0.1:0"});
  const std::string port = std::to_string(taken.port());
  Ended ended = run_captured(job, {"--console", port});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.error, AllOf(HasSubstr("port " + port + " of 127.0.0.1 is taken"), Not(HasSubstr("watched, "))));

  CommandLine command_line("watched", "");
  command_line.set_default_console(ConsoleOptions{.address = "127.0.0.1:" + port, .next_free_port = true});
  const char* const argv[] = {"watched"};
  ASSERT_EQ(command_line.parse(1, argv), std::nullopt);
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(job, command_line), 0);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(StartsWith("console: http://127.0.0.1:"), HasSubstr(", since port " + port + " is taken\n")));
}

TEST(Run, EndsWithTheSourcesAndPrintsASummary) {
  Job job("doubles");
  Collected<int> collected;
  job.source("numbers", numbers()).map("double", [](int i) { return 2 * i; }).sink("collect", collect(collected));
  const Ended ended = run_captured(job, {"--workers", "2"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(collected.snapshot(), testing::ElementsAre(2, 4, 6));
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.error, AllOf(StartsWith("doubles, "), HasSubstr("\nvertex   instances  in  out  failed\n"),
                                 EndsWith("collect          1   3    -       0\n")));
}

TEST(Run, PrintsNothingIfQuiet) {
  Job job("quiet");
  job.source("numbers", numbers()).sink("print", discard());
  const Ended ended = run_captured(job, {"--quiet"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out + ended.error, IsEmpty());
}

TEST(Run, CanRunAJobAgain) {
  Job job("again");
  Collected<int> collected;
  job.source("numbers", numbers()).sink("collect", collect(collected));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run_captured(job).exit_code, 0);
  EXPECT_EQ(collected.size(), 9U);
}

TEST(Run, TakesACommandLineOfTheProgramsOwn) {
  Job job("own options");
  job.source("numbers", numbers()).sink("print", discard());
  CommandLine command_line("own_options", "");
  bool fast = false;
  command_line.flag("--fast", fast, "Hurry");
  const char* arguments[] = {"own_options", "--fast", "--quiet"};
  ASSERT_EQ(command_line.parse(3, arguments), std::nullopt);
  EXPECT_EQ(run(job, command_line), 0);
  EXPECT_TRUE(fast);
}

TEST(Run, ReturnsTwoForAMistakeOnTheCommandLine) {
  Job job("vehicle_count");
  job.source("numbers", numbers()).sink("print", discard());
  const Ended ended = run_captured(job, {"--workers", "many"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.error, StartsWith("vehicle_count: --workers 'many': expected a whole number from 1 to 1024\n"));
}

TEST(Run, ReturnsZeroForHelp) {
  const Ended ended = run_captured(Job("empty"), {"--help"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out, HasSubstr("--workers"));
  EXPECT_THAT(ended.error, IsEmpty());
}

TEST(Run, ExplainsWithoutRunning) {
  Job job("explained");
  Collected<int> collected;
  job.source("numbers", numbers()).sink("collect", collect(collected));
  for (const auto& [format, start] :
       {std::pair("text", "job 'explained': 1 chain"), std::pair("json", "{\"job\":\"explained\""),
        std::pair("dot", "digraph \"explained\" {")}) {
    const Ended ended = run_captured(job, {std::string("--explain=") + format});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.out, StartsWith(start));
    EXPECT_THAT(ended.error, IsEmpty());
  }
  EXPECT_EQ(collected.size(), 0U);
}

TEST(Run, ReturnsOneForAGraphThatCannotRun) {
  Job job("dangling");
  job.source("numbers", numbers());
  for (const char* argument : {"--quiet", "--explain"}) {
    const Ended ended = run_captured(job, {argument});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_THAT(ended.error,
                AllOf(StartsWith("failed: the job's graph cannot run:\n"), HasSubstr("the stream behind 'numbers'")));
  }
}

/// A source whose file is not there, or that is asked for its splits just when a signal comes.
class SourceWithTrouble : public VectorSource<int> {
 public:
  explicit SourceWithTrouble(std::function<void()> trouble)
      : VectorSource<int>({1, 2, 3}), trouble_(std::move(trouble)) {}
  std::vector<Split> splits(const SplitRequest& request) const {
    trouble_();
    return VectorSource<int>::splits(request);
  }

 private:
  std::function<void()> trouble_;
};

TEST(Run, ReturnsOneForASourceThatCannotBeOpened) {
  Job job("missing");
  job.source("numbers", SourceWithTrouble([] { throw std::runtime_error("cannot open 'numbers.txt': no such file"); }))
      .sink("print", discard());
  const Ended ended = run_captured(job);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.error, "failed: vertex 'numbers', instance 0: cannot open 'numbers.txt': no such file\n");
}

TEST(Run, ReturnsOneForAFailureAndNamesVertexAndInstance) {
  Job job("failing");
  job.source("numbers", numbers())
      .map("check",
           [](int i) -> int {
             if (i == 2) throw std::runtime_error("two is too many");
             return i;
           })
      .sink("print", discard());
  const Ended quiet = run_captured(job, {"--quiet"});
  EXPECT_EQ(quiet.exit_code, 1);
  EXPECT_EQ(quiet.error, "failed: vertex 'check', instance 0: two is too many\n");
  const Ended told = run_captured(job);
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_THAT(told.error,
              AllOf(StartsWith("failing, "), EndsWith("\nfailed: vertex 'check', instance 0: two is too many\n")));
}

TEST(Run, DrainsAfterSomeSeconds) {
  Job job("timed");
  Collected<int> collected;
  job.source("numbers", endless_numbers()).sink("collect", collect(collected));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run_captured(job, {"--seconds", "0.2"}).exit_code, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 200ms);
  EXPECT_GT(collected.size(), 0U);
}

TEST(Run, PrintsAStatusLineEverySecond) {
  Job job("told");
  job.source("numbers", endless_numbers()).sink("print", discard());
  const Ended ended = run_captured(job, {"--status", "--seconds", "2.2", "--quiet"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.error, StartsWith("   1 s  in "));
  EXPECT_EQ(std::ranges::count(ended.error, '\n'), 2);
  EXPECT_THAT(ended.error, HasSubstr("no bottleneck: the job keeps up (busiest: 'numbers', "));
}

TEST(Run, DrainsOnASignalAndLosesNothing) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Job job("drained");
    std::atomic<int> given{0};
    std::atomic<int> taken{0};
    auto all = job.source("numbers", generate<int>([&given](std::uint64_t i) {
                            ++given;
                            return static_cast<int>(i);
                          }));
    all.sink("stop", SignalsWhenEventsArrive(signal, 1));
    all.key_by(same, {.parallelism = 3}).sink("count", for_each([&taken](int) { ++taken; }));
    const Ended ended = run_captured(job, {"--workers", "2"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(given, taken);
    EXPECT_GT(taken, 0);
    EXPECT_THAT(ended.error,
                StartsWith("stopping: sources are stopped, what is in flight comes out; another signal cancels\n"));
    EXPECT_THAT(ended.error, HasSubstr("drained, "));
  }
}

TEST(Run, CancelsOnASecondSignal) {
  Job job("cancelled");
  // One event becomes endlessly many: draining would take for ever.
  job.source("numbers", numbers())
      .flat_map("repeat", [](int) { return std::views::iota(0); })
      .forward()
      .sink("stop", SignalsWhenEventsArrive(SIGINT, 2));
  const Ended ended = run_captured(job);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.error, EndsWith("\ncancelled: what was in flight is lost\n"));
  EXPECT_EQ(run_captured(job, {"--quiet", "--seconds", "0"}).error, "cancelled: what was in flight is lost\n");
}

TEST(Run, TakesSignalsThatComeTogetherForOne) {
  Job job("together");
  job.source("numbers", endless_numbers())
      .flat_map("repeat", [](int) { return std::views::iota(0, 1000); })
      .sink("stop", SignalsWhenEventsArrive(SIGINT, 3, 1ms));
  EXPECT_EQ(run_captured(job).exit_code, 0);
}

TEST(Run, HeedsASignalThatComesWhileTheJobIsStarted) {
  Job job("early");
  job.source("trouble", SourceWithTrouble([] { ::kill(::getpid(), SIGTERM); })).sink("print", discard());
  job.source("numbers", endless_numbers()).sink("drop", discard());
  EXPECT_EQ(run_captured(job).exit_code, 0);
}

struct sigaction disposition_of(int signal) {
  struct sigaction disposition = {};
  ::sigaction(signal, nullptr, &disposition);
  return disposition;
}

void own_handler(int) {}
void other_handler(int) {}

TEST(Run, RestoresTheDispositionsOfSignals) {
  ::signal(SIGINT, own_handler);
  ::signal(SIGPIPE, own_handler);
  Job job("polite");
  std::atomic<bool> pipe_ignored{false};
  job.source("numbers", numbers()).sink("look", for_each([&](int) {
                                          pipe_ignored = disposition_of(SIGPIPE).sa_handler == SIG_IGN &&
                                                         disposition_of(SIGINT).sa_handler != own_handler;
                                        }));
  run_captured(job);
  EXPECT_TRUE(pipe_ignored);
  EXPECT_EQ(disposition_of(SIGINT).sa_handler, own_handler);
  EXPECT_EQ(disposition_of(SIGPIPE).sa_handler, own_handler);
  EXPECT_EQ(disposition_of(SIGTERM).sa_handler, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGPIPE, SIG_DFL);
}

TEST(Run, LeavesAHandlerThatTheProgramHasSetMeanwhile) {
  Job job("polite");
  job.source("numbers", numbers()).sink("set", for_each([](int) { ::signal(SIGTERM, other_handler); }));
  run_captured(job);
  EXPECT_EQ(disposition_of(SIGTERM).sa_handler, other_handler);
  ::signal(SIGTERM, SIG_DFL);
}

TEST(Run, RunsSeveralJobsInOneProcessThatAllHearASignal) {
  std::vector<Job> jobs;
  std::atomic<int> running{0};
  for (int i = 0; i < 4; ++i) {
    Job& job = jobs.emplace_back("job " + std::to_string(i));
    job.source("numbers", endless_numbers(1000)).sink("count", for_each([&running, first = true](int) mutable {
                                                        if (std::exchange(first, false) && ++running == 4)
                                                          ::kill(::getpid(), SIGTERM);
                                                      }));
  }
  std::vector<int> exit_codes(jobs.size(), -1);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    threads.emplace_back([&, i] { exit_codes[i] = run_with(jobs[i], {"--quiet"}); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(exit_codes, testing::Each(0));
  EXPECT_EQ(disposition_of(SIGTERM).sa_handler, SIG_DFL);
}

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator descriptors("/proc/self/fd");
  return std::distance(begin(descriptors), end(descriptors));
}

TEST(Run, LeavesNoDescriptorsOpen) {
  Job job("tidy");
  job.source("numbers", numbers()).sink("print", discard());
  run_captured(job);
  const std::ptrdiff_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(run_with(job, {"--quiet"}), 0);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace streamwork
