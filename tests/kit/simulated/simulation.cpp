#include "kit/simulated/simulation.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <random>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <utility>

#include "kit/simulated/faults.hpp"

namespace streamwork::testkit {

namespace {

using testing::MemoryFileSystem;

/// The first lines that are only in one of two sorted lists.
std::string difference(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
  std::vector<std::string> more, missing;
  std::ranges::set_difference(got, expected, std::back_inserter(more));
  std::ranges::set_difference(expected, got, std::back_inserter(missing));
  std::string text;
  const auto add = [&](const char* what, const std::vector<std::string>& lines) {
    text += std::string(what) + " " + std::to_string(lines.size());
    for (std::size_t i = 0; i < lines.size() && i < 4; ++i) text += "\n    " + lines[i];
    text += "\n  ";
  };
  add("too many:", more);
  add("missing:", missing);
  return text;
}

/// One schedule: what stands outside of the job, through all its starts.
class Schedule {
 public:
  Schedule(const Scenario& scenario, std::uint64_t seed, Delivery delivery)
      : scenario_(scenario), random_(seed), delivery_(delivery) {}

  Verdict run(const std::vector<std::string>& expected) {
    const std::uint64_t disturbed = 1 + random_() % 6;
    for (std::uint64_t i = 0; i < disturbed && verdict_.violation.empty(); ++i) {
      start(FaultPlan::draw(random_));
      lose_power(*disk_, random_);
    }
    // The last one ends; once more there is nothing left to do.
    for (int i = 0; i < 2 && verdict_.violation.empty(); ++i) {
      start({});
      if (verdict_.violation.empty()) compare(expected);
      if (verdict_.violation.empty()) violate(ledgers_.complaint());
    }
    return std::move(verdict_);
  }

 private:
  void start(const FaultPlan& plan) {
    ++verdict_.starts;
    Faults faults(plan, random_());
    Variation variation(random_(), plan.failing_event);
    const Job job = scenario_.make(variation, ledgers_);
    disk_->before_each_call(
        [&](MemoryFileSystem::Call call, const std::string& path) { faults.before_file_call(call, path); });
    ledgers_.before_each_call([&] { faults.before_ledger_call(); });
    try {
      judge(testing::run(job, options(plan, faults)), plan, faults);
    } catch (const std::exception& error) {
      const bool may_be_refused = faults.any_failed() && !faults.started();
      if (!faults.crashed() && !may_be_refused) violate(std::string("exception: ") + error.what());
    }
    disk_->before_each_call(nullptr);
    ledgers_.before_each_call(nullptr);
  }

  testing::RunOptions options(const FaultPlan& plan, Faults& faults) {
    testing::RunOptions options{.seed = random_(), .clock = &clock_};
    options.suspend_after_slices = plan.suspend_after_slices;
    options.checkpoints = {.directory = "checkpoints",
                           .delivery = delivery_,
                           .interval = std::chrono::nanoseconds(0),
                           .concurrent = 1 + static_cast<int>(random_() % 3),
                           .timeout = plan.checkpoint_timeout,
                           .tolerated_failures = plan.tolerated_failures,
                           .retained = 1 + static_cast<int>(random_() % 3),
                           .file_system = disk_};
    options.crashed = [&faults] { return faults.after_step(); };
    return options;
  }

  void judge(const JobResult& result, const FaultPlan& plan, const Faults& faults) {
    if (result.end != JobEnd::failed) return;
    const bool user_code = plan.failing_event != FaultPlan::never;
    const bool impatient = plan.tolerated_failures < FaultPlan().tolerated_failures;  // time flies: any may time out
    if (user_code && result.failure.find(Variation::failure) != std::string::npos) return;
    if ((faults.crashed() || faults.any_failed() || impatient) &&
        (result.failure.starts_with("checkpoints: ") || result.failure.find("cannot use") != std::string::npos))
      return;
    violate("the job failed: " + result.failure);
  }

  void compare(const std::vector<std::string>& expected) {
    std::vector<std::string> published = ledgers_.published();
    if (delivery_ == Delivery::at_least_once) {
      const std::size_t lines = published.size();
      published.erase(std::ranges::unique(published).begin(), published.end());
      verdict_.repeated = lines - published.size();
    }
    if (published != expected) violate(difference(published, expected));
  }

  void violate(std::string what) {
    if (verdict_.violation.empty()) verdict_.violation = std::move(what);
  }

  const Scenario& scenario_;
  std::mt19937_64 random_;
  Delivery delivery_;
  testing::ManualClock clock_;
  std::shared_ptr<MemoryFileSystem> disk_ = std::make_shared<MemoryFileSystem>();
  Ledgers ledgers_;
  Verdict verdict_;
};

}  // namespace

std::vector<std::string> undisturbed(const Scenario& scenario) {
  Variation variation;
  Ledgers ledgers;
  const JobResult result = testing::run(scenario.make(variation, ledgers), {.seed = 1});
  if (result.end != JobEnd::finished) throw std::runtime_error(scenario.name + " fails undisturbed: " + result.failure);
  return ledgers.published();
}

Verdict simulate(const Scenario& scenario, const std::vector<std::string>& expected, std::uint64_t seed,
                 Delivery delivery) {
  return Schedule(scenario, seed, delivery).run(expected);
}

}  // namespace streamwork::testkit
