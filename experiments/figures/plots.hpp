#pragma once

#include <limits>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"

namespace skein::experiments {

/// A curve through (x, y), with a band from low to high where those are given (as many as y, or none).
struct Series {
  std::string name;
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<double> low = {};
  std::vector<double> high = {};
  int colour = 0;  ///< index into colours::series, any number
};

struct PlotOptions {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  bool log_x = false;  ///< points at or below 0 are then left out
  bool log_y = false;
  double width = 640;
  double height = 360;
};

/// Curves with their names at their ends. Points that are not finite break a curve; nothing to show gives the
/// empty axes and a line saying so.
Drawing curve_plot(const std::vector<Series>& series, const PlotOptions& options = {});

/// Median, least and greatest over several curves (seeds) that share their x where they have one; x that only
/// some have are kept with those.
Series spread_of(const std::string& name, const std::vector<Series>& curves, int colour);

/// One line of a dot plot: all its values as points, their median as a tick.
struct DotRow {
  std::string name;
  std::vector<double> values;
  int colour = 0;
  /// 95 % interval of each value, drawn as a thin bar; empty or as many as values, NaN where there is none.
  std::vector<double> low = {};
  std::vector<double> high = {};
};

struct DotPlotOptions {
  std::string title = {};
  std::string x_label = {};
  bool log_x = false;
  double width = 640;
  double name_width = 0;                                        ///< room for the names; 0: as they need
  double reference = std::numeric_limits<double>::quiet_NaN();  ///< a dashed upright line
};

/// Every value as a point, one line per row; rows without a finite value say "none".
Drawing dot_plot(const std::vector<DotRow>& rows, const DotPlotOptions& options = {});

/// Drawings side by side in reading order, in columns as wide as the widest.
Drawing small_multiples(const std::vector<Drawing>& drawings, int columns);

}  // namespace skein::experiments
