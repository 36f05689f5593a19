#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "experiments/drawing/drawing.hpp"
#include "experiments/report/markup.hpp"
#include "experiments/report/report_run.hpp"
#include "lib/picture/picture.hpp"

namespace skein::experiments {

/// A figure of the page, with a link that saves it as PDF; `label` is for those who do not see it.
Markup plot_tag(const Drawing& drawing, const std::string& label, const std::string& caption = {});

/// The target and, for each method, its picture and how far that is from the target, at most `side` pixels.
Markup picture_section(const ReportRun& run, int side);

/// Loss over steps: one plot, or one per family where there are many methods.
Markup loss_section(ReportRun& run);

/// One dot plot per measure: every network a point.
Markup measure_section(const ReportRun& run);

/// What the page explores: the networks shown, with their wirings as templates in `markup`.
struct Exploration {
  nlohmann::ordered_json networks = nlohmann::ordered_json::array();
  Markup markup;
  int left_out = 0;  ///< networks beyond `room`
};
/// `run_index` names the templates; `room` is how many bytes may be used and is lowered by those that are.
Exploration explore(ReportRun& run, std::size_t run_index, std::size_t& room);

}  // namespace skein::experiments
