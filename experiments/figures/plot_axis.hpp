#pragma once

#include <string>
#include <vector>

namespace skein::experiments {

/// Maps data to a stretch of a drawing, linear or logarithmic, with round ticks.
class PlotAxis {
 public:
  /// Covers the finite values (positive ones, if logarithmic) and a little more; [0, 1] when there are none.
  PlotAxis(const std::vector<double>& values, bool logarithmic, double from, double to);

  bool shows(double value) const;
  double at(double value) const;
  struct Tick {
    double value;
    std::string label;
  };
  std::vector<Tick> ticks(int about) const;

 private:
  double scaled(double value) const;
  bool logarithmic_;
  double from_, to_;
  double low_ = 0, high_ = 1;  // in scaled units
};

/// Rounded to some digits, shortest: "0.25", "1200", "3.97e-4"; whole thousands are kept whole.
std::string plain_number(double value, int digits = 4);

}  // namespace skein::experiments
