// Where results can go: files, devices, pipes, a terminal.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;

const std::string one_car = R"({"instance":0,"type":"car","count":1})"
                            "\n";

std::string path_of(const std::string& name) {
  const std::string path = ::testing::TempDir() + "/" + name + "." + std::to_string(::getpid());
  std::remove(path.c_str());
  return path;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ProcessResult count_into(const std::string& output, std::string_view input = "car\n",
                         const ProcessOptions& options = {}) {
  return run_program("vehicle_count", {"--input", "-", "--quiet", "--output", output}, input, options);
}

TEST(OutputTest, MakesAFile) {
  const std::string path = path_of("made");
  const ProcessResult result = count_into(path);
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(read_whole(path), one_car);
  std::remove(path.c_str());
}

TEST(OutputTest, EmptiesAFileThatWasThere) {
  const std::string path = path_of("longer");
  std::ofstream(path) << std::string(1000, 'x');
  EXPECT_EQ(count_into(path).exit_code, 0);
  EXPECT_EQ(read_whole(path), one_car);
  EXPECT_EQ(count_into(path, "").exit_code, 0);
  EXPECT_EQ(read_whole(path), "");
  std::remove(path.c_str());
}

TEST(OutputTest, KeepsAFileThatWasThereWhenTheCommandLineIsWrong) {
  const std::string path = path_of("precious");
  std::ofstream(path) << "precious";
  EXPECT_EQ(run_program("vehicle_count", {"--output", path, "--nonsense"}).exit_code, 2);
  EXPECT_EQ(run_program("vehicle_count", {"--output", path, "--explain"}).exit_code, 0);
  EXPECT_EQ(read_whole(path), "precious");
  std::remove(path.c_str());
}

TEST(OutputTest, AllInstancesWriteWholeLinesToOneFile) {
  SeededRandom random(20241);
  const std::vector<std::string> vehicles = random_vehicles(random, 100'000);
  const std::string path = path_of("shared");
  const ProcessResult result = run_program(
      "stream_fork", {"--input", "-", "--parallelism", "4", "--workers", "3", "--output", path}, as_lines(vehicles));
  ASSERT_EQ(result.exit_code, 0) << describe(result);
  const auto results = results_of({0, 0, read_whole(path), ""});
  EXPECT_EQ(results.size(), 2 * vehicles.size());
  EXPECT_EQ(summed_last_counts(results, "booth/shuffle grouping"), totals_of(vehicles));
  std::remove(path.c_str());
}

TEST(OutputTest, DevNullTakesEverything) { EXPECT_EQ(count_into("/dev/null").exit_code, 0); }

TEST(OutputTest, DevStdoutIsStandardOutput) {
  const ProcessResult result = count_into("/dev/stdout");
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(result.output, one_car);
}

TEST(OutputTest, FullDeviceIsNamed) {
  for (const char* program : {"vehicle_count", "stream_fork"}) {
    const ProcessResult result = run_program(program, {"--input", "-", "--output", "/dev/full"}, "car\n");
    EXPECT_EQ(result.exit_code, 1) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("/dev/full"));
  }
}

TEST(OutputTest, FullStandardOutputIsAFailure) {
  const ProcessResult result = count_into("-", "car\n", {.output_path = "/dev/full"});
  EXPECT_EQ(result.exit_code, 1) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("standard output"));
}

TEST(OutputTest, ClosedStandardOutputIsAFailure) {
  const std::string in = path_of("vehicles");
  std::ofstream(in) << "car\n";
  for (const std::vector<int>& closed : {std::vector<int>{STDOUT_FILENO}, {STDIN_FILENO, STDOUT_FILENO}}) {
    const ProcessResult result =
        run_program("vehicle_count", {"--input", "file:" + in, "--output", "-"}, {}, {.closed_descriptors = closed});
    EXPECT_EQ(result.exit_code, 1) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("standard output"));
  }
  const ProcessResult plan = run_program("vehicle_count", {"--explain"}, {}, {.closed_descriptors = {STDOUT_FILENO}});
  EXPECT_EQ(plan.exit_code, 1) << describe(plan);
  EXPECT_THAT(plan.errors, HasSubstr("standard output"));
  std::remove(in.c_str());
}

TEST(OutputTest, ClosedStandardInputIsAFailure) {
  const ProcessResult result =
      run_program("vehicle_count", {"--input", "-", "--restarts", "0"}, {}, {.closed_descriptors = {STDIN_FILENO}});
  EXPECT_EQ(result.exit_code, 1) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("standard input"));
}

TEST(OutputTest, AClosedStandardErrorIsNoOtherFile) {
  const std::string path = path_of("without_errors");
  const ProcessResult result = run_program("vehicle_count", {"--input", "-", "--output", path}, "car\n",
                                           {.closed_descriptors = {STDERR_FILENO}});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(read_whole(path), one_car);
  std::remove(path.c_str());
}

TEST(OutputTest, NamedPipe) {
  const std::string path = path_of("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = read_whole(path); });
  const ProcessResult result = count_into(path, as_lines(std::vector<std::string>(50'000, "car")));
  reader.join();
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(summed_last_counts(results_of({0, 0, received, ""})), (Totals{{"car", 50'000}}));
  std::remove(path.c_str());
}

TEST(OutputTest, NamedPipeAsInput) {
  const std::string path = path_of("input_pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path) << "car\nbus\n"; });
  const ProcessResult result = run_program("vehicle_count", {"--input", "file:" + path});
  writer.join();
  EXPECT_EQ(summed_last_counts(results_of(result)), (Totals{{"bus", 1}, {"car", 1}}));
  std::remove(path.c_str());
}

// --- a terminal: as the book prints ---

ProcessResult run_in_terminal(const std::string& program, std::vector<std::string> arguments,
                              const std::string& input) {
  arguments.insert(arguments.begin(), program_path(program));
  Process process(arguments, {.output = ProcessOptions::Output::terminal});
  process.write(input);
  return process.wait();
}

TEST(TerminalTest, PrintsAsTheBookDoes) {
  Process process({program_path("vehicle_count"), "--input", "-"}, {.output = ProcessOptions::Output::terminal});
  process.write("truck\n");
  process.wait_for_output("VehicleCounter --> \n  truck: 1\n");
  process.write("car\n");
  process.wait_for_output("car: 1\n  truck: 1\n");
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.output,
            "\nSensorReader --> truck\n"
            "VehicleCounter --> \n  truck: 1\n"
            "\nSensorReader --> car\n"
            "VehicleCounter --> \n  car: 1\n  truck: 1\n");
}

TEST(TerminalTest, TellsTheInstanceWhereThereAreSeveral) {
  const ProcessResult ended = run_in_terminal("vehicle_count", {"--input", "-", "--parallelism", "2"}, "car\ncar\n");
  EXPECT_THAT(ended.output, HasSubstr("SensorReader :: instance 0 --> car\n"));
  EXPECT_THAT(ended.output, HasSubstr("VehicleCounter :: instance 0 --> \n  car: 2\n"));
}

TEST(TerminalTest, BothBoothsSpeak) {
  for (const char* program : {"stream_fork", "stream_split"}) {
    const ProcessResult ended = run_in_terminal(program, {"--input", "-"}, "car\n");
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_THAT(ended.output, HasSubstr("bridge (bridge) :: instance 0 --> car\n"));
    EXPECT_THAT(ended.output, HasSubstr("toll booth (booth/shuffle grouping) :: instance 0 --> \n  car: 1\n"));
    EXPECT_THAT(ended.output, HasSubstr("toll booth (booth clone/fields grouping) :: instance "));
  }
}

TEST(TerminalTest, BothBridgesSpeak) {
  const ProcessResult ended = run_in_terminal("stream_merge", {"--input", "-", "--input2", "file:/dev/null"}, "car\n");
  EXPECT_THAT(ended.output, HasSubstr("bridge (bridge1) :: instance 0 --> car\n"));
  EXPECT_THAT(ended.output, HasSubstr("toll booth (booth) :: instance "));
}

TEST(TerminalTest, FileOutputIsJsonAlsoInATerminal) {
  const std::string path = path_of("from_terminal");
  const ProcessResult ended = run_in_terminal("vehicle_count", {"--input", "-", "--output", path}, "car\n");
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(read_whole(path), one_car);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace streamwork::testkit
