#include "console/prometheus.hpp"

#include <chrono>
#include <functional>
#include <streamwork/json.hpp>
#include <streamwork/typed/batch.hpp>
#include <utility>

namespace streamwork::console {

namespace {

using Seconds = std::chrono::duration<double>;
using Labels = std::vector<std::pair<const char*, std::string>>;

std::string escaped(const std::string& text) {
  std::string result;
  for (const char byte : text) {
    if (byte == '\\' || byte == '"') result += '\\';
    result += byte == '\n' ? std::string("\\n") : std::string(1, byte);
  }
  return result;
}

/// Families one after the other: all samples of a name stand together, behind what they are.
class Text {
 public:
  void begin(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }
  template <class Number>
  void add(const Labels& labels, Number value) {
    text_ += name_;
    for (std::size_t i = 0; i < labels.size(); ++i)
      text_ += (i == 0 ? "{" : ",") + std::string(labels[i].first) + "=\"" + escaped(labels[i].second) + "\"";
    text_ += "} " + to_json(value) + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

Labels labels_of(const NamedSighting& job) { return {{"job_id", job.id}, {"job_name", job.sighting->metrics.job}}; }

Labels operator+(Labels labels, const Labels& more) {
  labels.insert(labels.end(), more.begin(), more.end());
  return labels;
}

class Exposition {
 public:
  explicit Exposition(const std::vector<NamedSighting>& jobs) : jobs_(jobs) {}

  std::string write() {
    write_jobs();
    write_vertices();
    write_times();
    write_edges();
    write_paths();
    return text_.take();
  }

 private:
  using Job = std::function<void(const JobMetrics&, const Labels&)>;
  using Instance = std::function<void(const InstanceMetrics&, const Labels&)>;

  void family(const char* name, const char* type, const char* help, const Job& add) {
    text_.begin(name, type, help);
    for (const NamedSighting& job : jobs_) add(job.sighting->metrics, labels_of(job));
  }
  void instances(const char* name, const char* type, const char* help, const Instance& add) {
    family(name, type, help, [&](const JobMetrics& metrics, const Labels& labels) {
      for (const VertexMetrics& vertex : metrics.vertices) {
        for (const InstanceMetrics& instance : vertex.instances)
          add(instance, labels + Labels{{"vertex", vertex.name}, {"instance", std::to_string(instance.instance)}});
      }
    });
  }
  void count(const char* name, const char* help, std::uint64_t InstanceMetrics::* counter,
             const char* type = "counter") {
    instances(name, type, help,
              [&](const InstanceMetrics& instance, const Labels& labels) { text_.add(labels, instance.*counter); });
  }
  void job_number(const char* name, const char* type, const char* help,
                  const std::function<std::uint64_t(const JobMetrics&)>& number) {
    family(name, type, help,
           [&](const JobMetrics& metrics, const Labels& labels) { text_.add(labels, number(metrics)); });
  }

  void write_jobs() {
    text_.begin("streamwork_job_up", "gauge", "1 while the job runs, 0 when it has ended.");
    for (const NamedSighting& job : jobs_) text_.add(labels_of(job), job.sighting->status.ended() ? 0 : 1);
    family("streamwork_job_running_seconds", "gauge", "Time since the tasks of the job were started.",
           [&](const JobMetrics& metrics, const Labels& labels) {
             text_.add(labels, Seconds(metrics.running_for).count());
           });
    job_number("streamwork_job_restarts_total", "counter", "Starts after failures.",
               [](const JobMetrics& metrics) { return metrics.restarts; });
    job_number("streamwork_checkpoints_completed_total", "counter", "Checkpoints that were completed.",
               [](const JobMetrics& metrics) { return metrics.checkpoints.completed; });
    job_number("streamwork_checkpoints_failed_total", "counter", "Checkpoints that failed.",
               [](const JobMetrics& metrics) { return metrics.checkpoints.failed; });
    job_number("streamwork_checkpoint_newest_number", "gauge",
               "Number of the newest complete checkpoint, 0 before the first.",
               [](const JobMetrics& metrics) { return metrics.checkpoints.newest; });
  }

  void write_vertices() {
    count("streamwork_vertex_events_in_total", "Events taken in.", &InstanceMetrics::events_in);
    count("streamwork_vertex_events_out_total", "Events given out.", &InstanceMetrics::events_out);
    count("streamwork_vertex_failed_events_total", "Bad events that were refused.", &InstanceMetrics::failed);
    count("streamwork_vertex_late_events_total", "Events that came too late for every window or match of theirs.",
          &InstanceMetrics::late);
    count("streamwork_vertex_unclaimed_events_total", "Events emitted to side outputs that nobody takes.",
          &InstanceMetrics::unclaimed);
    count("streamwork_vertex_retried_calls_total", "Calls to a service that failed and were made again.",
          &InstanceMetrics::retried);
    count("streamwork_vertex_dropped_events_total", "Events that did not find room in a buffer.",
          &InstanceMetrics::dropped);
    count("streamwork_vertex_in_flight_events",
          "Events whose calls to a service are not over, or that wait in a buffer.", &InstanceMetrics::in_flight,
          "gauge");
    instances("streamwork_vertex_state_rows", "gauge", "Keys that have state.",
              [&](const InstanceMetrics& instance, const Labels& labels) {
                if (instance.state_rows) text_.add(labels, *instance.state_rows);
              });
    instances("streamwork_vertex_state_bytes", "gauge", "Memory of the rows of keys and their index.",
              [&](const InstanceMetrics& instance, const Labels& labels) {
                if (instance.state_bytes) text_.add(labels, *instance.state_bytes);
              });
  }

  void write_times() {
    instances("streamwork_vertex_watermark_timestamp_seconds", "gauge", "Event time up to which the vertex has come.",
              [&](const InstanceMetrics& instance, const Labels& labels) {
                if (instance.watermark && *instance.watermark != typed::end_of_time)
                  text_.add(labels, Seconds(instance.watermark->time_since_epoch()).count());
              });
    instances("streamwork_vertex_watermark_lag_seconds", "gauge", "How far event time is behind the wall clock.",
              [&](const InstanceMetrics& instance, const Labels& labels) {
                if (instance.watermark_lag) text_.add(labels, Seconds(*instance.watermark_lag).count());
              });
    instances("streamwork_vertex_time_seconds_total", "counter", "Where the time of the vertex' task went.",
              [&](const InstanceMetrics& instance, const Labels& labels) {
                const TimeShares& times = instance.times;
                for (const auto& [state, time] : {std::pair("busy", times.busy), std::pair("queued", times.queued),
                                                  std::pair("blocked", times.blocked),
                                                  std::pair("calling", times.calling), std::pair("idle", times.idle)})
                  text_.add(labels + Labels{{"state", state}}, Seconds(time).count());
              });
  }

  void write_edges() {
    edge_number("streamwork_edge_events_total", "counter", "Events that have passed.",
                [](const EdgeMetrics& edge) { return edge.events; });
    edge_number("streamwork_edge_queued_batches", "gauge", "Batches in the queues of the edge.",
                [](const EdgeMetrics& edge) { return edge.queued; });
    edge_number("streamwork_edge_queue_limit_batches", "gauge", "Batches that the queues of the edge hold at most.",
                [](const EdgeMetrics& edge) { return edge.queue_limit * edge.channels; });
  }
  void edge_number(const char* name, const char* type, const char* help,
                   const std::function<std::uint64_t(const EdgeMetrics&)>& number) {
    family(name, type, help, [&](const JobMetrics& metrics, const Labels& labels) {
      for (std::size_t i = 0; i < metrics.edges.size(); ++i) {
        const EdgeMetrics& edge = metrics.edges[i];
        text_.add(labels + Labels{{"edge", std::to_string(i)}, {"from", edge.from}, {"to", edge.to}}, number(edge));
      }
    });
  }

  void write_paths() {
    family("streamwork_path_latency_seconds", "summary",
           "How long events needed from a source to a sink, over the last minute.",
           [&](const JobMetrics& metrics, const Labels& labels) {
             for (const PathLatency& path : metrics.paths) {
               for (const auto& [name, fraction] :
                    {std::pair("0.5", 0.5), std::pair("0.99", 0.99), std::pair("0.999", 0.999), std::pair("1", 1.0)}) {
                 const std::chrono::nanoseconds latency(path.nanoseconds.quantile(fraction));
                 text_.add(labels + Labels{{"source", path.source}, {"sink", path.sink}, {"quantile", name}},
                           Seconds(latency).count());
               }
             }
           });
  }

  const std::vector<NamedSighting>& jobs_;
  Text text_;
};

}  // namespace

std::string prometheus_text(const std::vector<NamedSighting>& jobs) { return Exposition(jobs).write(); }

}  // namespace streamwork::console
