#pragma once

#include "experiments/compare/run_rows.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// Makes and measures all rows of a run that one process has to itself; rows that an earlier start finished are taken
/// as they are. results.json, results.csv and methods.csv are brought up to date now and then and at the end. Throws
/// Interrupted when the listener asked to stop, FormatError when rows could not be made for reasons outside them (a
/// full disk): then the same command tries again.
Analysis run_comparison(const RowContext& context, const RowPlan& plan, const RunAbout& about,
                        const RunFolder& run, const ProgressListener& listener);

/// Once all rows are there, lets the networks of each target judge each other (cross_rows.hpp), which leaves
/// RUN/cross_participation.json: `with_known_cross_values` adds it to the rows as a measure. Goes on after the targets
/// that are judged already. Throws Interrupted when the listener asks to stop.
void measure_across_rows(const std::filesystem::path& run, const RunAbout& about, const RowSource& rows,
                         const ProgressListener& listener);

/// Throws FormatError when the folder's rows were made by an earlier version of skein, in which a row's record had no
/// key.
void refuse_old_rows(const std::filesystem::path& run);

}  // namespace skein::experiments
