// A job to be watched by the tests of the console: two regroupings, state by key, windows, late and bad events, a sink that
// can be slow, and experiments.
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <streamwork/streamwork.hpp>
#include <thread>

namespace {

namespace sw = streamwork;
using namespace std::chrono_literals;

struct Ticket {
  std::int64_t number = 0;
  std::int64_t customer = 0;
  sw::EventTime time{};
};

struct Spending {
  std::int64_t customer = 0;
  std::int64_t tickets = 0;
};

/// Every hundredth ticket is bad, every fiftieth half a minute late.
Ticket ticket(std::uint64_t i) {
  const auto number = static_cast<std::int64_t>(i);
  const auto late = i % 50 == 49 ? 30s : 0s;
  return {number, number % 1000, sw::EventTime(1'700'000'000s) + number * 1ms - late};
}

/// What the experiments do.
struct Faults {
  std::atomic<std::int64_t> nap_us = 0;
  std::atomic<bool> crash = false;
};

class TicketCounter {
 public:
  explicit TicketCounter(std::shared_ptr<Faults> faults) : faults_(std::move(faults)) {}
  void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("tickets"); }
  void apply(const Ticket& ticket, sw::Output<Spending>& out) {
    if (faults_->crash && faults_->crash.exchange(false)) throw std::runtime_error("crashed as asked");
    out.emit({ticket.customer, ++*count_});
  }

 private:
  std::shared_ptr<Faults> faults_;
  sw::ValueState<std::int64_t> count_;
};

class SlowBoard {
 public:
  explicit SlowBoard(std::shared_ptr<Faults> faults) : faults_(std::move(faults)) {}
  template <class Window>
  void write(const Window&) {
    if (faults_->nap_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(faults_->nap_us));
  }

 private:
  std::shared_ptr<Faults> faults_;
};

void offer_experiments(sw::Job& job, const std::shared_ptr<Faults>& faults) {
  job.experiment({.name = "slow the board",
                  .description = "It takes 20 ms for each window.",
                  .watch = "'board' is named as the bottleneck.",
                  .begin = [faults] { faults->nap_us = 20'000; },
                  .end = [faults] { faults->nap_us = 0; }});
  job.experiment(
      {.name = "crash", .description = "'ticket counter' throws.", .watch = "The job begins again.", .begin = [faults] {
         faults->crash = true;
       }});
}

}  // namespace

int main(int argc, char** argv) {
  sw::CommandLine command_line("watched_job", "A job for the tests of the console.");
  std::int64_t nap_us = 0;
  double tickets = 20'000;
  std::int64_t count = 0;
  command_line.option("--nap", nap_us, "Microseconds that the sink sleeps for each window", 0, 1'000'000);
  command_line.option("--tickets", tickets, "Tickets a second; 0: as fast as possible");
  command_line.option("--count", count, "Tickets in all; 0: without end", 0, 1'000'000'000'000);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  sw::Job job{"watched \"job\""};
  const auto faults = std::make_shared<Faults>();
  faults->nap_us = nap_us;
  offer_experiments(job, faults);
  sw::GenerateOptions options;
  if (tickets > 0) options.rate = tickets;
  if (count > 0) options.count = static_cast<std::uint64_t>(count);
  const sw::Stream<Ticket> all = job.source("ticket office", sw::generate<Ticket>(ticket, options), {.parallelism = 2})
                                     .map("check",
                                          [](const Ticket& sold) {
                                            if (sold.number % 100 == 50) throw sw::BadEvent("this ticket is forged");
                                            return sold;
                                          },
                                          {.bad_events = sw::skip_bad_events()})
                                     .event_time(&Ticket::time, sw::bounded_out_of_order(1s), {.name = "time of sale"});
  all.key_by(&Ticket::customer, {.parallelism = 2})
      .apply("ticket counter", TicketCounter(faults))
      .filter("every hundredth", [](const Spending& spent) { return spent.tickets % 100 == 0; })
      .sink("regular customers", sw::discard());
  all.key_by(&Ticket::customer, {.parallelism = 2})
      .window(sw::tumbling(1s))
      .aggregate("sales", sw::count())
      .global()
      .sink("board", SlowBoard(faults));
  return sw::run(job, command_line);
}
