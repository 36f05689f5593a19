#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/compare_rows.hpp"
#include "experiments/training_options.hpp"

namespace skein::experiments {

/// How a network of a comparison comes about.
enum class RowKind {
  evolved,           ///< the genome, layerised
  dense,             ///< every weight of an architecture, from random weights
  relu,              ///< the same depth and width, rectified linear units only
  retrained,         ///< the genome's wiring from random weights
  frozen,            ///< the same with the copies fixed at 1: the raw topology
  shuffled_evolved,  ///< a degree-preserving shuffle of the genome's wiring, from random weights
};

/// A method of the comparison, one line of `compare_methods`.
struct CompareMethod {
  std::string_view name;   ///< in --methods, and of its rows
  std::string_view label;  ///< for people
  RowFamily family;
  RowKind kind;
  std::string_view optimizer;  ///< "" : what the options say
  bool in_quick;               ///< part of the budget `quick`
};

/// Every method, in the order of tables.
const std::vector<CompareMethod>& compare_methods();

/// What a comparison is asked to do, resolved.
struct CompareSettings {
  std::string budget = "standard";
  std::vector<std::string> methods;  ///< empty: those of the budget
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
};

/// "quick", "standard" or "paper". Throws ConfigError.
const Budget& budget_called(std::string_view name);

/// One network to be made.
struct PlannedRow {
  CompareMethod method;
  std::string id, name, label;
  std::optional<std::uint64_t> seed;
  int depth_offset = 0;
};

/// The rows that the settings ask for, in the order of tables. Rows that need a
/// genome are left out without one.
std::vector<PlannedRow> plan_rows(const CompareSettings& settings, bool has_genome);

/// "-2..2" or "-1,1,2" to the offsets other than 0. Throws ConfigError; at most 16 either way.
std::vector<int> parse_offsets(const std::string& text);

}  // namespace skein::experiments
