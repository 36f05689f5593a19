#pragma once

#include <limits>
#include <string>
#include <vector>

#include "experiments/compare/compare_rows.hpp"

namespace skein::experiments {

/// All seeds of one method.
struct MethodRows {
  std::string name;
  std::string label;
  RowFamily family = RowFamily::dense;
  std::vector<const CompareRow*> rows;
  /// The row whose pictures and insides are shown: of those with a network, the one of median loss.
  const CompareRow* shown = nullptr;
};

/// By method, in order of appearance.
std::vector<MethodRows> methods_of(const CompareResults& results);

/// Names of the measures of any row, in the order of first appearance.
std::vector<std::string> measure_names(const CompareResults& results);

/// A column of the report: a member of the row ("loss", "psnr", "nonzero", ...) or a measure; NaN when
/// absent.
double value_of(const CompareRow& row, const std::string& column);

/// The finite values among some: how many, their median, least and greatest.
struct Summary {
  std::size_t count = 0;
  double median = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
Summary summarise(std::vector<double> values);

}  // namespace skein::experiments
