// Whole jobs with state of every kind that crash, go on at another parallelism, and as another version of the program.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <streamwork/connect.hpp>
#include <streamwork/event_time.hpp>
#include <streamwork/file_system.hpp>
#include <streamwork/job.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/jobs.hpp"
#include "kit/ledger.hpp"
#include "kit/scale.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;

struct Row {
  std::string what;
  std::int64_t number = 0;
  std::int64_t more = 0;
  friend auto operator<=>(const Row&, const Row&) = default;
};
std::vector<Row> sorted(std::vector<Row> rows) {
  std::ranges::sort(rows);
  return rows;
}

struct Reading {
  std::int64_t number = 0;
  EventTime time;
};
/// Of 13 keys; each falls silent now and then for longer than its state lives.
Reading reading(std::uint64_t i) {
  return {static_cast<std::int64_t>(i * 0x9E37'79B9'7F4A'7C15ULL >> 50U),
          EventTime(std::chrono::milliseconds(static_cast<std::int64_t>(i) * 100 + (i / 100) * 20'000))};
}
std::int64_t key_of(const Reading& reading) { return reading.number % 13; }

/// What it remembers of a key in states of every kind; some of it expires by event time.
class Kinds {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::int64_t>();
    list_ = context.list_state<std::int64_t>("list");
    map_ = context.map_state<std::int64_t, std::int64_t>("map");
    sum_ = context.reducing_state<std::int64_t>("sum", std::plus<>());
    top_ = context.aggregating_state<Reading>("top", maximum(&Reading::number));
    const StateLifetime lifetime{.time_to_live = 10s, .by = StateLifetime::By::event_time};
    lately_ = context.map_state<std::int64_t, std::int64_t>("lately", lifetime);
    last_ = context.value_state<std::int64_t>("last", lifetime, -1);
  }
  void apply(const Reading& reading, Output<Row>& out) {
    list_.add(reading.number);
    if (list_.size() > 5) list_.clear();
    map_[reading.number % 3] += reading.number;
    sum_.add(reading.number);
    top_.add(reading);
    ++lately_[reading.number % 4];
    out.emit({"last", last_.get(), reading.number});
    *last_ = reading.number;
    for (const auto& [part, count] : lately_.entries()) out.emit({"lately", *key_ * 10 + part, count});
    for (const auto& [part, sum] : map_.entries()) out.emit({"map", *key_ * 10 + part, sum});
    for (const std::int64_t number : list_.values()) out.emit({"list", *key_, number});
    out.emit({"folded", *sum_.get(), *top_.result()});
  }

 private:
  CurrentKey<std::int64_t> key_;
  ListState<std::int64_t> list_;
  MapState<std::int64_t, std::int64_t> map_;
  ReducingState<std::int64_t> sum_;
  AggregatingState<Reading, std::int64_t> top_;
  MapState<std::int64_t, std::int64_t, Expiring> lately_;
  ValueState<std::int64_t, Expiring> last_;
};

/// Counts and keeps all it hears, of every instance, and the latest of a broadcast; tells at the end.
class Listener {
 public:
  void open(OperatorContext& context) {
    instance_ = context.instance();
    heard_ = context.operator_state<std::int64_t>("heard", 0, std::plus<>());
    kept_ = context.operator_list_state<std::int64_t>("kept");
    latest_ = context.broadcast_state<std::int64_t, std::int64_t>("latest");
  }
  void apply_left(const Reading& reading, Output<Row>&) {
    ++*heard_;
    kept_->push_back(reading.number);
  }
  void apply_right(const std::int64_t& number, Output<Row>&) { latest_.put(number % 7, number); }
  void finish(Output<Row>& out) {
    out.emit({"heard", 0, *heard_});
    for (const std::int64_t number : *kept_) out.emit({"kept", 0, number});
    if (instance_ > 0) return;
    for (const auto& [part, number] : latest_.entries()) out.emit({"latest", part, number});
  }

 private:
  std::int64_t instance_ = 0;
  OperatorState<std::int64_t> heard_;
  OperatorListState<std::int64_t> kept_;
  BroadcastState<std::int64_t, std::int64_t> latest_;
};

constexpr std::uint64_t events = 400;

Job job_of_all_kinds(int parallelism, const testkit::Ledger<Row>& keyed, const testkit::Ledger<Row>& heard) {
  Job job("kinds");
  const Stream<Reading> readings = job.source("readings", generate<Reading>(reading, {.count = events}))
                                       .event_time(&Reading::time, ascending(), {.granularity = 1ms});
  readings.key_by(&key_of, {.parallelism = parallelism}).apply("kinds", Kinds{}).sink("keyed", keyed.sink());
  const Stream<Reading> spread = readings.shuffle({.parallelism = parallelism});
  const Stream<std::int64_t> news =
      job.source("news", kit::numbers(100))
          .event_time([](std::int64_t number) { return EventTime(std::chrono::seconds(number)); }, ascending())
          .broadcast({.parallelism = parallelism});
  connect(spread, news).apply("listener", Listener{}).sink("heard", heard.sink());
  return job;
}

/// The sum of what the instances have heard in the place of the parts.
std::vector<Row> summed(const std::vector<Row>& rows) {
  std::vector<Row> others;
  Row sum{"heard", 0, 0};
  for (const Row& row : rows) {
    if (row.what == "heard") {
      sum.more += row.more;
    } else {
      others.push_back(row);
    }
  }
  others.push_back(sum);
  return sorted(std::move(others));
}

TEST(StateOfEveryKind, SurvivesCrashesAndChangesOfParallelism) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const testkit::Ledger<Row> expected_keyed;
  const testkit::Ledger<Row> expected_heard;
  ASSERT_EQ(testing::run(job_of_all_kinds(1, expected_keyed, expected_heard)).end, JobEnd::finished);
  ASSERT_NE(std::ranges::count(expected_keyed.published(), Row{"last", -1, 0},
                               [](Row row) { return Row{row.what, row.number, 0}; }),
            13)
      << "something expires";
  int crashes = 0;
  for (std::uint64_t schedule = 0; schedule < kit::scaled(40); ++schedule) {
    SCOPED_TRACE("schedule " + std::to_string(schedule));
    const testkit::Ledger<Row> keyed;
    const testkit::Ledger<Row> heard;
    const auto files = std::make_shared<testing::MemoryFileSystem>();
    for (JobEnd end = JobEnd::cancelled; end == JobEnd::cancelled; ++crashes) {
      std::uint64_t steps = 0;
      const std::uint64_t last_step = random() % 1000;
      testing::RunOptions options{.seed = random()};
      options.checkpoints = {.directory = "checkpoints", .interval = 0ns, .file_system = files};
      options.crashed = [&] { return ++steps > last_step && last_step < 800; };
      const JobResult result =
          testing::run(job_of_all_kinds(1 + static_cast<int>(random() % 4), keyed, heard), options);
      end = result.end;
      ASSERT_TRUE(end == JobEnd::cancelled || end == JobEnd::finished) << result.failure;
      files->lose_unsynced_bytes();
    }
    ASSERT_EQ(sorted(keyed.published()), sorted(expected_keyed.published()));
    ASSERT_EQ(summed(heard.published()), summed(expected_heard.published()));
  }
  EXPECT_GT(crashes, 0);
}

// --- versions of a program

/// Two runs of a job with one keyed operator, the first of which is suspended half-way.
class Versions {
 public:
  using Open = std::function<void(OperatorContext&)>;

  explicit Versions(StateBackend backend = StateBackend::memory) : backend_(backend) {
    if (backend == StateBackend::rocksdb) files_ = RealFileSystem::instance();
  }

  /// An operator called `vertex` that opens states and gives out a number for each event.
  struct Version {
    Open open_states;
    std::function<std::int64_t()> next;
    void open(OperatorContext& context) { open_states(context); }
    void apply(const std::int64_t&, Output<std::int64_t>& out) { out.emit(next()); }
  };
  Job job(const Version& version, const std::string& vertex = "accounts") const {
    Job job("versions");
    job.source("numbers", kit::numbers(2000))
        .filter("step", [](std::int64_t) { return true; },
                {.blocking = true})  // one at a time: it is suspended in their midst
        .key_by([](std::int64_t) { return std::int64_t{0}; }, {.parallelism = 1})
        .apply(vertex, version)
        .sink("results", results_.sink());
    return job;
  }
  JobResult run(const Job& job, bool suspended, bool allow_dropped_state = false) const {
    testing::RunOptions options{.seed = 5, .suspend_after_slices = suspended ? 10U : 0U};
    options.checkpoints = {.directory = backend_ == StateBackend::memory ? "checkpoints" : folder_.path("checkpoints"),
                           .allow_dropped_state = allow_dropped_state,
                           .file_system = files_};
    options.state.backend = backend_;
    return testing::run(job, options);
  }
  std::vector<std::int64_t> results() const { return results_.published(); }

 private:
  StateBackend backend_;
  testkit::TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_ = std::make_shared<testing::MemoryFileSystem>();
  testkit::Ledger<std::int64_t> results_;
};

/// A version whose state "account" is a `State`; `next(state)` is what it gives out.
template <class State, class Next>
Versions::Version version(Next next, Migrations migrations = {}) {
  const auto state = std::make_shared<ValueState<State>>();
  return {[=](OperatorContext& context) { *state = context.value_state<State>("account", {}, migrations); },
          [=] { return next(**state); }};
}

struct First {
  std::int64_t count = 0;
  std::int32_t limit = 40;
  std::string name = "first";
};
// What became of it.
struct Added {
  std::string owner = "nobody";
  std::int64_t count = 0;
  std::int32_t limit = 0;
  std::string name;
};
struct Dropped {
  std::int64_t count = 0;
};
struct Wider {
  std::int64_t count = 0;
  std::int64_t limit = 0;
};
struct Changed {
  std::int64_t count = 0;
  std::string limit;
};
struct Renamed {
  std::int64_t seen = 0;
};

Versions::Version first_version() {
  return version<First>([](First& account) { return ++account.count; });
}

/// Suspends the first version and goes on with the second. Returns why that was refused, or "" if all went well and the count
/// has gone on.
std::string failure_of(const Versions::Version& second, StateBackend backend = StateBackend::memory) {
  const Versions versions(backend);
  const JobResult suspended = versions.run(versions.job(first_version()), true);
  const std::size_t before = versions.results().size();
  EXPECT_GT(before, 0U) << suspended.failure;
  EXPECT_LT(before, 2000U) << "suspended too late";
  try {
    const JobResult result = versions.run(versions.job(second), false);
    EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  } catch (const std::exception& refusal) {
    EXPECT_EQ(versions.results().size(), before) << "it was refused, and has run";
    return refusal.what();
  }
  EXPECT_EQ(versions.results().size(), 2000U);
  EXPECT_EQ(versions.results().back(), 2000);
  return "";
}

TEST(StateOfAnotherVersion, IsReadByTheNamesOfItsFields) {
  EXPECT_EQ(failure_of(version<Added>([](Added& account) {
              EXPECT_EQ(account.owner, "nobody");
              EXPECT_EQ(account.limit, 40);
              EXPECT_EQ(account.name, "first");
              return ++account.count;
            })),
            "");
  EXPECT_EQ(failure_of(version<Dropped>([](Dropped& account) { return ++account.count; })), "");
  EXPECT_EQ(failure_of(version<Wider>([](Wider& account) {
              EXPECT_EQ(account.limit, 40);
              return ++account.count;
            })),
            "");
}

TEST(StateOfAnotherVersion, IsRefusedWhereATypeHasChangedOrMigrated) {
  const std::string failure = failure_of(version<Changed>([](Changed& account) { return ++account.count; }));
  for (const char* part : {"'accounts'", "'account'", "limit", "i32", "string"})
    EXPECT_NE(failure.find(part), std::string::npos) << part << " in: " << failure;
  EXPECT_EQ(failure_of(version<Changed>(
                [](Changed& account) {
                  EXPECT_EQ(account.limit, "40 EUR");
                  return ++account.count;
                },
                Migrations().field<std::int32_t, std::string>(
                    "limit", [](std::int32_t limit) { return std::to_string(limit) + " EUR"; }))),
            "");
}

TEST(StateOfAnotherVersion, IsReadOrRefusedAlsoInRocksDb) {
  const auto count = [](auto& account) { return ++account.count; };
  EXPECT_EQ(failure_of(version<Wider>(count), StateBackend::rocksdb), "");
  const std::string failure = failure_of(version<Changed>(count), StateBackend::rocksdb);
  EXPECT_NE(failure.find("'account'"), std::string::npos) << failure;
}

TEST(StateOfAnotherVersion, IsFoundUnderAFieldsFormerName) {
  EXPECT_EQ(failure_of(version<Renamed>([](Renamed& account) { return ++account.seen; },
                                        Migrations().renamed("count", "seen"))),
            "");
}

TEST(StateOfAnotherVersion, BeginsEmptyAtANewVertexAndIsNotLostUnasked) {
  const Versions versions;
  versions.run(versions.job(first_version()), true);
  const std::size_t before = versions.results().size();
  const Job renamed = versions.job(first_version(), "clients");
  try {
    versions.run(renamed, false);
    FAIL() << "the state of a vertex was lost";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("'accounts'"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("'clients'"), std::string::npos) << error.what();
  }
  EXPECT_EQ(versions.run(renamed, false, true).end, JobEnd::finished);
  EXPECT_EQ(versions.results().back(), static_cast<std::int64_t>(2000 - before)) << "it has begun anew";
}

TEST(StateOfAnotherVersion, OfWhichAStateOrTheKeyIsGoneIsRefused) {
  const Versions::Version without{[](OperatorContext& context) { context.value_state<int>("other"); },
                                  [] { return std::int64_t{2000}; }};
  EXPECT_NE(failure_of(without).find("'account'"), std::string::npos);

  for (const StateBackend backend : {StateBackend::memory, StateBackend::rocksdb}) {
    const Versions versions(backend);
    versions.run(versions.job(first_version()), true);
    const Versions::Version plain{[](OperatorContext&) {}, [] { return std::int64_t{0}; }};
    Job job("versions");
    testkit::Ledger<std::int64_t> results;
    job.source("numbers", kit::numbers(2000)).apply("accounts", plain).sink("results", results.sink());
    const std::string refusal = testkit::message_of([&] { versions.run(job, false); });
    EXPECT_NE(refusal.find("not grouped by key any more"), std::string::npos) << refusal;
  }
}

/// Notes what is opened and closed.
class NotingSink {
 public:
  explicit NotingSink(std::shared_ptr<std::string> notes) : notes_(std::move(notes)) {}
  void open(SinkContext&) { *notes_ += " sink opened"; }
  void write(std::int64_t) {}

 private:
  std::shared_ptr<std::string> notes_;
};

TEST(StateOfAnotherVersion, IsRefusedBeforeAnythingStarts) {
  const Versions versions;
  versions.run(versions.job(first_version()), true);
  const auto notes = std::make_shared<std::string>();
  struct Noting {
    std::shared_ptr<std::string> notes;
    ValueState<Changed> account{};
    void open(OperatorContext& context) {
      *notes += " opened";
      account = context.value_state<Changed>("account");
    }
    void apply(const std::int64_t&, Output<std::int64_t>& out) { out.emit(++account->count); }
    void close() { *notes += " closed"; }
  };
  // Two vertices fit, and the state of a third does not.
  Job job("versions");
  const auto numbers = job.source("numbers", kit::numbers(2000));
  const auto one = [](const std::int64_t&) { return 1; };
  numbers.key_by(one).apply("new", Noting{notes}).sink("new results", NotingSink(notes));
  numbers.key_by(one).apply("accounts", Noting{notes}).sink("results", NotingSink(notes));
  const std::string refusal = testkit::message_of([&] { versions.run(job, false); });
  EXPECT_NE(refusal.find("'accounts'"), std::string::npos) << refusal;
  EXPECT_EQ(*notes, " opened opened closed closed")
      << "what was opened to look at its state is closed again, and nothing else is";
}

}  // namespace
}  // namespace streamwork
