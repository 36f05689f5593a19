#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "experiments/compare/analysis.hpp"
#include "experiments/rows/compare_row.hpp"

namespace skein::experiments {

/// What a finished or half-finished `compare` or `campaign` leaves on disk:
///
///     RUN/config.toml           the resolved configuration, the command line, version, build, instruction set
///     RUN/target.png            the picture that every network was compared with
///     RUN/results.json          `RunAbout`, the analysis and all finished rows
///     RUN/results.csv           one line per network, one column per measure
///     RUN/methods.csv           one line per method: n, and median, least and greatest over seeds
///     RUN/cross_participation.json   what the networks of a target say of each other, once all rows are made
///     RUN/metrics.jsonl         one line per finished row with its duration: the only place where a clock reaches
///     RUN/report.html
///     RUN/rows/ID/row.json      the row's record: key, hash, state, and all that is said of it
///     RUN/rows/ID/network.mlp   or network.recursion
///     RUN/rows/ID/picture.png   drawn at the target's size
///     RUN/rows/ID/loss.csv      header "step,loss", at most 2,000 lines; absent for rows that were not trained
///     RUN/rows/ID/round_NN.*    of a cut row: network and loss curve of each round; of SP's at the target's own depth a picture of the units
///     RUN/parents/ID/           the dense parent of cut rows, likewise
///     RUN/DONE                  written last
///
/// ID is NAME, or NAME-sSEED where a seed plays a part. A run of several targets has a folder for each in between.
/// All paths inside are relative to RUN.

/// What a run's results say beside its rows.
struct RunAbout {
  std::string title;    ///< the target as the user wrote it
  std::string budget;   ///< "quick", "standard", "paper"
  std::string command;  ///< the exact command line
  int width = 0;        ///< of the target, pixels; 0 when rows differ
  int height = 0;
  bool by_target = false;
};

struct CompareResults {
  RunAbout about;
  std::vector<CompareRow> rows;
};

/// Gives the rows in their order, one after the other, as often as it is called.
using RowSource = std::function<void(const std::function<void(const CompareRow&)>&)>;

/// Throws FormatError naming `file` and what is missing or of the wrong type.
CompareResults results_from_json(const nlohmann::ordered_json& json, const std::string& file);
nlohmann::ordered_json to_json(const CompareResults& results, const Analysis& analysis);

/// RUN/results.json. Throws FormatError.
CompareResults read_results(const std::filesystem::path& run);
/// RUN/results.csv, RUN/methods.csv and RUN/results.json, row by row: what is held of the rows at a time does not
/// grow with their number. Returns the analysis.
Analysis write_results(const std::filesystem::path& run, const RunAbout& about, const RowSource& rows);
Analysis write_results(const std::filesystem::path& run, const CompareResults& results);

/// results.csv of some rows as one text.
std::string to_csv(const CompareResults& results);

}  // namespace skein::experiments
