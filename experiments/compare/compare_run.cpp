#include "experiments/compare/compare_run.hpp"

#include <atomic>

#include "experiments/compare/circuit_ratios.hpp"
#include "experiments/compare/cross_rows.hpp"
#include "experiments/compare/equal_loss.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

Analysis run_comparison(const RowContext& context, const RowPlan& plan, const RunAbout& about,
                        const RunFolder& run, const ProgressListener& listener) {
  const RowSource rows = all_rows(context, plan);
  RunRowsOptions options;
  options.made = [&](const CompareRow& row, double seconds) {
    run.record({{"row", row.id()}, {"status", name(row.status)}, {"seconds", seconds}});
  };
  options.refresh = [&] { write_results(context.run, about, with_known_cross_values(rows, context.run)); };
  const RunRowsOutcome outcome = run_rows(context, plan, options, listener);
  if (outcome.finished == plan.rows.size()) measure_across_rows(context.run, about, rows, listener);
  Analysis analysis = write_results(context.run, about, with_known_cross_values(rows, context.run));
  if (!outcome.troubles.empty()) {
    const RowTrouble& first = outcome.troubles.front();
    const std::size_t others = plan.rows.size() - outcome.finished;
    throw FormatError(id_of(first.key) + ": " + first.cause + "; " + std::to_string(others) +
                      " rows are left, the same command tries them again");
  }
  return analysis;
}

void measure_across_rows(const std::filesystem::path& run, const RunAbout& about, const RowSource& rows,
                         const ProgressListener& listener) {
  std::atomic<bool> stopped = false;
  const ProgressListener noted = [&](const Progress& progress) {
    const bool go_on = !listener || listener(progress);
    if (!go_on) stopped = true;
    return go_on;
  };
  try {
    measure_across(run, about.by_target, rows, CrossSettings::of_budget(about.budget), noted);
    write_circuit_ratios(run, rows);
    write_equal_loss(run, with_known_cross_values(rows, run));
  } catch (const Error&) {
    if (stopped) throw Interrupted("stopped; the same command resumes " + run.string());
    throw;
  }
}

void refuse_old_rows(const std::filesystem::path& run) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(run / "rows", ignored)) {
    const auto file = entry.path() / "row.json";
    if (!std::filesystem::is_regular_file(file, ignored)) continue;
    try {
      const auto json = read_json(file);
      if (json.is_object() && json.contains("measures") && !json.contains("key"))
        throw ConfigError(
            run.string() +
            ": its rows were made by an earlier version of skein and cannot be added to; give another "
            "folder, or --force to replace it");
    } catch (const FormatError&) {
      continue;
    }
    return;
  }
}

}  // namespace skein::experiments
