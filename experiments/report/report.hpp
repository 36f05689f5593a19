#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/report/report_run.hpp"

namespace skein::experiments {

struct Report {
  std::string html;
  std::vector<std::string> troubles;  ///< of all runs: what could not be read or had to be left out
};

/// One page about one or several runs: self-contained, opens offline, below `largest_report` bytes (networks
/// that would not fit are left out of the part that one can explore, and the page says so). Same runs, same
/// bytes.
inline constexpr std::size_t largest_report = std::size_t{14} << 20;
Report make_report(std::vector<ReportRun> runs, std::size_t room_for_networks = std::size_t{9} << 20);

/// Reads the runs and writes the page. Returns what was missing, for the user to see. Throws FormatError when
/// a folder holds no run or the file cannot be written.
std::vector<std::string> write_report(const std::vector<std::filesystem::path>& runs,
                                      const std::filesystem::path& file);

}  // namespace skein::experiments
