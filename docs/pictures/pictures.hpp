// The pictures of the guide, each as SVG: what a job does that is run for it.
#pragma once

#include <string>

namespace pictures {

std::string watermark_picture();
std::string lateness_picture();
std::string merging_sessions_picture();
std::string window_kinds_picture();
std::string interval_join_picture();
std::string join_kinds_picture();

}  // namespace pictures
