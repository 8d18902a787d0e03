#include "measure.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "loops.hpp"
#include "queries.hpp"

namespace nexmark {

namespace {

/// A folder for checkpoints, gone afterwards.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("nexmark." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

double cpu_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Runs `work` and tells what it took.
template <class Work>
void clocked(Measurement& measurement, Work&& work) {
  rusage before{};
  rusage after{};
  ::getrusage(RUSAGE_SELF, &before);
  const auto begin = std::chrono::steady_clock::now();
  work();
  measurement.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ::getrusage(RUSAGE_SELF, &after);
  measurement.cpu_seconds = cpu_seconds(after) - cpu_seconds(before);
  measurement.peak_megabytes = static_cast<double>(after.ru_maxrss) / 1024;
}

/// Runs the job of a trial into `rows`, with checkpoints.
Measurement measure_job(const Trial& trial, const Source& source, const RowSink& rows) {
  const Setup setup{
      .job = sw::Job("nexmark q" + std::to_string(trial.query)),
      .source = source,
      .rows = rows,
      .output = {},
      .parallelism = static_cast<int>(trial.parallelism),
      .changes = true,
      .slide = std::chrono::milliseconds(trial.slide_milliseconds),
  };
  if (trial.side == "source") {
    setup.events().sink("nothing", sw::discard());
  } else {
    std::ranges::find(queries, trial.query, &Query::number)->write(setup);
  }
  const Folder folder;
  Measurement measurement;
  clocked(measurement, [&] {
    sw::JobHandle handle = sw::start(setup.job, {.workers = static_cast<int>(trial.workers),
                                                 .checkpoints = {.directory = folder.path(), .interval = 1s}});
    const sw::JobResult result = handle.wait();
    if (result.end != sw::JobEnd::finished)
      throw std::runtime_error("the job has not come to its end: " + result.failure);
    measurement.checkpoints = result.metrics.checkpoints.completed;
  });
  return measurement;
}

Measurement measure_throughput(const Trial& trial, const Source& source) {
  const auto checksum = std::make_shared<Checksum>();
  Measurement measurement = measure_job(trial, source, RowSink(checksum));
  measurement.rows = checksum->rows;
  measurement.checksum = checksum->sum;
  return measurement;
}

/// Of q5 and q8, whose windows have ten seconds. What comes in the first two seconds is left out.
Measurement measure_latency(const Trial& trial, Source source) {
  if (trial.offered <= 0) throw std::runtime_error("latency wants an offered load: --throttle");
  const sw::Pace pace(trial.offered);
  source.use(pace);
  const bool of_bids = trial.query == 5;
  const auto book = std::make_shared<LatencyBook>(LatencyBook::Schedule{
      .pace = pace,
      .timeline = Timeline(trial.rate),
      .events = trial.events,
      .length = 10s,
      .patience = 4s,
      .counts = [of_bids](std::uint64_t number) { return (number % epoch_events >= 4) == of_bids; },
      .warm_up = 2s,
  });
  Measurement measurement = measure_job(trial, source, RowSink(book));
  const sw::Histogram latencies = book->latencies();
  const auto at = [&](double fraction) { return static_cast<double>(latencies.quantile(fraction)) / 1e3; };
  measurement.latencies = Latencies{latencies.count(), at(0.5), at(0.99), at(0.999), at(0.9999), at(1)};
  return measurement;
}

Measurement measure_loop(const Trial& trial, const Generator& generator, const Events* made) {
  const auto loop = std::ranges::find(loops, trial.query, &Loop::query);
  if (loop == loops.end()) throw std::runtime_error("there is no loop for this query");
  const Feed feed{generator, trial.events, made, std::chrono::milliseconds(trial.slide_milliseconds)};
  RowCount count;
  Measurement measurement;
  clocked(measurement, [&] { loop->run(feed, count); });
  Checksum checksum;
  count.give(checksum);
  measurement.rows = checksum.rows;
  measurement.checksum = checksum.sum;
  return measurement;
}

}  // namespace

Measurement measure(const Trial& trial) {
  const Generator generator(trial.seed, trial.rate);
  auto made = std::make_shared<Events>();
  if (trial.made) {
    made->reserve(trial.events);
    for (std::uint64_t number = 0; number < trial.events; ++number) made->push_back(generator.event(number));
  }
  if (trial.side == "loop") return measure_loop(trial, generator, trial.made ? made.get() : nullptr);
  Source source(generator, trial.events, 0);
  if (trial.made) source.use(made);
  return trial.side == "latency" ? measure_latency(trial, source) : measure_throughput(trial, source);
}

}  // namespace nexmark
