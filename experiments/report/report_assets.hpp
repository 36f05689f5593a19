#pragma once

#include <string_view>

namespace skein::experiments {

/// The files report*.html, report.css and report_*.js of this folder with what they import of experiments/page, put into
/// the program when it is built.
std::string_view report_template();
std::string_view report_explorer_template();  ///< of {{run}}, {{a}} and {{b}}; report_explorer.js fills it
std::string_view report_explorer_side_template();  ///< one of its two networks, {{name}} and {{title}}
std::string_view report_style();
std::string_view report_script();

}  // namespace skein::experiments
