#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/jobs/training_options.hpp"
#include "experiments/records/row_key.hpp"

namespace skein::experiments {

/// The recursion that rows of recursions are made of where none is given: that of the tables of RECURSION.md.
inline constexpr const char* default_recursion = "rec:3(6;relu:16,tanh:8;steep-sigmoid:4)";

/// What may differ between the rows of a run beside method, count, depth and seed.
struct RowOptions {
  TrainingOptions training;
  double initial_scale = 1;      ///< times the LeCun-normal width
  double parent_part = 0.5;      ///< of all steps, taken by the dense network that rows are cut from
  int rounds = 0;                ///< of cutting and retraining; 0: the method's own
  std::string wiring;            ///< the built-in genome whose wiring a transferred row has: @NAME
  std::string architecture;      ///< of dense rows; empty: the target's own
  int size = 0;                  ///< longer side of the target in pixels; 0: the run's
  std::string widths = "equal";  ///< of dense networks at other depths: `width_rule`
  std::string recursion = default_recursion;  ///< that rows of recursions are made of: a tied one
  std::string circuits = "off";  ///< of the parts of the target (RowCircuits): off, edges, or on, with pieces
  double bar = 0;  ///< trainings end at the first network with a loss below this one; 0: none does
};

/// One option, by its flag's name. A new one is a member of `RowOptions` and a line of the table: it is then an
/// option of variants (NAME:OPTION=VALUE) and an axis of campaigns.
struct RowOption {
  std::string_view name;
  /// Sets the option from a text. Throws ConfigError for one that it cannot be.
  void (*set)(RowOptions& options, const std::string& text);
  nlohmann::ordered_json (*get)(const RowOptions& options);
  /// Its default adds nothing to what identifies a row, so that rows made before there was the option stay what they are.
  bool later = false;
};

std::span<const RowOption> row_option_table();

/// The options with those of a variant. Throws ConfigError for options that are unknown or cannot be.
RowOptions with_variant(RowOptions options, const Variant& variant);

/// "lr=1e-3:schedule=cosine" as the user writes it. A value may hold colons ("recursion=rec:3(6;relu:8)"): what has no
/// "=" belongs to the value before it. Throws ConfigError for a first part without "=".
Variant parse_variant(const std::string& text);

/// A list that was parted at every comma, with the commas inside brackets put back.
std::vector<std::string> rejoined_brackets(const std::vector<std::string>& parts);

}  // namespace skein::experiments
