#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/measures/row_measure.hpp"

namespace skein::experiments {

/// What a finished or half-finished `compare` leaves on disk:
///
///     RUN/config.toml        the resolved configuration, the command line, version, build, instruction set
///     RUN/target.png         the picture that every network was compared with
///     RUN/results.json       `CompareResults`: the finding and all finished rows (see `to_json`)
///     RUN/results.csv        one line per network, one column per measure
///     RUN/methods.csv        one line per method: n, and median, least and greatest over seeds
///     RUN/metrics.jsonl      one line per finished row with its duration: the only place where a clock
///     reaches RUN/report.html RUN/rows/ID/row.json   one `CompareRow`; written last, so a row without it is
///     unfinished RUN/rows/ID/network.mlp RUN/rows/ID/picture.png   drawn at the target's size
///     RUN/rows/ID/loss.csv      header "step,loss", at most 2,000 lines; absent for rows that were not
///     trained RUN/rows/ID/checkpoint*   while unfinished RUN/DONE                  written last
///
/// ID is NAME, or NAME-sSEED where a seed plays a part. All paths inside are relative to RUN.

/// The steps at the end of a training of `steps` over which its loss is averaged: a fortieth, at most 500.
std::size_t loss_window(std::int64_t steps);

/// How a network came about; decides colour and order in figures.
enum class RowFamily { evolved, dense, retrained, pruned, control };

enum class RowStatus {
  done,
  retried,   ///< diverged or went dead once, done at a tenth of the learning rate
  blank,     ///< went dead both times: the network draws one colour, and is not measured
  diverged,  ///< both times; there is no network
  failed,    ///< could not be made at all, `note` says why; there is no network
};

/// Whether a row of this status has a network.
bool has_network(RowStatus status);

struct CompareRow {
  std::string id;      ///< the folder's name
  std::string name;    ///< of the method; the same for all its seeds: "evolved", "dense-adam", "sp-1404"
  std::string method;  ///< of which `name` is one count, depth or variant: "sp" of "sp-1404"
  std::string label;   ///< for people: "dense, Adam"
  RowFamily family = RowFamily::dense;
  std::optional<std::uint64_t> seed;  ///< nothing where chance plays no part
  RowStatus status = RowStatus::done;
  std::string note;          ///< one line; the cause when diverged or failed
  std::string parent;        ///< id of the row whose network this one was cut from or shuffled; empty: none
  std::string arch;          ///< "12;cache:15,..."
  std::int64_t asked = 0;    ///< weights that were to be left; 0: the row is not cut
  std::int64_t weights = 0;  ///< that exist
  std::int64_t nonzero = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< mean over the last `loss_window` steps;
                                                           ///< untrained: of the network
  double best_loss = std::numeric_limits<double>::quiet_NaN();
  double psnr = std::numeric_limits<double>::quiet_NaN();  ///< of the network that was kept, in dB
  std::int64_t steps = 0;  ///< of training that this network has seen, its parent's included
  std::string optimizer;   ///< empty when untrained
  double learning_rate = 0;
  std::vector<RowMeasure> measures;  ///< in the order of the table of measures
  std::string network;               ///< "rows/ID/network.mlp"; empty when there is none
  std::string picture;               ///< "rows/ID/picture.png"
  std::string loss_curve;            ///< "rows/ID/loss.csv"; empty when untrained

  /// The measure of that name; nothing when it was not taken.
  const RowMeasure* measure(const std::string& measure_name) const;
};

struct CompareResults {
  std::string title;    ///< the target as the user wrote it
  std::string budget;   ///< "quick", "standard", "paper"
  std::string command;  ///< the exact command line
  int width = 0;        ///< of the target, pixels
  int height = 0;
  std::string finding;  ///< two sentences
  std::vector<CompareRow> rows;
};

std::string_view name(RowFamily family);
std::string_view name(RowStatus status);

/// A row's JSON: the members above by their names, the measures both as `measures` (name to value, low, high,
/// unit) and flat by name with the value alone. What is not finite is null.
nlohmann::ordered_json to_json(const CompareRow& row);
nlohmann::ordered_json to_json(const CompareResults& results);

/// The reverse. Throws FormatError naming `file` and what is missing or of the wrong type.
CompareRow row_from_json(const nlohmann::ordered_json& json, const std::string& file);
CompareResults results_from_json(const nlohmann::ordered_json& json, const std::string& file);

/// One line per row, one column per member and measure, quoted where needed.
std::string to_csv(const CompareResults& results);

/// RUN/results.json. Throws FormatError.
CompareResults read_results(const std::filesystem::path& run);
/// RUN/results.json and RUN/results.csv.
void write_results(const std::filesystem::path& run, const CompareResults& results);

/// The steps and losses of a loss.csv. Throws FormatError.
std::vector<std::pair<std::int64_t, double>> read_loss_curve(const std::filesystem::path& file);

}  // namespace skein::experiments
