// State of an instance: saved with every snapshot, dealt out anew when the parallelism has changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <streamwork/operator.hpp>
#include <string>
#include <vector>

#include "kit/operator_instances.hpp"
#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork {
namespace {

struct Command {
  std::uint32_t action = 0;
  std::int64_t number = 0;
};

/// What one instance has.
struct Has {
  std::int64_t sum = 100;
  std::vector<std::int64_t> list;
  std::vector<std::int64_t> all;
  std::map<std::int64_t, std::int64_t> map;
  friend bool operator==(const Has&, const Has&) = default;

  void change(const Command& command) {
    switch (command.action) {
      case 0:
        sum += command.number;
        break;
      case 1:
        list.push_back(command.number);
        break;
      case 2:
        list.clear();
        break;
      case 3:
        all.push_back(command.number);
        break;
      case 4:
        map[command.number % 7] = command.number;
        break;
      case 5:
        map.erase(command.number % 7);
        break;
      default:
        break;
    }
  }
};
bool for_all(const Command& command) { return command.action == 4 || command.action == 5; }

class Keeper {
 public:
  void open(OperatorContext& context) {
    sum_ = context.operator_state<std::int64_t>("sum", 100, std::plus<>());
    list_ = context.operator_list_state<std::int64_t>("list");
    all_ = context.operator_union_state<std::int64_t>("all");
    map_ = context.broadcast_state<std::int64_t, std::int64_t>("map");
    // What was restored is there at once; of the list of all each keeps its own part.
    std::erase_if(*all_, [&](std::int64_t number) { return number % context.parallelism() != context.instance(); });
  }
  void apply(const Command& command, Output<Has>& out) {
    switch (command.action) {
      case 0:
        *sum_ += command.number;
        break;
      case 1:
        list_->push_back(command.number);
        break;
      case 2:
        list_.clear();
        break;
      case 3:
        all_->push_back(command.number);
        break;
      case 4:
        map_.put(command.number % 7, command.number);
        break;
      case 5:
        if (const bool there = map_.contains(command.number % 7); map_.remove(command.number % 7) != there)
          ADD_FAILURE();
        break;
      default:
        break;
    }
    out.emit({*sum_, *list_, *all_, map_.entries()});
  }

 private:
  OperatorState<std::int64_t> sum_;
  OperatorListState<std::int64_t> list_;
  OperatorListState<std::int64_t> all_;
  BroadcastState<std::int64_t, std::int64_t> map_;
};

/// What each of `parallelism` instances has to get.
std::vector<Has> dealt_out(const std::vector<Has>& saved, std::size_t parallelism) {
  std::vector<Has> dealt(parallelism);
  std::vector<bool> begun(parallelism);
  std::size_t turn = 0;
  for (std::size_t i = 0; i < saved.size(); ++i) {
    Has& heir = dealt[i % parallelism];
    heir.sum = begun[i % parallelism] ? heir.sum + saved[i].sum : saved[i].sum;
    begun[i % parallelism] = true;
    for (const std::int64_t number : saved[i].list)
      dealt[saved.size() == parallelism ? i : turn++ % parallelism].list.push_back(number);
    for (const std::int64_t number : saved[i].all)
      dealt[static_cast<std::size_t>(number) % parallelism].all.push_back(number);
  }
  for (Has& has : dealt) has.map = saved.front().map;
  return dealt;
}

TEST(OperatorState, IsDealtOutAnewThroughCrashesAndChangesOfParallelism) {
  testkit::SeededRandom random(13);
  SCOPED_TRACE(random.trace());
  auto instances = testkit::instances_without_key<Command>(Keeper());
  instances.start(3);
  std::vector<Has> has(3);
  const auto run = [&](std::uint64_t commands) {
    for (std::uint64_t i = 0; i < commands; ++i) {
      const Command command{static_cast<std::uint32_t>(random.below(7)), static_cast<std::int64_t>(random.below(1000))};
      const std::size_t chosen = random.below(has.size());
      for (std::size_t instance = 0; instance < has.size(); ++instance) {
        if (instance != chosen && !for_all(command)) continue;
        has[instance].change(command);
        instances.apply_at(instance, command);
        ASSERT_EQ(instances.take_results(), std::vector<Has>{has[instance]});
      }
    }
  };
  for (std::uint64_t crash = 0; crash < kit::scaled(60); ++crash) {
    run(random.below(60));
    instances.cut();
    const std::vector<Has> saved = has;
    run(random.below(20));
    const std::size_t parallelism = 1 + random.below(6);
    instances.start(static_cast<std::int64_t>(parallelism), instances.save());
    has = dealt_out(saved, parallelism);
  }
}

/// Opens states as a test wants.
struct Opens {
  std::function<void(OperatorContext&)> what;
  void open(OperatorContext& context) { what(context); }
  void apply(const Command&, Output<Has>&) {}
};
auto instances_that_open(std::function<void(OperatorContext&)> what) {
  return testkit::instances_without_key<Command>(Opens{std::move(what)});
}
std::shared_ptr<testing::MemorySnapshot> saved_by(std::int64_t parallelism,
                                                  std::function<void(OperatorContext&)> what) {
  auto instances = instances_that_open(std::move(what));
  instances.start(parallelism);
  instances.cut();
  return instances.save();
}
std::string refusal(std::int64_t parallelism, std::shared_ptr<testing::MemorySnapshot> snapshot,
                    std::function<void(OperatorContext&)> what) {
  try {
    instances_that_open(std::move(what)).start(parallelism, snapshot);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(OperatorState, NeedsAFunctionToMergeValuesOfFewerInstances) {
  const auto open = [](OperatorContext& context) { context.operator_state<int>("offset"); };
  const auto snapshot = saved_by(3, open);
  EXPECT_EQ(refusal(3, snapshot, open), "");
  EXPECT_EQ(refusal(5, snapshot, open), "");
  const std::string reason = refusal(2, snapshot, open);
  EXPECT_NE(reason.find("state 'offset' was one value for each of 3 instances"), std::string::npos) << reason;
}

TEST(OperatorState, IsFoundByNameAndMayNotGetLost) {
  const auto open = [](OperatorContext& context) { context.operator_list_state<int>("waiting"); };
  const auto other = [](OperatorContext& context) { context.operator_list_state<int>("queued"); };
  const auto snapshot = saved_by(2, open);
  const std::string reason = refusal(2, snapshot, other);
  EXPECT_NE(reason.find("'waiting'"), std::string::npos) << reason;
  EXPECT_NE(reason.find("'operator'"), std::string::npos) << "names the vertex: " << reason;
  snapshot->may_drop_state = true;
  EXPECT_EQ(refusal(2, snapshot, other), "");
}

TEST(OperatorState, OfAnotherTypeIsRefusedWithBothTypesOrMigrated) {
  const auto snapshot =
      saved_by(2, [](OperatorContext& context) { context.operator_list_state<std::string>("waiting"); });
  const std::string reason =
      refusal(2, snapshot, [](OperatorContext& context) { context.operator_list_state<std::int32_t>("waiting"); });
  for (const char* part : {"operator", "waiting", "string", "i32"})
    EXPECT_NE(reason.find(part), std::string::npos) << part << " in " << reason;
  EXPECT_EQ(refusal(2, snapshot,
                    [](OperatorContext& context) {
                      context.operator_list_state<std::int32_t>(
                          "waiting", Migrations().field<std::string, std::int32_t>(
                                         "[]", [](const std::string& text) { return std::stoi("0" + text); }));
                    }),
            "");
}

TEST(OperatorState, OfDamagedBytesIsRefused) {
  struct Damaged final : typed::RestoredState {
    std::uint64_t checkpoint() const override { return 1; }
    bool drops_state() const override { return false; }
    void for_each(const std::string&, const char* kind, std::uint32_t, std::uint32_t,
                  const std::function<void(const typed::StoredFrame&)>& visit) const override {
      if (std::string(kind) != typed::section::values) return;
      const std::string schema =
          typed::entry_schema_bytes({{"waiting", typed::schema_of<std::vector<std::int32_t>>()}});
      visit({0, typed::no_key_group, entries, schema, std::as_bytes(std::span(bytes))});
    }
    void for_each_schema(const std::string&, const char*, const std::function<void(std::string_view)>&) const override {
    }
    std::string bytes;
    std::uint64_t entries = 1;
  };
  const auto refused = [](const std::string& bytes, std::uint64_t entries) {
    Damaged damaged;
    damaged.bytes = bytes;
    damaged.entries = entries;
    const typed::VertexInstance vertex{"operator", 0, 1, nullptr};
    typed::InstanceStates states(vertex);
    states.restore_from(&damaged);
    try {
      states.open<std::vector<std::int32_t>>("waiting", false, {}, {}, typed::share_in_turn<std::int32_t>);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  };
  const std::string good("\1\5\0\0\0", 5);
  EXPECT_FALSE(refused(good, 1));
  EXPECT_TRUE(refused(good + "x", 1));
  EXPECT_TRUE(refused(good.substr(0, 3), 1));
  EXPECT_TRUE(refused(good, 2));
  EXPECT_TRUE(refused(std::string("\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9), 1)) << "a length that cannot be";
}

}  // namespace
}  // namespace streamwork
