// Not one vehicle is lost or counted twice: whatever the input, the grouping, the instances and the workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "kit/tcp_server.hpp"
#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;

double test_scale() {
  const char* scale = std::getenv("STREAMWORK_TEST_SCALE");
  return scale == nullptr ? 1 : std::strtod(scale, nullptr);
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = ::testing::TempDir() + "/" + name + "." + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// How a job is run.
struct Layout {
  std::int64_t source_parallelism = 1;
  std::int64_t parallelism = 1;
  std::int64_t workers = 1;
  std::string grouping = "fields";

  std::vector<std::string> arguments() const {
    return {"--source-parallelism",
            std::to_string(source_parallelism),
            "--parallelism",
            std::to_string(parallelism),
            "--workers",
            std::to_string(workers),
            "--grouping",
            grouping};
  }
  std::string text() const {
    std::string joined;
    for (const std::string& argument : arguments()) joined += argument + " ";
    return joined;
  }
};

Layout random_layout(SeededRandom& random) {
  return {static_cast<std::int64_t>(1 + random.below(3)), static_cast<std::int64_t>(1 + random.below(5)),
          static_cast<std::int64_t>(1 + random.below(3)), random.one_in(2) ? "fields" : "shuffle"};
}

std::vector<std::string> with_input(const Layout& layout, const std::string& input) {
  std::vector<std::string> arguments = layout.arguments();
  arguments.insert(arguments.end(), {"--input", input});
  return arguments;
}

void expect_totals(const ProcessResult& ended, const Totals& expected, const Layout& layout) {
  ASSERT_EQ(ended.exit_code, 0) << layout.text() << ended.errors;
  const std::vector<RoadResult> results = results_of(ended);
  EXPECT_EQ(summed_last_counts(results), expected) << layout.text();
  if (layout.grouping == "fields") {
    EXPECT_TRUE(each_type_has_one_instance(results)) << layout.text();
  }
}

/// Sends each server's vehicles to the program that has just been started, all at the same time.
void serve(std::vector<TcpServer>& servers, const std::vector<std::vector<std::string>>& vehicles) {
  std::vector<std::thread> senders;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    senders.emplace_back([&, i] {
      TcpConnection connection = servers[i].accept();
      connection.send(as_lines(vehicles[i]));
      connection.close();
    });
  }
  for (std::thread& sender : senders) sender.join();
}

TEST(VehicleCountTest, CountsAreTotalsInAnyLayoutFromAFile) {
  SeededRandom random(20231);
  SCOPED_TRACE(random.trace());
  const int rounds = static_cast<int>(40 * test_scale()) + 3;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<std::string> vehicles = random_vehicles(random, random.below(random.one_in(4) ? 200'000 : 2'000));
    const Layout layout = random_layout(random);
    const std::string path = write_file("vehicles", as_lines(vehicles));
    expect_totals(run_program("vehicle_count", with_input(layout, "file:" + path)), totals_of(vehicles), layout);
    std::remove(path.c_str());
  }
}

TEST(VehicleCountTest, CountsAreTotalsInAnyLayoutFromStandardInput) {
  SeededRandom random(20232);
  SCOPED_TRACE(random.trace());
  const int rounds = static_cast<int>(40 * test_scale()) + 3;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<std::string> vehicles = random_vehicles(random, random.below(20'000));
    const Layout layout = random_layout(random);
    expect_totals(run_program("vehicle_count", with_input(layout, "-"), as_lines(vehicles)), totals_of(vehicles),
                  layout);
  }
}

TEST(VehicleCountTest, EverySourceInstanceReadsAPortOfItsOwn) {
  SeededRandom random(20233);
  SCOPED_TRACE(random.trace());
  const int rounds = static_cast<int>(40 * test_scale()) + 3;
  for (int round = 0; round < rounds; ++round) {
    const Layout layout = random_layout(random);
    std::vector<TcpServer> servers = consecutive_servers(static_cast<std::size_t>(layout.source_parallelism));
    std::vector<std::vector<std::string>> vehicles;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < servers.size(); ++i) {
      vehicles.push_back(random_vehicles(random, random.below(20'000)));
      all.insert(all.end(), vehicles.back().begin(), vehicles.back().end());
    }
    std::vector<std::string> command = with_input(layout, servers.front().address("tcp:"));
    command.insert(command.begin(), program_path("vehicle_count"));
    Process process(command);
    serve(servers, vehicles);
    expect_totals(process.wait(), totals_of(all), layout);
  }
}

TEST(VehicleCountTest, FileStandardInputAndTcpGiveTheSameResults) {
  SeededRandom random(20234);
  const std::vector<std::string> vehicles = random_vehicles(random, 5'000);
  const std::string path = write_file("same", as_lines(vehicles));
  const std::string from_file = run_program("vehicle_count", {"--input", "file:" + path}).output;
  const std::string from_stdin = run_program("vehicle_count", {"--input", "-"}, as_lines(vehicles)).output;
  const std::string from_redirection = run_program("vehicle_count", {"--input", "-"}, {}, {.input_path = path}).output;
  std::vector<TcpServer> servers = consecutive_servers(1);
  Process process({program_path("vehicle_count"), "--input", servers.front().address("tcp:")});
  serve(servers, {vehicles});
  const std::string from_tcp = process.wait().output;
  EXPECT_EQ(std::ranges::count(from_file, '\n'), 5'000);
  EXPECT_EQ(from_file, from_stdin);
  EXPECT_EQ(from_file, from_redirection);
  EXPECT_EQ(from_file, from_tcp);
  std::remove(path.c_str());
}

TEST(VehicleCountTest, ResultsComeWhileTheInputGoesOn) {
  Process process({program_path("vehicle_count"), "--input", "-"});
  process.write("car\n");
  process.wait_for_output(R"({"instance":0,"type":"car","count":1})");
  process.write("car\n");
  process.wait_for_output(R"({"instance":0,"type":"car","count":2})");
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST(VehicleCountTest, EmptyInputIsNoMistake) {
  for (const char* grouping : {"fields", "shuffle"}) {
    const ProcessResult result =
        run_program("vehicle_count", {"--input", "-", "--grouping", grouping, "--parallelism", "3"});
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_EQ(result.output, "");
  }
}

TEST(VehicleCountTest, ShuffleSpreadsOneTypeOverAllInstances) {
  const ProcessResult result =
      run_program("vehicle_count", {"--input", "-", "--grouping", "shuffle", "--parallelism", "4"},
                  as_lines(std::vector<std::string>(400, "car")));
  std::map<std::int64_t, std::int64_t> last;
  for (const RoadResult& counted : results_of(result)) last[counted.instance] = counted.count;
  EXPECT_EQ(last, (std::map<std::int64_t, std::int64_t>{{0, 100}, {1, 100}, {2, 100}, {3, 100}}));
}

TEST(VehicleCountTest, SummaryGoesToStandardErrorUnlessQuiet) {
  EXPECT_THAT(run_program("vehicle_count", {"--input", "-"}, "car\n").errors, HasSubstr("vehicle counter"));
  EXPECT_EQ(run_program("vehicle_count", {"--input", "-", "--quiet"}, "car\n").errors, "");
}

// --- the toll booths ---

TEST(TollBoothTest, ForkSplitAndMergeLoseNothingInAnyLayout) {
  SeededRandom random(20235);
  SCOPED_TRACE(random.trace());
  const int rounds = static_cast<int>(15 * test_scale()) + 2;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<std::string> vehicles = random_vehicles(random, random.below(5'000));
    const std::vector<std::string> others = random_vehicles(random, random.below(5'000));
    const Layout layout = random_layout(random);
    const std::string path = write_file("others", as_lines(others));
    const std::string shuffled = "booth/shuffle grouping";
    const std::string chosen = "booth clone/" + layout.grouping + " grouping";

    const auto fork = results_of(run_program("stream_fork", with_input(layout, "-"), as_lines(vehicles)));
    EXPECT_EQ(summed_last_counts(fork, shuffled), totals_of(vehicles)) << layout.text();
    EXPECT_EQ(summed_last_counts(fork, chosen), totals_of(vehicles)) << layout.text();
    EXPECT_TRUE(layout.grouping != "fields" || each_type_has_one_instance(fork, chosen)) << layout.text();

    const auto split = results_of(run_program("stream_split", with_input(layout, "-"), as_lines(vehicles)));
    EXPECT_EQ(summed_last_counts(split, shuffled), totals_of(vehicles)) << layout.text();
    EXPECT_EQ(summed_last_counts(split, chosen), totals_of(vehicles, " clone")) << layout.text();
    EXPECT_TRUE(layout.grouping != "fields" || each_type_has_one_instance(split, chosen)) << layout.text();

    std::vector<std::string> arguments = with_input(layout, "-");
    arguments.insert(arguments.end(), {"--input2", "file:" + path});
    const auto merge = results_of(run_program("stream_merge", arguments, as_lines(vehicles)));
    Totals expected = totals_of(vehicles);
    expected.merge(totals_of(others, " clone"));
    EXPECT_EQ(summed_last_counts(merge, "booth"), expected) << layout.text();
    EXPECT_TRUE(layout.grouping != "fields" || each_type_has_one_instance(merge, "booth")) << layout.text();
    std::remove(path.c_str());
  }
}

TEST(TollBoothTest, MergeReadsTwoPorts) {
  std::vector<TcpServer> servers = consecutive_servers(2);
  Process process(
      {program_path("stream_merge"), "--input", servers[0].address("tcp:"), "--input2", servers[1].address("tcp:")});
  serve(servers, {{"car", "car"}, {"car", "bus"}});
  EXPECT_EQ(summed_last_counts(results_of(process.wait()), "booth"),
            (Totals{{"car", 2}, {"car clone", 1}, {"bus clone", 1}}));
}

}  // namespace
}  // namespace streamwork::testkit
