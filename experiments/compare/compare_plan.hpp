#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/compare/compare_rows.hpp"
#include "experiments/runs/training_options.hpp"

namespace skein::experiments {

/// How a network of a comparison comes about.
enum class RowKind {
  evolved,           ///< the genome, layerised
  dense,             ///< every weight of an architecture, from random weights
  relu,              ///< the same depth and width, rectified linear units only
  retrained,         ///< the genome's wiring from random weights
  frozen,            ///< the same with the copies fixed at 1: the raw topology
  shuffled_evolved,  ///< a degree-preserving shuffle of the genome's wiring, from random weights
  cut,               ///< cut from a dense network to a count of weights, and retrained
  cut_like,          ///< a control: cut from the same dense network to SP's counts or degrees, and retrained
};

/// A method of the comparison, one line of `compare_methods`.
struct CompareMethod {
  std::string_view name;   ///< in --methods, and of its rows
  std::string_view label;  ///< for people
  RowFamily family;
  RowKind kind;
  std::string_view optimizer;  ///< "" : what the options say
  bool in_quick;               ///< part of the budget `quick`
  std::string_view pruning;    ///< how it is cut, as in `pruning_methods`; "" : it is not
};

/// Every method, in the order of tables.
const std::vector<CompareMethod>& compare_methods();

/// What a comparison is asked to do, resolved.
struct CompareSettings {
  std::string budget = "standard";
  /// NAME, or NAME:OPTION=VALUE:... for a variant with other options of training (`RowOptions`); empty: those
  /// of the budget.
  std::vector<std::string> methods;
  std::vector<std::string>
      keep;  ///< what is left of the dense weights, as `sgd::parse_keep`; empty: the budget's
  int seeds = 3;
  std::uint64_t first_seed = 0;
  int size = 0;  ///< longer side; 0: the budget's, or a smaller picture's own
  std::string architecture;
  std::vector<int> depth_offsets;  ///< beside 0
  double initial_scale = 1;
  TrainingOptions training;  ///< `steps` 0: the budget's

  void validate() const;  ///< throws ConfigError
};

struct Budget {
  std::string_view name;
  int size;            ///< longer side of the target in pixels, at most
  std::int64_t steps;  ///< of training for each row
  int seeds;
  bool every_method;
  std::vector<std::string> keep;
};

/// "quick", "standard" or "paper". Throws ConfigError.
const Budget& budget_called(std::string_view name);

/// One network to be made.
struct PlannedRow {
  CompareMethod method;
  std::string variant;  ///< "schedule=cosine:lr=1e-3"; empty: the comparison's own options
  std::string id, name, label;
  std::optional<std::uint64_t> seed;
  int depth_offset = 0;
  std::int64_t count = 0;  ///< weights to leave; 0: the row is not cut
  std::string base;        ///< id of the dense row that it is cut from
  std::string like;        ///< id of the row whose counts or degrees a control matches
};

/// The rows that the settings ask for, in the order of tables, and the SP rows that their controls need. Rows
/// that need a genome are left out without one.
std::vector<PlannedRow> plan_rows(const CompareSettings& settings, bool has_genome);

/// The dense row that a row is cut from.
PlannedRow base_of(const PlannedRow& planned);

/// How a row is trained: the comparison's options with those of its variant.
struct RowOptions {
  TrainingOptions training;
  double initial_scale = 1;
};

/// Throws ConfigError for a variant that is not made of known options.
RowOptions row_options(const CompareSettings& settings, const PlannedRow& planned);

/// Steps of the dense network before it is cut, out of `total` that a cut row and its parent take together.
std::int64_t parent_steps(std::int64_t total);

/// "-2..2" or "-1,1,2" to the offsets other than 0. Throws ConfigError; at most 16 either way.
std::vector<int> parse_offsets(const std::string& text);

}  // namespace skein::experiments
