#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/nets/net.hpp"
#include "experiments/report/method_rows.hpp"

namespace skein::experiments {

/// How much a page says of a run: all of a comparison, less of a campaign of thousands of networks, whose tables are files.
struct ReportDetail {
  bool every_network = true;   ///< a line for each in a table
  bool every_measure = true;   ///< else only the columns that a comparison is about
  bool curves = true;          ///< of losses
  std::size_t pictures = 400;  ///< methods whose pictures are shown
};

/// What a report is made from: a run folder read back, or the rows of one target of it.
struct ReportRun {
  std::filesystem::path folder;
  CompareResults results;
  Analysis analysis;          ///< of `results`
  std::string configuration;  ///< the text of config.toml; empty when there is none
  bool finished = false;
  std::string target_picture = "target.png";  ///< in the folder
  ReportDetail detail;
  std::vector<std::string> troubles;  ///< what was missing or damaged, one line each
};

/// Reads a run of `compare`, finished or not, or of `train` (then it has one row). Damaged or missing parts
/// become troubles; rows that results.json has not yet are taken from their folders. Throws FormatError when
/// the folder holds nothing to report.
ReportRun read_report_run(const std::filesystem::path& folder);

/// The same, with a run of its own for each target of a campaign.
std::vector<ReportRun> read_report_runs(const std::filesystem::path& folder);

/// A file named by a row. Nothing when the name is empty or leads out of the folder.
std::optional<std::filesystem::path> file_of(const ReportRun& run, const std::string& relative);

/// The row's network; nothing (and a trouble) when it cannot be read.
std::optional<Net> network_of(ReportRun& run, const CompareRow& row);

}  // namespace skein::experiments
