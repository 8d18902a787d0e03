#include <algorithm>
#include <stdexcept>
#include <streamwork/typed/side_outputs.hpp>
#include <utility>

namespace streamwork::typed {

SideOutputs::SideOutputs(std::shared_ptr<VertexCounters> counters, bool timed, const EventTime& time)
    : counters_(std::move(counters)), timed_(timed), time_(&time) {}
SideOutputs::~SideOutputs() = default;

Output<DeadLetter>* SideOutputs::claim_dead_letters(const BadEventPolicy& policy) {
  if (policy.action() != BadEventPolicy::Action::dead_letter) return nullptr;
  return &claim<DeadLetter>(policy.side_output());
}

void SideOutputs::require_all_claimed() const {
  for (const Named& named : outputs_) {
    if (named.claimed) continue;
    std::string known;
    for (const Named& other : outputs_) {
      if (other.claimed) known += (known.empty() ? "'" : ", '") + other.name + "'";
    }
    throw std::logic_error("a stream is made of side output '" + named.name +
                           "', which the vertex does not open; it has " + (known.empty() ? "none" : known));
  }
}

bool SideOutputs::flush(TaskContext& task) {
  return std::ranges::all_of(outputs_, [&](const Named& named) { return named.output->flush(task); });
}

void SideOutputs::mark(MarkerKind kind, EventTime time) {
  for (const Named& named : outputs_) named.output->mark(kind, time);
}

void SideOutputs::mark_barrier(const Barrier& barrier) {
  for (const Named& named : outputs_) named.output->mark_barrier(barrier);
}

void SideOutputs::mark_latency(const LatencyMark& mark) {
  for (const Named& named : outputs_) named.output->mark_latency(mark);
}

bool SideOutputs::may_mark() const {
  return std::ranges::all_of(outputs_, [](const Named& named) { return named.output->may_mark(); });
}

SideOutputs::Named* SideOutputs::find(const std::string& name) {
  const auto found = std::ranges::find(outputs_, name, &Named::name);
  return found == outputs_.end() ? nullptr : &*found;
}

SideOutputs::Named& SideOutputs::add(const std::string& name, std::unique_ptr<SideOutputBase> output) {
  return outputs_.emplace_back(Named{name, std::move(output)});
}

void SideOutputs::refuse_second_type(const std::string& name) {
  throw std::logic_error("side output '" + name + "' is used with two event types");
}

}  // namespace streamwork::typed
