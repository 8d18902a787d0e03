#include "job_commands.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <stdexcept>
#include <streamwork/json.hpp>
#include <streamwork/typed/enum_names.hpp>

#include "checkpoint/names.hpp"
#include "found_job.hpp"
#include "job/parallelism_option.hpp"
#include "job_text.hpp"

namespace streamwork::cli {

namespace {

namespace api = console::api;

constexpr int good = 0;

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

struct ProblemText {
  std::string error{};
};

/// The body, if the console did what it was asked.
std::string expect(const Answer& answer) {
  if (answer.status < 300) return answer.body;
  try {
    throw std::runtime_error(from_json<ProblemText>(answer.body).error);
  } catch (const BadEvent&) {
    throw std::runtime_error("the console answers " + std::to_string(answer.status));
  }
}

std::string get(const FoundJob& job, const std::string& what) {
  return expect(ask(job.place, "GET", job.path() + what));
}

void no_words(const std::string& command, const JobArguments& arguments) {
  if (!arguments.words.empty())
    throw std::invalid_argument(command + " takes no '" + arguments.words.front() +
                                "'; which job is said with --at and --job");
}

int list(const JobArguments& arguments) {
  no_words("list", arguments);
  const std::vector<FoundJob> jobs = find_jobs(arguments);
  for (const std::string& url : locked_consoles(arguments))
    std::fputs(("streamwork: the console at " + url + " wants a token (--token FILE)\n").c_str(), stderr);
  if (!arguments.json) {
    print(list_text(jobs));
    return good;
  }
  std::string text;
  for (const FoundJob& found : jobs)
    text += (text.empty() ? "" : ",") + ("{\"console\":" + to_json(found.place.url())) +
            ",\"job\":" + to_json(found.job) + "}";
  print("[" + text + "]\n");
  return good;
}

const api::Vertex& vertex_of(const api::Graph& graph, const std::string& name) {
  const auto vertex = std::ranges::find(graph.vertices, name, &api::Vertex::name);
  if (vertex == graph.vertices.end())
    throw std::runtime_error("the job has no vertex '" + name + "'; streamwork graph shows them");
  return *vertex;
}

/// One vertex, with its instances and edges.
int status_of_vertex(const JobArguments& arguments) {
  const FoundJob job = find_job(arguments);
  const auto graph = from_json<api::Graph>(get(job, "/graph"));
  const api::Vertex& vertex = vertex_of(graph, arguments.words.front());
  const auto metrics = from_json<api::Metrics>(get(job, "/metrics"));
  if (!arguments.json) {
    print(vertex_text(graph, metrics, vertex.id));
    return good;
  }
  const auto found = std::ranges::find(metrics.vertices, vertex.id, &api::VertexMetrics::vertex);
  print("{\"vertex\":" + to_json(vertex) +
        ",\"metrics\":" + (found == metrics.vertices.end() ? "null" : to_json(*found)) + "}\n");
  return good;
}

/// Two things belong together: what does not change, and what does.
int status(const JobArguments& arguments) {
  if (arguments.words.size() > 1) throw std::invalid_argument("status takes the name of one vertex at most");
  if (!arguments.words.empty()) return status_of_vertex(arguments);
  const FoundJob job = find_job(arguments);
  const std::string metrics = get(job, "/metrics");
  if (arguments.json) {
    print("{\"job\":" + to_json(job.job) + ",\"metrics\":" + metrics + "}\n");
    return good;
  }
  print(status_text(job.job, from_json<api::Graph>(get(job, "/graph")), from_json<api::Metrics>(metrics)));
  return good;
}

/// What the terminal that is written to can show, or nothing if it is none.
std::optional<winsize> screen() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 ||
      size.ws_col == 0)
    return std::nullopt;
  return size;
}

/// The status, again every second; on a terminal in the same place, as much as there is room for.
int top(const JobArguments& arguments) {
  no_words("top", arguments);
  const FoundJob job = find_job(arguments);
  api::Graph graph = from_json<api::Graph>(get(job, "/graph"));
  api::Job ended = job.job;
  const Answer answer =
      follow(job.place, job.path() + "/metrics/stream", [&](const std::string& name, const std::string& data) {
        if (name == "end") ended = from_json<api::Job>(data);
        if (name != "metrics") return true;
        if (arguments.json) {
          print(data + "\n");
          return !arguments.once;
        }
        const auto metrics = from_json<api::Metrics>(data);
        if (metrics.revision != graph.revision) graph = from_json<api::Graph>(get(job, "/graph"));
        api::Job now = job.job;
        now.state = metrics.state;
        const std::string text = status_text(now, graph, metrics);
        const std::optional<winsize> size = screen();
        print(size && !arguments.once ? "\x1b[H\x1b[2J" + cropped(text, size->ws_row, size->ws_col) : text + "\n");
        return !arguments.once;
      });
  expect(answer.status == 200 ? Answer{200, {}} : answer);
  if (!arguments.json && ended.ended_ms) print("\nthe job has ended: " + std::string(enum_name(ended.state)) + "\n");
  return good;
}

/// One checkpoint, task by task.
int show_checkpoint(const JobArguments& arguments) {
  if (arguments.words.size() > 1) throw std::invalid_argument("checkpoints takes one number at most");
  const FoundJob job = find_job(arguments);
  for (const api::Checkpoint& one : from_json<api::CheckpointList>(get(job, "/checkpoints")).checkpoints) {
    if (!one.number || std::to_string(*one.number) != arguments.words.front()) continue;
    print(arguments.json ? to_json(one) + "\n" : checkpoint_text(from_json<api::Graph>(get(job, "/graph")), one));
    return good;
  }
  throw std::runtime_error("checkpoint '" + arguments.words.front() +
                           "' is not among the last ones; streamwork checkpoints shows them");
}

int show(const std::string& command, const JobArguments& arguments) {
  if (command == "checkpoints" && !arguments.words.empty()) return show_checkpoint(arguments);
  no_words(command, arguments);
  const FoundJob job = find_job(arguments);
  const std::string answer = get(job, "/" + command);
  if (arguments.json) {
    print(answer + "\n");
  } else if (command == "graph") {
    print(graph_text(from_json<api::Graph>(answer)));
  } else if (command == "checkpoints") {
    print(checkpoints_text(from_json<api::CheckpointList>(answer)));
  } else if (command == "history") {
    print(history_text(from_json<api::History>(answer)));
  } else if (command == "exceptions") {
    for (const api::Exception& one : from_json<api::ExceptionList>(answer).exceptions)
      print(moment_text(one.time_ms) + (one.restarted ? "  started again: " : "  ended with: ") + one.message + "\n");
  } else {
    for (const api::LogLine& line : from_json<api::Log>(answer).lines)
      print(moment_text(line.time_ms) + "  " + std::string(enum_name(line.level)) + "  " + line.text + "\n");
  }
  return good;
}

int control(const std::string& command, const JobArguments& arguments) {
  no_words(command, arguments);
  if (arguments.drain && arguments.suspend) throw std::invalid_argument("stop either with --drain or with --suspend");
  if (arguments.drain && arguments.savepoint)
    throw std::invalid_argument("--savepoint goes with --suspend: a job that is drained needs none");
  const FoundJob job = find_job(arguments);
  std::string body;
  if (command == "stop") {
    const bool suspend = arguments.suspend || (!arguments.drain && job.job.checkpoints.has_value());
    if (arguments.savepoint && !suspend)
      throw std::runtime_error("the job has no checkpoint directory, and so no savepoints: it can be drained");
    body = suspend ? std::string("{\"mode\":\"suspend\",\"savepoint\":") + (arguments.savepoint ? "true}" : "false}")
                   : "{\"mode\":\"drain\"}";
  }
  const std::string answer = expect(ask(job.place, "POST", job.path() + "/" + command, body));
  print(arguments.json ? answer + "\n" : from_json<api::Accepted>(answer).accepted + "\n");
  return good;
}

/// The savepoints among the last checkpoints.
std::vector<api::Checkpoint> savepoints(const FoundJob& job) {
  auto all = from_json<api::CheckpointList>(get(job, "/checkpoints")).checkpoints;
  std::erase_if(all, [](const api::Checkpoint& one) { return one.kind != "savepoint"; });
  return all;
}

/// Takes a savepoint and waits until it is complete: who asks for one wants to go on from it.
int savepoint(const JobArguments& arguments) {
  no_words("savepoint", arguments);
  const FoundJob job = find_job(arguments);
  std::int64_t newest = -1;
  for (const api::Checkpoint& one : savepoints(job)) newest = std::max(newest, one.begun_ms);
  expect(ask(job.place, "POST", job.path() + "/savepoint"));
  while (true) {
    for (const api::Checkpoint& one : savepoints(job)) {
      if (one.begun_ms <= newest || one.status == api::CheckpointStatus::under_way) continue;
      if (one.status == api::CheckpointStatus::failed)
        throw std::runtime_error("the savepoint failed: " + one.failure.value_or("the job does not say why"));
      const std::string name = checkpoint::directory_name(checkpoint::Kind::savepoint, one.number.value_or(0));
      const std::string place = job.job.checkpoints ? job.job.checkpoints->directory + "/" + name : name;
      print(arguments.json ? to_json(one) + "\n" : "the savepoint is complete: " + place + "\n");
      return good;
    }
    ::usleep(100'000);
  }
}

int rescale(const JobArguments& arguments) {
  std::map<std::string, int> parallelism;
  for (const std::string& word : arguments.words) {
    const std::string expected = job::take_parallelism(word, parallelism);
    if (!expected.empty()) throw std::invalid_argument("'" + word + "': expected " + expected);
  }
  if (parallelism.empty()) throw std::invalid_argument("rescale needs VERTEX=NUMBER, once or several times");
  api::RescaleRequest request;
  for (const auto& [vertex, number] : parallelism) request.vertices.push_back({vertex, number});
  const FoundJob job = find_job(arguments);
  const std::string answer = expect(ask(job.place, "POST", job.path() + "/rescale", to_json(request)));
  print(arguments.json ? answer + "\n" : from_json<api::Accepted>(answer).accepted + "\n");
  return good;
}

/// What the job lets a person do to it; with a name: does it, or undoes it.
int experiment(const JobArguments& arguments) {
  if (arguments.words.size() > 1) throw std::invalid_argument("experiment takes one name, in quotes if it has spaces");
  if (arguments.words.empty() && arguments.undo) throw std::invalid_argument("--undo needs the name of an experiment");
  const FoundJob job = find_job(arguments);
  const std::string answer = get(job, "/experiments");
  if (arguments.words.empty() && arguments.json) {
    print(answer + "\n");
    return good;
  }
  const auto known = from_json<api::ExperimentList>(answer).experiments;
  if (arguments.words.empty()) {
    print(experiments_text(known));
    return good;
  }
  const auto found = std::ranges::find(known, arguments.words.front(), &api::Experiment::name);
  if (found == known.end())
    throw std::runtime_error("the job has no experiment '" + arguments.words.front() +
                             "'; streamwork experiment lists them");
  const std::string path = "/experiments/" + std::to_string(found->id) + (arguments.undo ? "/end" : "/begin");
  const std::string done = expect(ask(job.place, "POST", job.path() + path));
  if (arguments.json) {
    print(done + "\n");
    return good;
  }
  print(from_json<api::Accepted>(done).accepted + (arguments.undo ? "\n" : "\nwatch: " + found->watch + "\n"));
  return good;
}

/// The last events that a vertex could not use.
int show_refused(const JobArguments& arguments) {
  if (arguments.words.size() != 1) throw std::invalid_argument("refused needs the name of a vertex");
  const FoundJob job = find_job(arguments);
  const auto graph = from_json<api::Graph>(get(job, "/graph"));
  const std::int64_t vertex = vertex_of(graph, arguments.words.front()).id;
  print(get(job, "/vertices/" + std::to_string(vertex) + "/refused") + "\n");
  return good;
}

/// Samples of what a vertex gives out; of what comes in, if it is a sink.
int tap(const JobArguments& arguments) {
  if (arguments.words.size() != 1) throw std::invalid_argument("tap needs the name of a vertex");
  const FoundJob job = find_job(arguments);
  const auto graph = from_json<api::Graph>(get(job, "/graph"));
  const api::Vertex& vertex = vertex_of(graph, arguments.words.front());
  const auto leaves = [&](const api::Edge& edge) { return edge.from == vertex.id && edge.tappable; };
  const auto enters = [&](const api::Edge& edge) { return edge.to == vertex.id && edge.tappable; };
  auto edge = std::ranges::find_if(graph.edges, leaves);
  if (edge == graph.edges.end()) edge = std::ranges::find_if(graph.edges, enters);
  if (edge == graph.edges.end())
    throw std::runtime_error("the edges of '" + vertex.name +
                             "' lie inside a fused loop, where no event rests that could be looked at");
  const std::string path = job.path() + "/edges/" + std::to_string(edge->id) + "/tap";
  const Answer answer = follow(job.place, path, [&](const std::string& name, const std::string& data) {
    if (name == "sample") print(data + "\n");
    return !arguments.once;
  });
  expect(answer.status == 200 ? Answer{200, {}} : answer);
  return good;
}

using Command = int (*)(const std::string&, const JobArguments&);

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> all = {
      {"list", [](const std::string&, const JobArguments& arguments) { return list(arguments); }},
      {"status", [](const std::string&, const JobArguments& arguments) { return status(arguments); }},
      {"top", [](const std::string&, const JobArguments& arguments) { return top(arguments); }},
      {"tap", [](const std::string&, const JobArguments& arguments) { return tap(arguments); }},
      {"rescale", [](const std::string&, const JobArguments& arguments) { return rescale(arguments); }},
      {"refused", [](const std::string&, const JobArguments& arguments) { return show_refused(arguments); }},
      {"experiment", [](const std::string&, const JobArguments& arguments) { return experiment(arguments); }},
      {"graph", show},
      {"checkpoints", show},
      {"exceptions", show},
      {"history", show},
      {"log", show},
      {"savepoint", [](const std::string&, const JobArguments& arguments) { return savepoint(arguments); }},
      {"stop", control},
      {"cancel", control},
  };
  return all;
}

}  // namespace

bool is_job_command(const std::string& command) { return commands().contains(command); }

JobArguments read_job_arguments(const std::vector<std::string>& arguments) {
  JobArguments read;
  const std::map<std::string, bool JobArguments::*> flags = {
      {"--json", &JobArguments::json},       {"--drain", &JobArguments::drain},
      {"--suspend", &JobArguments::suspend}, {"--savepoint", &JobArguments::savepoint},
      {"--once", &JobArguments::once},       {"--undo", &JobArguments::undo}};
  const std::map<std::string, std::optional<std::string> JobArguments::*> values = {
      {"--at", &JobArguments::at}, {"--job", &JobArguments::job}, {"--token", &JobArguments::token_file}};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (const auto flag = flags.find(argument); flag != flags.end()) {
      read.*flag->second = true;
    } else if (const auto value = values.find(argument); value != values.end()) {
      if (++i == arguments.size()) throw std::invalid_argument(argument + " needs a value");
      read.*value->second = arguments[i];
    } else if (argument.size() > 1 && argument.starts_with("-")) {
      throw std::invalid_argument("unknown option '" + argument + "'");
    } else {
      read.words.push_back(argument);
    }
  }
  return read;
}

int run_job_command(const std::string& command, const JobArguments& arguments) {
  return commands().at(command)(command, arguments);
}

}  // namespace streamwork::cli
