#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/measures/row_measure.hpp"
#include "experiments/parts/picture_parts.hpp"
#include "lib/base/progress.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

inline constexpr const char* circuits_file = "circuits.csv";  ///< in a row's folder, beside its network

/// What a network has for each part of its target's picture (PARTS.md): taken of rows by their option `circuits`.
struct RowCircuits {
  /// `circuit_edges`: geometric mean over the parts whose tolerance (0.1) the network reaches, in weights; `circuit_parts`:
  /// the share of the parts that it reaches; `circuit_necessary`: mean over these; with `pieces` also `d_abl`: mean over
  /// the parts, by zeros, one mask a part.
  std::vector<RowMeasure> measures;
  /// part, units, edges, reached, error, sufficient, necessary, random_sufficient.
  std::string csv;
};

/// Every network is looked at as `bridge::lift` has it: what copies carry is one weight, dead units are gone; nobody's own
/// labels count. `parts` are those of the target's picture. Nothing where fewer than two have pictures. Throws Error when the listener stops it.
std::optional<RowCircuits> circuits_of_row(const sgd::Mlp& mlp, const neat::Genome& target,
                                           const PictureParts& parts, bool pieces, std::uint64_t seed,
                                           const ProgressListener& listener);

/// The same measures of a network whose parts can have no circuits, each without a value and with this reason.
std::vector<RowMeasure> absent_circuits(bool pieces, const std::string& reason);

/// Weights by part, of the parts reached, out of a row's file; empty where there is none. Throws FormatError for a file that
/// is damaged.
std::map<std::string, int> read_circuit_edges(const std::filesystem::path& file);

}  // namespace skein::experiments
