// What is answered about one job.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <streamwork/clock.hpp>
#include <streamwork/json.hpp>
#include <streamwork/typed/enum_names.hpp>
#include <system_error>
#include <utility>

#include "console/job_view.hpp"

namespace streamwork::console {

namespace {

HttpResponse json_response(std::string json, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(json);
  return response;
}

HttpResponse accepted(const std::string& text) { return json_response(to_json(api::Accepted{text}), 202); }

HttpResponse wrong_method(const char* allowed) {
  HttpResponse response = problem(405, std::string("use ") + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::optional<std::uint64_t> read_number(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end && !text.empty() ? std::optional(number) : std::nullopt;
}

std::int64_t microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

api::CheckpointTask tell(const checkpoint::TaskRecord& task, std::chrono::nanoseconds duration,
                         std::vector<std::int64_t> vertices) {
  using std::chrono::nanoseconds;
  const nanoseconds met = std::min(task.met, task.aligned.value_or(duration));
  const nanoseconds aligned = task.aligned.value_or(std::max(met, duration));
  const nanoseconds passed = task.passed.value_or(std::max(aligned, duration));
  api::CheckpointTask told{task.chain, task.instance, std::move(vertices)};
  told.started_us = microseconds(met);
  told.alignment_us = microseconds(aligned - met);
  told.sync_us = microseconds(std::max(passed, aligned) - aligned);
  if (task.written) told.async_us = microseconds(std::max(*task.written, passed) - passed);
  told.bytes = task.bytes;
  return told;
}

std::string refused_json(const runtime::RefusedEvent& event) {
  const auto time_text = [](const std::optional<EventTime>& time) {
    return time && *time != typed::end_of_time ? to_json(*time) : std::string("null");
  };
  const typed::RefusedSample& sample = event.sample;
  return "{\"kind\":" + to_json(std::string(enum_name(sample.kind))) +
         ",\"instance\":" + std::to_string(event.instance) +
         ",\"time_ms\":" + std::to_string(milliseconds(sample.refused)) +
         ",\"event_time_ms\":" + time_text(sample.event_time) + ",\"watermark_ms\":" + time_text(sample.watermark) +
         ",\"reason\":" + to_json(sample.reason) + ",\"event\":" + sample.event + "}";
}

std::int64_t whole_time(const api::CheckpointTask& task) {
  return task.started_us + task.alignment_us + task.sync_us + task.async_us.value_or(0);
}

}  // namespace

HttpResponse JobView::answer(const HttpRequest& request, const std::vector<std::string>& path) {
  const std::string name = path.empty() ? std::string() : path.front();
  const bool control_name = name == "savepoint" || name == "rescale" || name == "stop" || name == "cancel";
  if (path.size() == 1 && control_name) return control(request, name);
  const bool reads = request.method == "GET";
  if (path.empty()) return reads ? json_response(to_json(describe())) : wrong_method("GET");
  const bool known = name == "graph" || name == "metrics" || name == "history" || name == "checkpoints" ||
                     name == "exceptions" || name == "log" || name == "edges" || name == "vertices" ||
                     (name == "experiments" && path.size() == 1);
  if (known && !reads) return wrong_method("GET");
  if (path.size() == 1) {
    if (name == "graph") return json_response(to_json(graph_.value_or(api::Graph{})));
    if (name == "metrics") return json_response(metrics_json());
    if (name == "history") return history();
    if (name == "checkpoints") return checkpoints();
    if (name == "exceptions") return exceptions();
    if (name == "log") return log(request);
    if (name == "experiments") return experiments();
  }
  if (path.size() == 2 && name == "metrics" && path[1] == "stream") return stream_metrics();
  if (path.size() == 3 && name == "edges" && path[2] == "tap") return stream_tap(path[1]);
  if (path.size() == 3 && name == "vertices" && path[2] == "refused") return refused(path[1]);
  if (path.size() == 3 && name == "experiments" && (path[2] == "begin" || path[2] == "end"))
    return experiment(request, path[1], path[2]);
  return problem(404, "there is no such thing about a job: the paths are in src/console/api.yaml");
}

HttpResponse JobView::history() const {
  api::History history;
  history.interval_ms = 1000;
  for (std::size_t i = 0; i < now_.metrics.vertices.size(); ++i)
    history.vertices.push_back({static_cast<std::int64_t>(i)});
  for (const Sample& sample : samples_) {
    history.times_ms.push_back(sample.time_ms);
    history.rate_in.push_back(sample.rate_in);
    history.rate_out.push_back(sample.rate_out);
    for (std::size_t i = 0; i < history.vertices.size(); ++i) {
      const VertexSample& seen = sample.vertices[i];
      api::VertexHistory& vertex = history.vertices[i];
      vertex.rate_in.push_back(seen.rate_in);
      vertex.rate_out.push_back(seen.rate_out);
      vertex.busy.push_back(seen.busy);
      vertex.blocked.push_back(seen.blocked);
      vertex.watermark_lag_ms.push_back(seen.watermark_lag_ms);
      vertex.state_bytes.push_back(seen.state_bytes);
    }
  }
  return json_response(to_json(history));
}

HttpResponse JobView::checkpoints() {
  std::vector<checkpoint::CheckpointRecord> records = last_checkpoints_;
  if (!ended()) gate_->pass([&](const job::Execution& execution) { records = execution.checkpoints(); });
  api::CheckpointList list;
  for (const checkpoint::CheckpointRecord& record : records) {
    api::Checkpoint& told = list.checkpoints.emplace_back();
    if (record.number > 0) told.number = record.number;
    told.kind = enum_name(record.kind);
    told.status = static_cast<api::CheckpointStatus>(record.status);
    told.begun_ms = milliseconds(record.begun);
    told.duration_ms = std::chrono::duration<double, std::milli>(record.duration).count();
    if (!record.failure.empty()) told.failure = record.failure;
    for (const checkpoint::TaskRecord& task : record.tasks) {
      told.tasks.push_back(tell(task, record.duration, vertices_of(record.run, task.chain)));
      told.bytes += task.bytes;
    }
    std::ranges::stable_sort(told.tasks, std::greater<>(), whole_time);
  }
  return json_response(to_json(list));
}

HttpResponse JobView::exceptions() {
  std::vector<job::FailureRecord> failures = last_failures_;
  if (!ended()) gate_->pass([&](const job::Execution& execution) { failures = execution.failures(); });
  api::ExceptionList list;
  for (const job::FailureRecord& failure : failures)
    list.exceptions.push_back({milliseconds(failure.time), failure.message, failure.restarted});
  // Of a job that is never started again nobody notes down the failure.
  const bool missing = failures.empty() || failures.back().restarted;
  if (now_.status.state == job::JobState::failed && missing)
    list.exceptions.push_back({milliseconds(now_.time), now_.status.failure, false});
  return json_response(to_json(list));
}

HttpResponse JobView::log(const HttpRequest& request) {
  std::uint64_t after = 0;
  if (const std::string* given = request.parameter("after")) {
    const auto number = read_number(*given);
    if (!number) return problem(400, "'after' must be a whole number, the sequence of a line");
    after = *number;
  }
  std::vector<job::LogLine> lines = last_log_;
  if (!ended()) gate_->pass([&](const job::Execution& execution) { lines = execution.log_after(after); });
  api::Log log;
  for (const job::LogLine& line : lines) {
    if (line.sequence <= after) continue;
    log.lines.push_back({line.sequence, milliseconds(line.time), static_cast<api::LogLevel>(line.level), line.text});
  }
  return json_response(to_json(log));
}

HttpResponse JobView::refused(const std::string& vertex) const {
  const auto number = read_number(vertex);
  if (!graph_ || !number || *number >= graph_->vertices.size())
    return problem(404, "there is no vertex '" + vertex + "'");
  std::vector<const runtime::RefusedEvent*> events;
  for (const runtime::RefusedEvent& event : refused_) {
    if (std::cmp_equal(event.vertex, *number)) events.push_back(&event);
  }
  std::ranges::stable_sort(events, std::greater<>(), [](const auto* event) { return event->sample.refused; });
  std::string list;
  std::array<std::uint32_t, 2> told{};
  for (const runtime::RefusedEvent* event : events) {
    const typed::RefusedSample& sample = event->sample;
    if (++told[static_cast<std::size_t>(sample.kind)] > typed::RefusedSamples::most) continue;
    list += (list.empty() ? "" : ",") + refused_json(*event);
  }
  return json_response("{\"refused\":[" + list + "]}");
}

HttpResponse JobView::stream_metrics() {
  HttpResponse response;
  response.stream = [this](std::shared_ptr<EventStream> stream) {
    if (ended()) return stream->end(event_text("end", to_json(describe())));
    stream->offer(event_text("metrics", metrics_json()));
    watchers_.push_back(std::move(stream));
  };
  return response;
}

HttpResponse JobView::stream_tap(const std::string& edge) {
  const auto number = read_number(edge);
  if (!graph_ || !number || *number >= graph_->edges.size()) return problem(404, "there is no edge '" + edge + "'");
  if (!graph_->edges[*number].tappable)
    return problem(409, "edge " + edge + " lies inside a fused loop, where no event rests that could be looked at");
  HttpResponse response;
  response.stream = [this, number = *number](std::shared_ptr<EventStream> stream) {
    if (ended()) return stream->end(event_text("end", to_json(describe())));
    Tap& tap = taps_[number];
    tap.watchers.push_back(std::move(stream));
    if (tap.tap) return;
    tap.tap = std::make_shared<EdgeTap>();
    gate_->pass([&](job::Execution& execution) {
      execution.view_edge(number, [&](std::int64_t from, std::int64_t to) { return tap.tap->viewer(from, to); });
    });
  };
  return response;
}

// --- controls

HttpResponse JobView::control(const HttpRequest& request, const std::string& name) {
  if (request.method != "POST") return wrong_method("POST");
  job::JobStatus status = now_.status;  // a second old
  gate_->pass([&](const job::Execution& execution) { status = execution.status(); });
  if (status.ended()) return problem(409, "the job has ended");
  if (name == "stop") return stop(request);
  if (name == "rescale") return rescale(request);
  const std::vector<std::string> possible = controls_in(status.state);
  if (std::ranges::find(possible, name) == possible.end()) {
    return problem(409, !description_.checkpoints ? "the job has no checkpoint directory (--checkpoint-dir)"
                        : !outlives_process_      ? "the job's checkpoints are in memory, and end with the process"
                                             : "the job is being stopped or started: no savepoint can be taken now");
  }
  const bool savepoint = name == "savepoint";
  const bool there =
      gate_->pass([&](job::Execution& execution) { savepoint ? execution.take_savepoint() : execution.cancel(); });
  if (!there) return problem(409, "the job has ended");
  return accepted(savepoint ? "a savepoint is taken" : "the job is cancelled: what is in flight is lost");
}

HttpResponse JobView::experiments() const {
  api::ExperimentList list;
  if (ended()) return json_response(to_json(list));
  gate_->pass([&](const job::Execution& execution) {
    const job::Experiments& experiments = execution.experiments();
    for (std::size_t i = 0; i < experiments.all().size(); ++i) {
      const Experiment& one = experiments.all()[i];
      const job::ExperimentStatus status = experiments.status(i);
      list.experiments.push_back({static_cast<std::int64_t>(i), one.name, one.description, one.watch,
                                  one.end != nullptr, status.under_way, status.begun});
    }
  });
  return json_response(to_json(list));
}

HttpResponse JobView::experiment(const HttpRequest& request, const std::string& number, const std::string& step) {
  if (request.method != "POST") return wrong_method("POST");
  HttpResponse response = problem(409, "the job has ended");
  if (ended()) return response;
  gate_->pass([&](job::Execution& execution) {
    const auto& all = execution.experiments().all();
    const auto found = read_number(number);
    if (!found || *found >= all.size()) {
      response = problem(404, "there is no experiment '" + number + "'");
      return;
    }
    if (execution.status().ended()) return;
    try {
      const bool begins = step == "begin";
      begins ? execution.begin_experiment(*found) : execution.end_experiment(*found);
      response = accepted("'" + all[*found].name + "' has " + (begins ? "begun" : "ended"));
    } catch (const job::ExperimentRefused& refused) {
      response = problem(409, refused.what());
    }
  });
  return response;
}

HttpResponse JobView::stop(const HttpRequest& request) {
  api::StopRequest wanted;
  try {
    wanted = from_json<api::StopRequest>(request.body);
  } catch (const BadEvent& bad) {
    return problem(400, std::string("expected {\"mode\": \"drain\" or \"suspend\"}: ") + bad.what());
  }
  const bool suspend = wanted.mode == api::StopMode::suspend;
  if (suspend && description_.checkpoints && !outlives_process_)
    return problem(409, "the job's checkpoints are in memory, and end with the process: drain it instead");
  if (suspend && !description_.checkpoints)
    return problem(409, "the job has no checkpoint directory (--checkpoint-dir) to go on from: drain it instead");
  const bool there = gate_->pass([&](job::Execution& execution) {
    suspend ? execution.suspend(wanted.savepoint.value_or(false)) : execution.stop();
  });
  if (!there) return problem(409, "the job has ended");
  return accepted(suspend ? "sources stop, and a last checkpoint is taken, from which the job can go on"
                          : "sources stop, and what is in flight comes out");
}

HttpResponse JobView::rescale(const HttpRequest& request) {
  std::map<std::string, int> parallelism;
  try {
    for (const api::Rescaled& wanted : from_json<api::RescaleRequest>(request.body).vertices)
      parallelism[wanted.vertex] = wanted.parallelism;
  } catch (const BadEvent& bad) {
    return problem(
        400, std::string("expected {\"vertices\": [{\"vertex\": NAME, \"parallelism\": NUMBER}]}: ") + bad.what());
  }
  if (parallelism.empty()) return problem(400, "name at least one vertex");
  std::string obstacle;
  const bool there = gate_->pass([&](job::Execution& execution) {
    try {
      execution.rescale(parallelism);
    } catch (const std::exception& error) {
      obstacle = error.what();
    }
  });
  if (!there) return problem(409, "the job has ended");
  if (!obstacle.empty()) return problem(409, obstacle);
  return accepted("sources stop, a last checkpoint is taken, and the job goes on from it with the new parallelism");
}

}  // namespace streamwork::console
