#include <date/tz.h>

#include <streamwork/windows.hpp>

namespace streamwork::windows {

class Days::Zone {
 public:
  explicit Zone(const std::string& name) try : zone_(date::locate_zone(name)) {
  } catch (const std::runtime_error&) {
    throw std::invalid_argument("there is no time zone '" + name +
                                "': write a name of the IANA data base, such as \"Europe/Berlin\" (the package tzdata "
                                "must be installed)");
  }

  /// The instant at which the day of `time`, or one of those after it, begins.
  std::int64_t midnight(std::int64_t time, int days_later) const {
    const date::sys_time<Duration> instant{Duration(time)};
    const auto day = date::floor<date::days>(zone_->to_local(instant)) + date::days(days_later);
    // Where clocks are put forward at midnight, the day begins at what would have been midnight; where they are put back, at
    // the first of two.
    return zone_->to_sys(date::local_time<Duration>(day), date::choose::earliest).time_since_epoch().count();
  }

 private:
  const date::time_zone* zone_;
};

Days::Days(const std::string& zone) : name_(zone), zone_(std::make_shared<Zone>(zone)) {}

WindowShape Days::shape() const { return {.text = "days in " + name_}; }

std::int64_t Days::slice_start(std::int64_t time) const {
  const std::int64_t start = zone_->midnight(time, 0);
  // Where the hour after midnight comes twice, its second time is the same day.
  return start <= time ? start : zone_->midnight(time, -1);
}

std::int64_t Days::next_end(std::int64_t time) const { return zone_->midnight(time, 1); }

}  // namespace streamwork::windows
