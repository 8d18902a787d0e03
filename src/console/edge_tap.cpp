#include "console/edge_tap.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <streamwork/json.hpp>
#include <utility>

namespace streamwork::console {

class EdgeTap::Viewer final : public typed::BatchViewer {
 public:
  Viewer(std::shared_ptr<EdgeTap> tap, std::int64_t from, std::int64_t to)
      : tap_(std::move(tap)), from_(from), to_(to) {}
  void see(const typed::BatchBase& batch) noexcept override {
    try {
      tap_->see(batch, from_, to_);
    } catch (const std::exception&) {
      // No memory for a picture is no reason to stop a job.
    }
  }

 private:
  std::shared_ptr<EdgeTap> tap_;
  std::int64_t from_;
  std::int64_t to_;
};

std::shared_ptr<typed::BatchViewer> EdgeTap::viewer(std::int64_t from, std::int64_t to) {
  return std::make_shared<Viewer>(shared_from_this(), from, to);
}

void EdgeTap::see(const typed::BatchBase& batch, std::int64_t from, std::int64_t to) {
  const auto lock = monitor_.lock();
  passed_ += batch.size();
  for (std::uint32_t i = 0; i < std::min(batch.size(), most_of_a_batch) && count_ < most_events; ++i, ++count_) {
    std::string event;
    batch.describe(i, event);
    if (event.size() > most_event_bytes) event = to_json(event.substr(0, most_event_bytes) + "…");
    std::string time = "null";
    if (const auto event_time = batch.time_of(i)) time = to_json(*event_time);
    shown_ += (shown_.empty() ? "" : ",") + ("{\"from_instance\":" + std::to_string(from)) +
              ",\"to_instance\":" + std::to_string(to) + ",\"event_time_ms\":" + time + ",\"event\":" + event + "}";
  }
}

std::string EdgeTap::take(std::int64_t time_ms) {
  const auto lock = monitor_.lock();
  if (passed_ == 0) return {};
  std::string sample = "{\"time_ms\":" + std::to_string(time_ms) + ",\"passed\":" + std::to_string(passed_) +
                       ",\"shown\":[" + shown_ + "]}";
  passed_ = 0;
  count_ = 0;
  shown_.clear();
  return sample;
}

}  // namespace streamwork::console
