#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "experiments/jobs/pruning_job.hpp"
#include "experiments/measures/row_measure.hpp"
#include "experiments/records/row_key.hpp"

namespace skein::experiments {

/// How a network came about; decides colour and order in figures.
enum class RowFamily { evolved, dense, retrained, pruned, control, recursive };

/// Where a row stands.
enum class RowStatus {
  done,
  retried,   ///< diverged or went dead once, done at a tenth of the learning rate
  blank,     ///< went dead both times: the network draws one colour, and is not measured
  diverged,  ///< both times; there is no network
  failed,    ///< could not be made at all, `note` says why; there is no network
  waiting,   ///< nothing of it is there, or what is there is to be tried again
  running,   ///< begun
};

/// Whether nothing more is to be done for a row of this status.
bool is_finished(RowStatus status);
/// Whether a row of this status has a network.
bool has_network(RowStatus status);

std::string_view name(RowFamily family);
std::string_view name(RowStatus status);

/// A network of a comparison, with all that is said of it.
struct CompareRow {
  RowKey key;
  RowStatus status = RowStatus::done;
  std::string note;          ///< one line; the cause when diverged or failed
  std::string parent;        ///< id of the row whose network this one was cut from or shuffled; empty: none
  std::string arch;          ///< "12;cache:15,..." of layers, "rec:3(...)" or "untied:3(...)" of a recursion
  std::int64_t weights = 0;  ///< that exist; one that rounds share counts once
  std::int64_t nonzero = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< mean over the last `loss_window` steps;
                                                           ///< untrained: of the network
  double best_loss = std::numeric_limits<double>::quiet_NaN();
  double psnr = std::numeric_limits<double>::quiet_NaN();  ///< of the network that was kept, in dB
  std::int64_t steps = 0;  ///< of training that this network has seen, its parent's included
  std::string optimizer;   ///< empty when untrained
  double learning_rate = 0;
  std::vector<RowMeasure> measures;  ///< in the order of the table of measures
  std::string network;     ///< relative to the run: "rows/ID/network.mlp" or "network.recursion"; empty: none
  std::string picture;     ///< "rows/ID/picture.png"
  std::string loss_curve;  ///< "rows/ID/loss.csv"; empty when untrained
  std::string network_digest;       ///< of the file `network`
  std::vector<RoundRecord> rounds;  ///< of a cut row

  std::string id() const { return id_of(key); }
  std::string name() const { return name_of(key); }
  std::string label() const;  ///< for people: "SP, 1404"
  RowFamily family() const;
  /// The measure of that name; nothing when it was not taken.
  const RowMeasure* measure(const std::string& measure_name) const;
};

/// A number of a row by its column: "loss", "best_loss", "psnr", "nonzero", "weights", "steps" or a measure; NaN
/// when absent.
double value_of(const CompareRow& row, const std::string& column);

/// The steps at the end of a training of `steps` over which its loss is averaged: a fortieth, at most 500.
std::size_t loss_window(std::int64_t steps);

/// A row's JSON: the members above and what is derived from the key by their names, the measures both as
/// `measures` (name to value, low, high, unit and, where there is one, the reason of an absent value) and flat by name with the value alone. What is not finite is null.
nlohmann::ordered_json to_json(const CompareRow& row);
/// The reverse. Throws FormatError naming `file` and what is missing or of the wrong type.
CompareRow row_from_json(const nlohmann::ordered_json& json, const std::string& file);

}  // namespace skein::experiments
