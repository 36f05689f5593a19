#pragma once

#include <span>
#include <string>
#include <vector>

#include "experiments/report/markup.hpp"
#include "experiments/report/report_run.hpp"

namespace skein::experiments {

/// What rows of a campaign differ in, beside the seed: an option, the target, the method, the count, the depth.
struct ReportAxis {
  struct Value {
    std::string text;
    std::vector<const CompareRow*> rows;
  };
  std::string name;
  std::vector<Value> values;  ///< numbers rising, texts in the order of the rows; two or more
  bool numeric = false;
};

/// The axes with two or more values, in the order target, method, weights kept, depth, options by their names. Rows that have
/// no value on an axis (a dense network: how many weights were kept) do not stand under it.
std::vector<ReportAxis> axes_of(std::span<const ReportRun> runs);

/// For each axis a table of medians by its values, and for those beside target and method a figure of loss and
/// compositional score by value, a curve for each method. Empty when rows differ in seed and method alone.
Markup axis_section(std::span<const ReportRun> runs);

}  // namespace skein::experiments
