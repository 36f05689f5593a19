#pragma once

#include <string_view>

namespace skein::experiments {

/// The files report.html, report.css and report_*.js of this folder with what they import of experiments/page, put into
/// the program when it is built.
std::string_view report_blocks();
std::string_view report_style();
std::string_view report_script();

}  // namespace skein::experiments
