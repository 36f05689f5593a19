#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/compare_rows.hpp"
#include "sgd/mlp.hpp"

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

/// What a report is made from: a run folder read back.
struct ReportRun {
  std::filesystem::path folder;
  CompareResults results;
  std::string configuration;  ///< the text of config.toml; empty when there is none
  bool finished = false;
  std::vector<std::string> troubles;  ///< what was missing or damaged, one line each
};

/// Reads a run of `compare`, finished or not, or of `train` (then it has one row). Damaged or missing parts
/// become troubles; rows that results.json has not yet are taken from their folders. Throws FormatError when
/// the folder holds nothing to report.
ReportRun read_report_run(const std::filesystem::path& folder);

/// By method, in order of appearance.
std::vector<MethodRows> methods_of(const CompareResults& results);

/// Names of the measures of any row, in the order of first appearance.
std::vector<std::string> measure_names(const CompareResults& results);

/// A column of the report: a member of the row ("loss", "psnr", "nonzero", ...) or a measure; NaN when
/// absent.
double value_of(const CompareRow& row, const std::string& column);

/// A file named by a row. Nothing when the name is empty or leads out of the folder.
std::optional<std::filesystem::path> file_of(const ReportRun& run, const std::string& relative);

/// The row's network; nothing (and a trouble) when it cannot be read.
std::optional<sgd::Mlp> network_of(ReportRun& run, const CompareRow& row);

/// The finite values among some: how many, their median, least and greatest.
struct Summary {
  std::size_t count = 0;
  double median = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
Summary summarise(std::vector<double> values);

}  // namespace skein::experiments
