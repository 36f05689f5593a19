#pragma once

#include <span>
#include <string>
#include <vector>

#include "experiments/report/markup.hpp"
#include "experiments/report/report_axes.hpp"
#include "experiments/report/report_run.hpp"

namespace skein::experiments {

/// One line per method: weights, loss, PSNR and every measure as median and range over seeds.
Markup method_table(const ReportRun& run);

/// One line per network with its seed, status and every number.
Markup network_table(const ReportRun& run);

/// One line per paired test of the run's rows; empty when there is none.
Markup test_table(const ReportRun& run);

/// One line per method, one column per target; cut methods are matched by the rank of their count, for one
/// column of the results.
Markup merged_table(std::span<const ReportRun> runs, const std::string& column);

/// One line for each value of an axis, at most so many: networks, weights, loss, PSNR and the main measures over all
/// rows that have it.
Markup axis_table(const ReportAxis& axis, std::size_t most_lines);

/// The colour that figures and tables give to a family: an index into colours::series.
int family_colour(RowFamily family);

/// Whether a column is among those that a comparison is about, which stand on the page of any number of networks.
bool is_main_column(const std::string& column);

/// The columns that say how factored a network is to the front, in the order of `leads`.
void lead_first(std::vector<std::string>& columns);

/// "compositional score" for "compositional_score".
std::string column_title(const std::string& column);

}  // namespace skein::experiments
