#include "console/site.hpp"

#include <algorithm>
#include <streamwork/json.hpp>
#include <utility>

#include "console/page.hpp"
#include "console/prometheus.hpp"

namespace streamwork::console {

namespace {

using namespace std::chrono_literals;

/// Between two looks at a job.
constexpr auto look_interval = 1s;
/// Between two samples of an edge that is tapped.
constexpr auto sample_interval = 250ms;
/// Jobs that have ended are shown as long as they are among the last.
constexpr std::size_t most_ended_jobs = 20;

HttpResponse text_response(std::string content_type, std::string body) {
  HttpResponse response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

std::string_view type_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {{".html", "text/html; charset=utf-8"},
                                                                     {".js", "text/javascript; charset=utf-8"},
                                                                     {".css", "text/css; charset=utf-8"},
                                                                     {".svg", "image/svg+xml"},
                                                                     {".png", "image/png"},
                                                                     {".ico", "image/x-icon"},
                                                                     {".woff2", "font/woff2"},
                                                                     {".json", "application/json"},
                                                                     {".webmanifest", "application/manifest+json"}};
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

const PageFile* find_file(std::string_view path) {
  const auto found = std::ranges::find(page_files(), path, &PageFile::path);
  return found == page_files().end() ? nullptr : &*found;
}

/// The file of the page that is asked for, or nullptr.
const PageFile* page_file(const HttpRequest& request) {
  std::string path;
  for (const std::string& part : request.path) path += (path.empty() ? "" : "/") + part;
  return find_file(path.empty() ? "index.html" : path);
}

HttpResponse serve(const PageFile& file, const HttpRequest& request) {
  HttpResponse response;
  response.content_type = type_of(file.path);
  response.asset = file.content;
  // Names of what stands in assets/ change with the content.
  const bool for_ever = file.path.starts_with("assets/");
  response.headers.emplace_back("Cache-Control", for_ever ? "public, max-age=31536000, immutable" : "no-cache");
  const std::string* encodings = request.header("accept-encoding");
  const PageFile* zipped = find_file(std::string(file.path) + ".gz");
  if (zipped == nullptr) return response;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (encodings == nullptr || encodings->find("gzip") == std::string::npos) return response;
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.asset = zipped->content;
  return response;
}

}  // namespace

void Site::show(std::shared_ptr<job::ExecutionGate> gate) {
  jobs_.push_back(std::make_unique<JobView>(std::to_string(++shown_), std::move(gate)));
  const auto ended = [](const auto& job) { return job->ended(); };
  while (std::ranges::count_if(jobs_, ended) > static_cast<std::ptrdiff_t>(most_ended_jobs))
    jobs_.erase(std::ranges::find_if(jobs_, ended));
}

void Site::look_once_more() {
  for (const auto& job : jobs_) job->look();
}

std::chrono::milliseconds Site::tick() {
  const SteadyTime now = SystemClock::instance().steady_now();
  if (now >= next_look_) {
    for (const auto& job : jobs_) job->look();
    next_look_ = std::max(next_look_ + look_interval, now + look_interval / 2);
  }
  bool tapped = false;
  for (const auto& job : jobs_) {
    job->send_samples();
    tapped = tapped || job->tapped();
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_look_ - SystemClock::instance().steady_now());
  return std::clamp<std::chrono::milliseconds>(left, 1ms, tapped ? sample_interval : look_interval);
}

HttpResponse Site::answer(const HttpRequest& request) {
  const PageFile* file = page_file(request);
  if (auto refusal = access_.refusal(request, file != nullptr)) return *std::move(refusal);
  if (request.path.front() == "api") return answer_api(request);
  const bool reads = request.method == "GET";
  if (!reads) {
    HttpResponse response = problem(405, "use GET");
    response.headers.emplace_back("Allow", "GET");
    return response;
  }
  if (file != nullptr) return serve(*file, request);
  if (request.path.size() == 1 && request.path.front() == "metrics") return prometheus();
  if (request.path.size() == 1 && request.path.front() == "plan.json") return plan();
  return problem(404, "there is nothing here: the page is at /, the API below /api/v1");
}

HttpResponse Site::answer_api(const HttpRequest& request) {
  const std::vector<std::string>& path = request.path;
  if (path.size() < 3 || path[1] != "v1" || path[2] != "jobs")
    return problem(404, "the API is below /api/v1/jobs, as src/console/api.yaml describes it");
  if (path.size() == 3) {
    if (request.method == "GET") return list_jobs();
    HttpResponse response = problem(405, "use GET");
    response.headers.emplace_back("Allow", "GET");
    return response;
  }
  const auto job = std::ranges::find_if(jobs_, [&](const auto& shown) { return shown->id() == path[3]; });
  if (job == jobs_.end()) return problem(404, "there is no job '" + path[3] + "'; /api/v1/jobs lists them");
  return (*job)->answer(request, {path.begin() + 4, path.end()});
}

HttpResponse Site::list_jobs() const {
  api::JobList list{STREAMWORK_VERSION, {}};
  for (const auto& job : jobs_) list.jobs.push_back(job->describe());
  return text_response("application/json", to_json(list));
}

HttpResponse Site::prometheus() const {
  std::vector<NamedSighting> jobs;
  for (const auto& job : jobs_) jobs.push_back({job->id(), &job->seen()});
  return text_response("text/plain; version=0.0.4; charset=utf-8", prometheus_text(jobs));
}

HttpResponse Site::plan() const {
  if (jobs_.empty()) return problem(404, "there is no job yet");
  return text_response("application/json", to_json(plan_of(jobs_.front()->seen().metrics)));
}

}  // namespace streamwork::console
