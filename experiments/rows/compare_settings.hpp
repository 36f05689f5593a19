#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {

/// A method with the options of its variant.
struct NamedMethod {
  const RowMethod* method = nullptr;
  Variant variant;
  bool operator==(const NamedMethod&) const = default;
};

/// NAME, or NAME:OPTION=VALUE:... Throws ConfigError.
NamedMethod named_method(const std::string& text);

/// What a comparison is asked to do, resolved.
struct CompareSettings {
  std::string budget = "standard";
  RowOptions options;  ///< of all rows; `training.steps` 0: the budget's
  /// NAME, or NAME:OPTION=VALUE:... for a variant with other options (`row_option_table`); empty: those of the
  /// budget.
  std::vector<std::string> methods;
  std::vector<std::string>
      keep;  ///< what is left of the dense weights, as `sgd::parse_keep`; empty: the budget's
  std::vector<std::uint64_t> seeds;
  std::vector<int> depth_offsets;  ///< beside 0
  /// Numbers of hidden layers, instead of offsets; a genome's own is always among them, a plain picture has none.
  std::vector<int> depths;
  /// Every way of training dense networks and of cutting them has rows at other depths; else few have.
  bool all_at_depths = false;
  /// What is left by rows of these methods, instead of `keep`.
  std::map<std::string, std::vector<std::string>> keep_of;
  std::vector<Variant> variants{{}};  ///< every row in each of these variants, beside those of the methods
  /// Rows that are left out: those that agree with all of a list's names and values ("method", "target", "keep",
  /// "depth-offset", "seed" or an option of rows).
  std::vector<Variant> excluded;

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

/// As many seeds from the first on. Throws ConfigError for none, for more than are allowed and for seeds beyond
/// the largest.
std::vector<std::uint64_t> seeds_from(std::uint64_t first, std::int64_t count);

/// How a row is trained: the run's options with those of its method and variant; a recursion has none of rewinding, which
/// no cut follows. Throws ConfigError, also for what the row's own variant cannot have.
RowOptions options_of(const CompareSettings& settings, const RowKey& key);

/// The dense network that a row is cut from, of the same target, depth, options and seed: trained by Muon where the row's option
/// `optimizer` says so, else by Adam.
RowKey parent_of(const RowKey& cut);

/// Steps of the dense network before it is cut, out of those that a cut row and its parent take together.
std::int64_t parent_steps(const RowOptions& options);

/// The steps that making this row takes itself, without those of a parent.
std::int64_t steps_of(const CompareSettings& settings, const RowKey& key);

}  // namespace skein::experiments
