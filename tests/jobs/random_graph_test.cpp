// Random graphs against a naive interpretation.
//
// Segments are compiled once and take their parameters at run time; a seed joins them by forks, merges and groupings.
// The same graph is interpreted step by step on plain vectors, and each sink must get the same multiset.
#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <ranges>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing.hpp>
#include <vector>

#include "kit/scale.hpp"

namespace sw = streamwork;

namespace {

struct Item {
  std::int64_t id = 0;
  std::int64_t value = 0;
  friend auto operator<=>(const Item&, const Item&) = default;
};
using Items = std::vector<Item>;

std::int64_t scramble(std::int64_t value, std::int64_t parameter) {
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(value) + 17) * 0x9E37'79B9'7F4A'7C15ULL >> 20U) ^
         parameter;
}
std::int64_t modulo(std::int64_t value, std::int64_t divisor) { return ((value % divisor) + divisor) % divisor; }

// What the segments do, as plain functions: shared by the job and its interpretation.

Item shifted(const Item& item, std::int64_t by) { return {item.id, item.value + by}; }
Item rekeyed(const Item& item, std::int64_t keys) { return {modulo(scramble(item.value, keys), keys), item.value}; }
bool kept(const Item& item, std::int64_t divisor) { return modulo(item.value, divisor) != 0; }
Items repeated(const Item& item, std::int64_t most) {
  Items copies;
  for (std::int64_t i = 0; i < modulo(item.value, most + 1); ++i) copies.push_back({item.id, item.value + i});
  return copies;
}

/// Counts events per key: the results do not depend on the order of events.
class KeyCounter {
 public:
  void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }
  void apply(const Item& item, sw::Output<Item>& out) { out.emit({item.id, ++*count_}); }

 private:
  sw::ValueState<std::int64_t> count_;
};
Items counted(const Items& items) {
  std::map<std::int64_t, std::int64_t> counts;
  Items results;
  for (const Item& item : items) results.push_back({item.id, ++counts[item.id]});
  return results;
}

const sw::SideOutput<Item> odd_items{"odd"};

/// Sends odd values to a side output.
class Splitter {
 public:
  void open(sw::OperatorContext& context) { odd_ = &context.side_output(odd_items); }
  void apply(const Item& item, sw::Output<Item>& out) { (modulo(item.value, 2) == 1 ? *odd_ : out).emit(item); }

 private:
  sw::Output<Item>* odd_ = nullptr;
};

/// Emits before, within and after a lazy range.
class Expander {
 public:
  explicit Expander(std::int64_t most) : most_(most) {}
  void apply(const Item& item, sw::Output<Item>& out) {
    out.emit(item);
    out.emit_all(repeated(item, most_));
    out.emit({item.id, -1});
  }
  static Items interpret(const Item& item, std::int64_t most) {
    Items results{item};
    std::ranges::copy(repeated(item, most), std::back_inserter(results));
    results.push_back({item.id, -1});
    return results;
  }

 private:
  std::int64_t most_;
};

template <class Each>
Items for_each_item(const Items& items, Each each) {
  Items results;
  for (const Item& item : items) std::ranges::copy(each(item), std::back_inserter(results));
  return results;
}

/// A function of one item as a function that gives a list of one.
template <class Function>
auto one(Function function) {
  return [function](const Item& item) { return Items{function(item)}; };
}

template <class Keep>
Items kept_only(const Items& items, Keep keep) {
  Items results;
  std::ranges::copy_if(items, std::back_inserter(results), keep);
  return results;
}

/// A stream of the job with what it must carry.
struct Branch {
  sw::Stream<Item> stream;
  Items expected;
  bool used = false;
};

class RandomGraph {
 public:
  explicit RandomGraph(std::uint64_t seed) : random_(seed) {
    for (std::int64_t i = up_to(3); i > 0; --i) add_source();
    for (std::int64_t i = up_to(10); i > 0; --i) add_random();
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      if (!branches_[i].used) add_sink(branches_[i]);
    }
  }

  /// A graph of one segment between a source and a sink.
  RandomGraph(std::uint64_t seed, int segment) : random_(seed) {
    add_source();
    add_segment(segment);
    for (Branch& branch : branches_) {
      if (!branch.used) add_sink(branch);
    }
  }

  static constexpr int segments = 13;

  sw::Job& job() { return job_; }
  void expect_results() {
    for (const auto& sink : sinks_) {
      Items got = sink->collected.take();
      std::ranges::sort(got);
      std::ranges::sort(sink->expected);
      EXPECT_EQ(got.size(), sink->expected.size());
      EXPECT_TRUE(got == sink->expected) << "a sink got other events";
    }
  }

 private:
  struct Sink {
    sw::Collected<Item> collected;
    Items expected;
  };

  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most)) + 1;
  }
  int parallelism() { return static_cast<int>(up_to(8)); }
  std::string name() { return "v" + std::to_string(++names_); }

  void add_source() {
    const auto count = static_cast<std::uint64_t>(up_to(3000));
    const std::int64_t salt = up_to(1000);
    const auto make = [salt](std::uint64_t i) {
      return Item{modulo(scramble(static_cast<std::int64_t>(i), salt), 50), static_cast<std::int64_t>(i) * salt};
    };
    Items expected;
    for (std::uint64_t i = 0; i < count; ++i) expected.push_back(make(i));
    branches_.push_back(
        {job_.source(name(), sw::generate<Item>(make, {.count = count}), {.parallelism = parallelism()}),
         std::move(expected)});
  }

  void add_sink(Branch& branch) {
    sinks_.push_back(std::make_unique<Sink>());
    sinks_.back()->expected = branch.expected;
    branch.used = true;
    branch.stream.sink(name(), sw::collect(sinks_.back()->collected));
  }

  Branch& any() { return branches_[random_() % branches_.size()]; }

  void add_random() {
    switch (up_to(4)) {
      case 1:
        return add_grouping();
      case 2:
        return add_merge();
      default:
        return add_segment(static_cast<int>(up_to(segments)) - 1);
    }
  }

  void add(sw::Stream<Item> stream, Items expected) { branches_.push_back({std::move(stream), std::move(expected)}); }

  void add_merge() {
    Branch& a = any();
    Branch& b = any();
    Branch& c = any();
    if (a.expected.size() + b.expected.size() + c.expected.size() > 30'000) return;
    a.used = b.used = c.used = true;
    Items expected = a.expected;
    for (const Branch* branch : {&b, &c}) std::ranges::copy(branch->expected, std::back_inserter(expected));
    sw::Stream<Item> merged = sw::merge(a.stream, b.stream, c.stream);
    add(std::move(merged), std::move(expected));
  }

  void add_grouping() {
    Branch& from = any();
    from.used = true;
    const int instances = parallelism();
    const sw::Stream<Item> stream = from.stream;
    Items expected = from.expected;
    switch (up_to(6)) {
      case 1:
        return add(stream.shuffle({.parallelism = instances}), expected);
      case 2:
        return add(stream.global(), expected);
      case 3:
        return add(stream.forward(), expected);
      case 4:
        return add(stream.key_by(&Item::id, {.parallelism = instances}), expected);
      case 5:
        return add(stream.partition_by([](const Item& item, int n) { return modulo(item.value, n); },
                                       {.parallelism = instances}),
                   expected);
      default:
        if (expected.size() * static_cast<std::size_t>(instances) > 30'000) return add(stream.global(), expected);
        for (int i = 1; i < instances; ++i) std::ranges::copy(from.expected, std::back_inserter(expected));
        return add(stream.broadcast({.parallelism = instances}), expected);
    }
  }

  void add_segment(int segment) { segment < 7 ? add_stages(segment) : add_operators(segment); }

  /// Segments of stateless stages.
  void add_stages(int segment) {
    Branch& from = any();
    from.used = true;
    const sw::Stream<Item> stream = from.stream;
    const Items items = from.expected;
    const std::int64_t p = up_to(items.size() > 10'000 ? 1 : 6);
    const auto shift = [p](const Item& item) { return shifted(item, p); };
    const auto keep = [p](const Item& item) { return kept(item, p + 1); };
    const auto repeat = [p](const Item& item) { return repeated(item, p); };
    const auto rekey = [p](const Item& item) { return rekeyed(item, p * 7); };
    const auto maybe = [p](const Item& item) { return kept(item, p + 1) ? std::optional(item) : std::nullopt; };
    switch (segment) {
      case 0:
        return add(stream.map(name(), shift), for_each_item(items, one(shift)));
      case 1:
        return add(stream.filter(name(), keep), kept_only(items, keep));
      case 2:
        return add(stream.flat_map(name(), repeat), for_each_item(items, repeat));
      case 3:
        return add(stream.flat_map(name(), maybe), kept_only(items, keep));
      case 4:
        return add(stream.map(name(), rekey).filter(name(), keep), kept_only(for_each_item(items, one(rekey)), keep));
      case 5:
        return add(stream.flat_map(name(), repeat).map(name(), shift).flat_map(name(), repeat).filter(name(), keep),
                   kept_only(for_each_item(for_each_item(for_each_item(items, repeat), one(shift)), repeat), keep));
      default: {  // a lazy view that refers to the event it was made from
        const auto view = [p](const Item& item) {
          return std::views::iota(std::int64_t{0}, p) |
                 std::views::transform([&item](std::int64_t i) { return Item{item.id, item.value * i}; });
        };
        return add(stream.flat_map(name(), view), for_each_item(items, [&](const Item& item) {
                     Items results;
                     for (const Item& result : view(item)) results.push_back(result);
                     return results;
                   }));
      }
    }
  }

  /// Operator objects, diamonds and regroupings.
  void add_operators(int segment) {
    Branch& from = any();
    from.used = true;
    const sw::Stream<Item> stream = from.stream;
    const Items items = from.expected;
    const std::int64_t p = up_to(items.size() > 10'000 ? 1 : 6);
    const auto shift = [p](const Item& item) { return shifted(item, p); };
    const auto keep = [p](const Item& item) { return kept(item, p + 1); };
    const auto repeat = [p](const Item& item) { return repeated(item, p); };
    const auto rekey = [p](const Item& item) { return rekeyed(item, p * 7); };
    switch (segment) {
      case 7:
        return add(stream.apply(name(), Expander(p)),
                   for_each_item(items, [p](const Item& i) { return Expander::interpret(i, p); }));
      case 8:
        return add(stream.key_by(&Item::id, {.parallelism = parallelism()}).apply(name(), KeyCounter{}),
                   counted(items));
      case 9:
        return add(stream.map(name(), rekey)
                       .key_by([](const Item& item) { return std::to_string(item.id); }, {.parallelism = parallelism()})
                       .apply(name(), KeyCounter{})
                       .map(name(), shift),
                   for_each_item(counted(for_each_item(items, one(rekey))), one(shift)));
      case 10: {
        auto split = stream.apply(name(), Splitter{});
        Items odd;
        Items even;
        for (const Item& item : items) (modulo(item.value, 2) == 1 ? odd : even).push_back(item);
        add(split.side(odd_items), std::move(odd));
        return add(split, std::move(even));
      }
      case 11: {  // a diamond inside one chain
        auto start = stream.map(name(), shift);
        Items shifted_items = for_each_item(items, one(shift));
        Items expected = kept_only(shifted_items, keep);
        std::ranges::copy(for_each_item(shifted_items, repeat), std::back_inserter(expected));
        return add(sw::merge(start.filter(name(), keep), start.flat_map(name(), repeat)), std::move(expected));
      }
      default:
        return add(stream.shuffle({.parallelism = parallelism()})
                       .map(name(), [shift](Item&& item) { return shift(item); })
                       .global(),
                   for_each_item(items, one(shift)));
    }
  }

  std::mt19937_64 random_;
  sw::Job job_{"random graph"};
  std::deque<Branch> branches_;  // references stay valid while it grows
  std::vector<std::unique_ptr<Sink>> sinks_;
  int names_ = 0;
};

void expect_finished(const sw::JobResult& result) { EXPECT_EQ(result.end, sw::JobEnd::finished) << result.failure; }

}  // namespace

TEST(RandomGraphs, GiveWhatANaiveInterpretationGivesUnderWorkers) {
  const std::uint64_t first = streamwork::kit::seed();
  for (std::uint64_t seed = first; seed < first + streamwork::kit::scaled(60) && !HasFailure(); ++seed) {
    SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
    RandomGraph graph(seed);
    expect_finished(sw::start(graph.job(), {.workers = static_cast<int>(seed % 4) + 1}).wait());
    graph.expect_results();
  }
}

TEST(RandomGraphs, GiveWhatANaiveInterpretationGivesUnderRandomSchedules) {
  const std::uint64_t first = streamwork::kit::seed();
  for (std::uint64_t seed = first; seed < first + streamwork::kit::scaled(100) && !HasFailure(); ++seed) {
    SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
    RandomGraph graph(seed);
    expect_finished(sw::testing::run(graph.job(), {.seed = seed}));
    graph.expect_results();
  }
}

TEST(RandomGraphs, EachSegmentAloneGivesWhatANaiveInterpretationGives) {
  const std::uint64_t seed = streamwork::kit::seed();
  for (int segment = 0; segment < RandomGraph::segments && !HasFailure(); ++segment) {
    SCOPED_TRACE("segment " + std::to_string(segment) + ", STREAMWORK_TEST_SEED=" + std::to_string(seed));
    RandomGraph graph(seed, segment);
    expect_finished(sw::start(graph.job(), {.workers = 2}).wait());
    graph.expect_results();
  }
}
