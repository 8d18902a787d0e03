// Readings of machines are completed with the owner of the machine, whom a service knows. The service is slow, and leaves
// some questions without an answer; the job asks many at once, and asks again.
//
//   readings  -->  look up owner  <-->  owner server (TCP)
//                       |
//                       +--->  owned readings, in the order of the readings
//                       +~~~>  readings of machines that nobody owns are skipped and counted
#include <chrono>
#include <memory>
#include <streamwork/streamwork.hpp>

#include "owner_client.hpp"
#include "owner_server.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

struct Reading {
  std::int64_t number;
  int machine;
  double temperature;
};
struct OwnedReading {
  std::int64_t number;
  int machine;
  double temperature;
  std::string owner;
};

Reading reading(std::uint64_t number) {
  const auto machine = static_cast<int>(number * 7 % 50);
  return {static_cast<std::int64_t>(number), machine, 20.0 + static_cast<double>(number % 100) / 10};
}

/// The function of `async_map`: each instance has a client of its own.
class OwnerLookup {
 public:
  explicit OwnerLookup(std::uint16_t port) : port_(port) {}

  void open(sw::AsyncContext&) { client_ = std::make_shared<OwnerClient>(port_); }
  void operator()(const Reading& reading, const sw::Reply<OwnedReading>& reply) {
    client_->ask(reading.machine, [reading, reply](const std::optional<std::string>& owner) {
      if (!owner) return reply.refuse("nobody owns machine " + std::to_string(reading.machine));
      reply.send({reading.number, reading.machine, reading.temperature, *owner});
    });
  }
  void close() { client_.reset(); }

 private:
  std::uint16_t port_;
  std::shared_ptr<OwnerClient> client_;
};

}  // namespace

int main(int argc, char** argv) {
  std::int64_t readings = 2000;
  std::int64_t in_flight = 100;
  std::int64_t unanswered = 10;
  sw::Duration delay = 5ms;
  std::string order = "ordered";
  sw::CommandLine command_line("async_lookup", "Completes readings with what a slow service knows.");
  command_line.option("--readings", readings, "number of readings", 1, 1'000'000'000);
  command_line.option("--in-flight", in_flight, "questions that may be open at once", 1, 10'000);
  command_line.option("--unanswered", unanswered, "of 100 questions, those the server leaves without an answer", 0, 90);
  command_line.option("--delay", delay, "time the server takes for an answer, on average");
  command_line.choice("--order", order, "of the results", {"ordered", "unordered"});
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  const OwnerServer server({delay, static_cast<int>(unanswered)});
  sw::Job job{"async_lookup"};
  job.source("readings", sw::generate<Reading>(reading, {.count = static_cast<std::uint64_t>(readings)}))
      .async_map("look up owner", OwnerLookup(server.port()),
                 {.in_flight = static_cast<std::uint32_t>(in_flight),
                  .order = order == "ordered" ? sw::AsyncOrder::ordered : sw::AsyncOrder::unordered,
                  .timeout = 4 * delay + 50ms,
                  .attempts = 100,
                  .backoff = {.first = 5ms, .longest = 50ms},
                  .bad_events = sw::skip_bad_events()})
      .sink("print", sw::print_json());
  return sw::run(job, command_line);
}
