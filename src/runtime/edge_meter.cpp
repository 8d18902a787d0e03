#include <mutex>
#include <streamwork/typed/edge_meter.hpp>
#include <utility>

namespace streamwork::typed {

struct EdgeMeter::Viewing {
  std::mutex mutex;
  std::shared_ptr<BatchViewer> viewer;
};

EdgeMeter::EdgeMeter() : viewing_(std::make_unique<Viewing>()) {}
EdgeMeter::~EdgeMeter() = default;

void EdgeMeter::set_viewer(std::shared_ptr<BatchViewer> viewer) {
  const std::lock_guard lock(viewing_->mutex);
  viewing_->viewer = std::move(viewer);
  viewed_.store(viewing_->viewer != nullptr, std::memory_order_relaxed);
}

void EdgeMeter::show(const BatchBase& batch) {
  const std::lock_guard lock(viewing_->mutex);
  if (viewing_->viewer) viewing_->viewer->see(batch);
}

}  // namespace streamwork::typed
