#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/regime/picture_measures.hpp"

namespace skein::experiments {

/// Where a target's networks were found most factored, and what its picture measures.
struct MeasuredOptimum {
  std::string target;
  std::optional<int> own_depth;      ///< of its genome
  int depth = 0, low = 0, high = 0;  ///< hidden layers, with the interval of the place
  std::string shape;                 ///< "peak", "flat", ...
  double p = 1;                      ///< of the peak
  PictureMeasures picture{};
  bool operator==(const MeasuredOptimum&) const = default;
};

/// A CSV with the columns target, own_depth, depth, low, high, shape, p and the names of the picture measures. Throws
/// FormatError naming `file` and the line.
std::vector<MeasuredOptimum> parse_optima(std::string_view csv, const std::string& file);
std::string optima_csv(std::span<const MeasuredOptimum> optima);

/// experiments/regime/measured_optima.csv as it was when the program was built.
std::span<const MeasuredOptimum> measured_optima();

/// How one picture measure goes with the optimal depth.
struct PredictorFit {
  std::size_t measure = 0;  ///< in `picture_measure_names`
  double spearman = 0;      ///< rank correlation, ties by mean ranks; 0 where all are the same
  double p = 1;  ///< two-sided, by permuting the optima: all orders up to nine targets, else a million drawn
  double joint_p = 1;  ///< of the largest correlation of any measure being as large
};

/// What may be said of a picture's depth, learnt from targets whose optimum was measured.
struct DepthPredictor {
  std::vector<PredictorFit> fits;      ///< one a measure
  std::size_t targets = 0, peaks = 0;  ///< that it rests on; those of them with a peak
  std::size_t best = 0;                ///< the fit with the largest correlation
  double slope = 0,
         intercept = 0;        ///< of depth along that measure (of regions: along log(1 + n)), least squares
  double least = 0, most = 0;  ///< of the depths measured
  double median = 0;           ///< of them
  double error = 0;  ///< mean absolute, each target left out: measure chosen and line drawn from the others
  double median_error = 0;          ///< likewise of the others' median
  std::optional<double> own_error;  ///< of the genome's depth, over the targets that have one
  std::size_t own_count = 0;
  std::vector<double> misses, median_misses;  ///< |predicted - measured|, rising
  bool better = false;  ///< the error is below the median's and the best measure's joint p at most .05
};

/// Fewest targets that anything is learnt from.
inline constexpr std::size_t fewest_optima = 4;

/// Throws ConfigError for fewer than `fewest_optima`.
DepthPredictor fit_depth_predictor(std::span<const MeasuredOptimum> optima, std::uint64_t seed = 0);

struct PredictedDepth {
  double depth = 0, low = 0,
         high = 0;     ///< hidden layers; the interval holds as many of the targets left out as said
  double covered = 0;  ///< the share of targets left out that such intervals hold, at least
};

/// By the best measure where it is better than the median, else the median; never beyond the depths measured.
PredictedDepth predict_depth(const DepthPredictor& predictor, const PictureMeasures& picture);

}  // namespace skein::experiments
