// What the console serves: the page, the API, the metrics for Prometheus.
// Thread rule: the server's thread.
#pragma once

#include <memory>
#include <optional>
#include <streamwork/clock.hpp>
#include <string>
#include <vector>

#include "console/access.hpp"
#include "console/http_server.hpp"
#include "console/job_view.hpp"

namespace streamwork::console {

class Site final : public HttpSite {
 public:
  explicit Site(Access access) : access_(std::move(access)) {}

  void show(std::shared_ptr<job::ExecutionGate> gate);
  /// The last look at every job, for those who watch.
  void look_once_more();

  HttpResponse answer(const HttpRequest& request) override;
  std::chrono::milliseconds tick() override;

 private:
  HttpResponse answer_api(const HttpRequest& request);
  HttpResponse list_jobs() const;
  HttpResponse prometheus() const;
  HttpResponse plan() const;

  const Access access_;
  std::vector<std::unique_ptr<JobView>> jobs_;
  std::uint64_t shown_ = 0;  ///< jobs so far, for their numbers
  SteadyTime next_look_{};
};

}  // namespace streamwork::console
