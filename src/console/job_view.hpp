// One job as the console shows it: looked at once a second, with its recent past and those who watch.
// Thread rule: the console's thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console/api.hpp"
#include "console/edge_tap.hpp"
#include "console/http_request.hpp"
#include "console/http_response.hpp"
#include "console/look.hpp"
#include "job/execution_gate.hpp"

namespace streamwork::console {

class JobView {
 public:
  JobView(std::string id, std::shared_ptr<job::ExecutionGate> gate);
  JobView(const JobView&) = delete;
  JobView& operator=(const JobView&) = delete;
  ~JobView();

  const std::string& id() const { return id_; }
  const Sighting& seen() const { return now_; }
  bool ended() const { return ended_ms_.has_value(); }

  /// Takes a look, and sends it to those who watch.
  void look();
  /// Sends what has passed the edges that are tapped.
  void send_samples();
  bool tapped() const { return !taps_.empty(); }

  api::Job describe() const;
  /// Answers what is asked below /api/v1/jobs/{job}. `path`: what stands behind.
  HttpResponse answer(const HttpRequest& request, const std::vector<std::string>& path);

 private:
  struct Tap {
    std::shared_ptr<EdgeTap> tap;
    std::vector<std::shared_ptr<EventStream>> watchers;
  };
  /// What charts show of one moment; NaN: not known.
  struct VertexSample {
    float rate_in, rate_out, busy, blocked, watermark_lag_ms, state_bytes;
  };
  struct Sample {
    std::int64_t time_ms;
    float rate_in, rate_out;
    std::vector<VertexSample> vertices;
  };

  void see(Sighting sighting);
  void remember(const api::Metrics& metrics);
  void tap_again();
  void conclude();
  const std::string& metrics_json();
  HttpResponse history() const;
  HttpResponse checkpoints();
  HttpResponse exceptions();
  HttpResponse log(const HttpRequest& request);
  HttpResponse refused(const std::string& vertex) const;
  HttpResponse experiments() const;
  HttpResponse experiment(const HttpRequest& request, const std::string& number, const std::string& step);
  HttpResponse stream_metrics();
  HttpResponse stream_tap(const std::string& edge);
  HttpResponse control(const HttpRequest& request, const std::string& name);
  HttpResponse stop(const HttpRequest& request);
  HttpResponse rescale(const HttpRequest& request);
  std::vector<std::int64_t> vertices_of(std::uint64_t run, int chain) const;
  std::vector<std::string> controls_in(job::JobState state) const;
  void look_at_refused(const job::Execution& execution, const JobMetrics& metrics);

  const std::string id_;
  std::shared_ptr<job::ExecutionGate> gate_;
  api::Job description_;  ///< what does not change
  std::optional<Sighting> before_;
  Sighting now_;
  api::Metrics metrics_;
  std::string metrics_json_;  ///< of the look at hand, if somebody has asked
  std::optional<api::Graph> graph_;
  std::map<std::uint64_t, std::vector<api::Chain>> chains_;  ///< of the runs that checkpoints tell of
  std::deque<Sample> samples_;
  std::optional<std::int64_t> ended_ms_;
  std::uint64_t refused_count_ = 0;  ///< that `refused_` was looked at with
  std::vector<runtime::RefusedEvent> refused_;
  bool outlives_process_ = false;  ///< the checkpoints
  std::vector<std::shared_ptr<EventStream>> watchers_;
  std::map<std::size_t, Tap> taps_;
  // What is left of a job that is gone.
  std::vector<checkpoint::CheckpointRecord> last_checkpoints_;
  std::vector<job::FailureRecord> last_failures_;
  std::vector<job::LogLine> last_log_;
};

}  // namespace streamwork::console
