// What is worth a sentence: the cause and not the victim, gravest first.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <streamwork/typed/batch.hpp>

#include "console/look.hpp"
#include "job/bottleneck.hpp"

namespace streamwork::console {

namespace {

using api::Level;
using api::Sentence;
using api::SentenceKind;

/// Sources that are further apart than this in event time are worth a word; below it is what buffers and pauses make of any job.
constexpr Duration notable_lead = std::chrono::seconds(10);
/// As is one that is behind by what the furthest does in so many seconds: where event time flies, 10 s are nothing.
constexpr double notable_seconds = 5;
/// A source that is not taken from for this share of the time waits for others, and they do not wait for it.
constexpr double waits_itself = 0.5;

/// "42 s", "3.5 min"
std::string time_text(Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  char text[40];
  if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  } else if (seconds < 7200) {
    std::snprintf(text, sizeof text, "%.1f min", seconds / 60);
  } else {
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  }
  return text;
}

std::string counted(std::uint64_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

void add_end(std::vector<Sentence>& problems, const job::JobStatus& status) {
  using job::JobState;
  switch (status.state) {
    case JobState::failed:
      return problems.push_back({Level::bad, SentenceKind::ended, "the job has failed: " + status.failure});
    case JobState::cancelled:
      return problems.push_back(
          {Level::warning, SentenceKind::ended, "the job was cancelled: what was in flight is lost"});
    case JobState::finished:
      return problems.push_back({Level::good, SentenceKind::ended, "the job has finished"});
    case JobState::suspended:
      return problems.push_back({Level::good, SentenceKind::ended,
                                 "the job is suspended: it goes on from its last checkpoint when started again"});
    case JobState::restarting:
      return problems.push_back(
          {Level::bad, SentenceKind::restart, "the job failed and is being started again: " + status.failure});
    case JobState::running:
    case JobState::stopping:
      break;
  }
}

void add_checkpoints(std::vector<Sentence>& problems, const CheckpointMetrics& checkpoints) {
  if (checkpoints.last_failure.empty()) return;
  problems.push_back({Level::bad, SentenceKind::checkpoint, "the last checkpoint failed: " + checkpoints.last_failure});
}

void add_bottleneck(std::vector<Sentence>& problems, const JobMetrics& before, const JobMetrics& now) {
  const job::Bottleneck found = job::find_bottleneck(before, now);
  if (found.kind == job::Bottleneck::Kind::none) return;
  Sentence sentence;
  sentence.level = found.victim.empty() ? Level::notice : Level::warning;
  sentence.kind = found.kind == job::Bottleneck::Kind::calls     ? SentenceKind::calls
                  : found.kind == job::Bottleneck::Kind::outside ? SentenceKind::outside
                                                                 : SentenceKind::bottleneck;
  sentence.text = found.text;
  sentence.vertex = vertex_number(now, found.vertex);
  if (found.instance) sentence.instance = static_cast<std::int64_t>(*found.instance);
  sentence.victim = vertex_number(now, found.victim);
  problems.push_back(std::move(sentence));
}

/// For which share of the time an instance's output was not taken.
double blocked_share(const JobMetrics& before, const JobMetrics& now, std::size_t vertex, std::size_t instance) {
  const auto blocked = [&](const JobMetrics& metrics) {
    const std::vector<InstanceMetrics>& instances = metrics.vertices[vertex].instances;
    return instance < instances.size() ? instances[instance].times.blocked : std::chrono::nanoseconds(0);
  };
  const std::chrono::duration<double> interval = now.running_for - before.running_for;
  return interval.count() > 0 ? std::chrono::duration<double>(blocked(now) - blocked(before)) / interval : 0;
}

/// How far an instance of a source has come in event time, told by the vertex of its chain that gives it.
std::optional<EventTime> progress_of(const VertexMetrics& source, std::size_t instance, const JobMetrics& metrics) {
  std::optional<EventTime> progress;
  for (const VertexMetrics& vertex : metrics.vertices) {
    if (vertex.chain != source.chain || instance >= vertex.instances.size()) continue;
    progress = std::max(progress, vertex.instances[instance].watermark);
  }
  return progress;
}

/// How far the furthest source has come of those that have not ended.
EventTime furthest_source(const JobMetrics& metrics) {
  EventTime furthest = typed::beginning_of_time;
  for (const VertexMetrics& source : metrics.vertices) {
    for (std::size_t i = 0; source.kind == "source" && i < source.instances.size(); ++i) {
      const std::optional<EventTime> progress = progress_of(source, i, metrics);
      if (progress && *progress != typed::end_of_time) furthest = std::max(furthest, *progress);
    }
  }
  return furthest;
}

/// Behind what a source has to be by to be worth a word.
Duration notable_lead_of(EventTime furthest, const JobMetrics& before, const JobMetrics& now) {
  const EventTime earlier = furthest_source(before);
  const double seconds = std::chrono::duration<double>(now.running_for - before.running_for).count();
  if (earlier == typed::beginning_of_time || seconds <= 0) return notable_lead;
  const double pace = static_cast<double>((furthest - earlier).count()) / seconds;
  return std::max(notable_lead, Duration(static_cast<std::int64_t>(pace * notable_seconds)));
}

/// The source instance that is furthest behind the others, if somebody waits for it.
void add_watermark(std::vector<Sentence>& problems, const JobMetrics& before, const JobMetrics& now) {
  const EventTime furthest = furthest_source(now);
  std::optional<EventTime> least;
  Sentence sentence{Level::warning, SentenceKind::watermark};
  for (std::size_t victim = 0; victim < now.vertices.size(); ++victim) {
    for (const InstanceMetrics& held : now.vertices[victim].instances) {
      if (held.held_back_by.empty()) continue;
      for (std::size_t i = 0; i < now.vertices.size(); ++i) {
        const std::string begin = "'" + now.vertices[i].name + "' instance ";
        if (!held.held_back_by.starts_with(begin)) continue;
        const auto instance = static_cast<std::size_t>(std::stoull(held.held_back_by.substr(begin.size())));
        const std::optional<EventTime> progress = progress_of(now.vertices[i], instance, now);
        if (!progress || (least && *least <= *progress) || blocked_share(before, now, i, instance) > waits_itself)
          continue;
        least = progress;
        sentence.text = held.held_back_by + " holds event time back by " + time_text(furthest - *progress);
        sentence.vertex = static_cast<std::int64_t>(i);
        sentence.instance = static_cast<std::int64_t>(instance);
        sentence.victim = static_cast<std::int64_t>(victim);
      }
    }
  }
  if (least && furthest - *least >= notable_lead_of(furthest, before, now)) problems.push_back(std::move(sentence));
}

/// Vertices that have had more of something since the last look.
void add_growing(std::vector<Sentence>& problems, const JobMetrics& before, const JobMetrics& now, SentenceKind kind,
                 std::uint64_t (VertexMetrics::*count)() const, const std::string& what, const std::string& why = "") {
  for (std::size_t i = 0; i < now.vertices.size(); ++i) {
    const std::uint64_t earlier = (before.vertices[i].*count)();
    const std::uint64_t later = (now.vertices[i].*count)();
    if (later <= earlier) continue;
    Sentence sentence{kind == SentenceKind::dropped ? Level::warning : Level::notice, kind};
    sentence.text =
        "'" + now.vertices[i].name + "' " + what + " " + counted(later - earlier, "event") + " in the last " +
        time_text(std::max<Duration>(std::chrono::seconds(1),
                                     std::chrono::duration_cast<Duration>(now.running_for - before.running_for))) +
        why;
    sentence.vertex = static_cast<std::int64_t>(i);
    problems.push_back(std::move(sentence));
  }
}

bool nothing_came_in(const JobMetrics& before, const JobMetrics& now) {
  for (std::size_t i = 0; i < now.vertices.size(); ++i) {
    if (now.vertices[i].kind == "source" && now.vertices[i].events_out() != before.vertices[i].events_out())
      return false;
  }
  return true;
}

}  // namespace

std::vector<Sentence> problems_of(const Sighting* before, const Sighting& now) {
  std::vector<Sentence> problems;
  add_end(problems, now.status);
  if (!problems.empty() && problems.front().kind == SentenceKind::ended) return problems;
  add_checkpoints(problems, now.metrics.checkpoints);
  if (before == nullptr) return problems;
  add_bottleneck(problems, before->metrics, now.metrics);
  add_watermark(problems, before->metrics, now.metrics);
  add_growing(problems, before->metrics, now.metrics, SentenceKind::dropped, &VertexMetrics::dropped, "dropped",
              ": those behind it do not keep up");
  add_growing(problems, before->metrics, now.metrics, SentenceKind::failed_events, &VertexMetrics::failed, "refused");
  add_growing(problems, before->metrics, now.metrics, SentenceKind::late, &VertexMetrics::late, "found");
  std::ranges::stable_sort(problems, std::greater<>(), &Sentence::level);
  for (Sentence& sentence : problems) {
    if (sentence.kind == SentenceKind::late) sentence.text += " too late for every window";
    if (sentence.kind == SentenceKind::failed_events) sentence.text += " as bad";
  }
  return problems;
}

Sentence sentence_of(const std::vector<Sentence>& problems, const Sighting* before, const Sighting& now) {
  if (!problems.empty()) return problems.front();
  if (before == nullptr) return {Level::good, SentenceKind::starting, "the job is running"};
  if (now.status.state == job::JobState::stopping)
    return {Level::notice, SentenceKind::healthy, "the job is being stopped: what is in flight comes out"};
  if (nothing_came_in(before->metrics, now.metrics))
    return {Level::good, SentenceKind::idle, "healthy: nothing is coming in"};
  return {Level::good, SentenceKind::healthy, "healthy: the job keeps up with its input"};
}

}  // namespace streamwork::console
