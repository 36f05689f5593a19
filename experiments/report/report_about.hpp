#pragma once

#include <cstddef>
#include <string>

#include "experiments/report/markup.hpp"
#include "experiments/report/report_run.hpp"

namespace skein::experiments {

/// "1 network" or "7 networks".
std::string counted(std::size_t n, const std::string& one, const std::string& many);

/// "7 networks of 4 methods, 2 seeds; target of ...": plain text.
std::string run_in_numbers(const ReportRun& run);

/// What the networks, numbers and figures of a run mean, as lists of terms.
Markup notes_of_run(const ReportRun& run);

/// The command and the configuration that make the run again.
Markup repeat_section(const ReportRun& run);

}  // namespace skein::experiments
