// Each kind of state against a container of the standard library, through random operations, crashes and changes of parallelism.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <streamwork/operator.hpp>
#include <string>
#include <vector>

#include "kit/operator_instances.hpp"
#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"
#include "kit/state_backends.hpp"

namespace streamwork {
namespace {

/// Does something to the states of a key.
struct Command {
  std::int64_t key = 0;
  std::uint32_t action = 0;
  std::int64_t number = 0;
};

/// All that is kept of a key, as text.
struct Kept {
  std::int64_t key = 0;
  std::string text;
  friend bool operator==(const Kept&, const Kept&) = default;
};

std::string text_of(const auto& numbers) {
  std::string text;
  for (const auto& number : numbers) text += std::to_string(number) + " ";
  return text;
}
std::string text_of_map(const auto& entries) {
  std::string text;
  for (const auto& [key, value] : entries) text += key + "=" + value + " ";
  return text;
}
std::string map_key(std::int64_t number) { return std::string(1, static_cast<char>('a' + number % 5)); }

constexpr std::uint32_t actions = 12;

/// One of each kind.
class Everything {
 public:
  void open(OperatorContext& context) {
    value_ = context.value_state<std::int64_t>("value", 7);
    list_ = context.list_state<std::int64_t>("list");
    map_ = context.map_state<std::string, std::string>("map");
    largest_ =
        context.reducing_state<std::int64_t>("largest", [](auto one, auto other) { return std::max(one, other); });
    average_ = context.aggregating_state<std::int64_t>("average", average([](std::int64_t number) { return number; }));
  }
  void apply(const Command& command, Output<Kept>& out) {
    change(command.action, command.number);
    out.emit({command.key, std::to_string(*value_) + " | " + text_of(list_.values()) + "| " +
                               text_of_map(map_.entries()) + "| " + std::to_string(largest_.get().value_or(-1)) +
                               " | " + std::to_string(average_.result().value_or(-1))});
    EXPECT_EQ(list_.empty(), list_.values().empty());
    EXPECT_EQ(list_.size(), list_.values().size());
    EXPECT_EQ(map_.size(), map_.entries().size());
    EXPECT_EQ(largest_.empty(), !largest_.get());
    EXPECT_EQ(average_.empty(), !average_.result());
  }

 private:
  void change(std::uint32_t action, std::int64_t number) {
    switch (action) {
      case 0:
        *value_ += number;
        break;
      case 1:
        value_.clear();
        break;
      case 2:
        list_.add(number);
        break;
      case 3:
        list_.replace({number, number + 1});
        break;
      case 4:
        list_.clear();
        break;
      case 5:
        map_.put(map_key(number), std::to_string(number));
        break;
      case 6:
        map_[map_key(number)] += "x";
        break;
      case 7:
        if (const bool there = map_.contains(map_key(number)); map_.remove(map_key(number)) != there) ADD_FAILURE();
        break;
      case 8:
        map_.clear();
        break;
      case 9:
        largest_.add(number);
        average_.add(number);
        break;
      case 10:
        largest_.clear();
        average_.clear();
        break;
      default:
        for (std::int64_t& element : list_.values_to_change()) ++element;
    }
  }

  ValueState<std::int64_t> value_;
  ListState<std::int64_t> list_;
  MapState<std::string, std::string> map_;
  ReducingState<std::int64_t> largest_;
  AggregatingState<std::int64_t, double> average_;
};

/// The same in containers.
struct Reference {
  std::int64_t value = 7;
  std::vector<std::int64_t> list;
  std::map<std::string, std::string> map;
  std::vector<std::int64_t> added;

  void change(std::uint32_t action, std::int64_t number) {
    switch (action) {
      case 0:
        value += number;
        break;
      case 1:
        value = 7;
        break;
      case 2:
        list.push_back(number);
        break;
      case 3:
        list = {number, number + 1};
        break;
      case 4:
        list.clear();
        break;
      case 5:
        map[map_key(number)] = std::to_string(number);
        break;
      case 6:
        map[map_key(number)] += "x";
        break;
      case 7:
        map.erase(map_key(number));
        break;
      case 8:
        map.clear();
        break;
      case 9:
        added.push_back(number);
        break;
      case 10:
        added.clear();
        break;
      default:
        for (std::int64_t& element : list) ++element;
    }
  }
  std::string text() const {
    const double sum = std::accumulate(added.begin(), added.end(), 0.0);
    return std::to_string(value) + " | " + text_of(list) + "| " + text_of_map(map) + "| " +
           std::to_string(added.empty() ? -1 : *std::ranges::max_element(added)) + " | " +
           std::to_string(added.empty() ? -1.0 : sum / static_cast<double>(added.size()));
  }
};

class StateKindsIn : public ::testing::TestWithParam<StateBackend> {};

/// What one backend has saved, the other goes on from as well.
TEST_P(StateKindsIn, KeepWhatContainersKeepThroughCrashesAndChangesOfParallelism) {
  testkit::SeededRandom random(11);
  SCOPED_TRACE(random.trace());
  auto instances = testkit::keyed_instances<Command>(Everything(), &Command::key);
  const auto stores = testkit::tight_stores(GetParam());
  instances.task().keep_rows_in(stores);
  for (std::uint64_t round = 0; round < kit::scaled(GetParam() == StateBackend::memory ? 20 : 4); ++round) {
    std::map<std::int64_t, Reference> kept;
    std::map<std::int64_t, Reference> saved;
    instances.start(1 + static_cast<std::int64_t>(random.below(4)));
    const std::uint64_t keys = 1 + random.below(1500);
    const auto run = [&](std::uint64_t commands) {
      for (std::uint64_t i = 0; i < commands; ++i) {
        const Command command{static_cast<std::int64_t>(random.below(keys)),
                              static_cast<std::uint32_t>(random.below(actions)),
                              static_cast<std::int64_t>(random.below(1000))};
        kept[command.key].change(command.action, command.number);
        instances.apply(command);
        ASSERT_EQ(instances.take_results(), (std::vector<Kept>{{command.key, kept[command.key].text()}}));
      }
    };
    for (int crash = 0; crash < 5; ++crash) {
      run(random.below(1000));
      instances.cut();
      saved = kept;
      run(random.below(300));  // while the rows are being saved
      const auto snapshot = instances.save();
      run(random.below(50));
      kept = saved;
      instances.task().keep_rows_in(random.one_in(4) ? nullptr : stores);
      instances.start(random.one_in(3) ? static_cast<std::int64_t>(instances.count())
                                       : 1 + static_cast<std::int64_t>(random.below(6)),
                      snapshot);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, StateKindsIn, ::testing::Values(StateBackend::memory, StateBackend::rocksdb),
                         [](const auto& backend) { return testkit::name_of(backend.param); });

TEST(StateKinds, TakeAPointerWhileTheyAreEmpty) {
  EXPECT_EQ(sizeof(typed::RowList<std::string>), sizeof(void*));
  EXPECT_EQ((sizeof(typed::RowMap<std::string, std::string>)), sizeof(void*));
}

TEST(StateKinds, AreRefusedWithoutAKeyAndUnderANameThatIsTaken) {
  struct Twice {
    void open(OperatorContext& context) {
      context.list_state<int>("numbers");
      context.map_state<int, int>("numbers");
    }
    void apply(const Command&, Output<Kept>&) {}
  };
  const auto refusal = [](auto instances) -> std::string {
    try {
      instances.start(1);
      return "not refused";
    } catch (const std::exception& error) {
      return error.what();
    }
  };
  EXPECT_NE(refusal(testkit::keyed_instances<Command>(Twice(), &Command::key)).find("state 'numbers' is opened twice"),
            std::string::npos);
  EXPECT_NE(refusal(testkit::instances_without_key<Command>(Twice())).find("state 'numbers' needs a key"),
            std::string::npos);
}

}  // namespace
}  // namespace streamwork
