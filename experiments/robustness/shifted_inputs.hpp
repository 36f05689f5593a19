#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/parts/picture_parts.hpp"
#include "lib/engine/engine.hpp"

namespace skein::experiments {

/// How far a network still draws what the genome draws where neither was fitted (PARTS.md, "Robustness"): between the
/// samples, beyond the frame, and where the inputs do not belong together.

/// Where both are drawn.
struct InputShift {
  std::string name;
  int size = 64;         ///< side of the grid, samples
  double extent = 1;     ///< coordinates span [-extent, extent]: above 1 zoomed out
  double moved = 0;      ///< added to x and y
  bool distance = true;  ///< whether d is that of the moved coordinates; else that of those before
};

/// The grid of `size` itself first ("grid"); 32, 128 and 256 samples a side, without `size`; zoomed out by 1.5, in by 1.5;
/// x and y moved by 0.25, and the same without d. Throws ConfigError for a size below 8 or above 1024.
std::vector<InputShift> input_shifts(int size);

inline constexpr const char* beyond_name = "beyond the frame";

/// The picture there, `shift.size` squared. Throws ConfigError unless the network reads the inputs of a picture.
Picture draw_shifted(const Plan& plan, std::span<const float> weights, const InputShift& shift);
/// The pictures at each of the shifts.
std::vector<Picture> draw_shifted(const Plan& plan, std::span<const float> weights,
                                  const std::vector<InputShift>& shifts);

/// Which part each sample of a shift lies in, row-major: by its x and y, as on the grid of the regions; `regions.count()`
/// beyond the frame.
std::vector<std::size_t> part_of_samples(const PartRegions& regions, const InputShift& shift);

struct ShiftError {
  std::string shift, part;  ///< of the parts' names, or `beyond_name`
  std::size_t samples = 0;
  double variance =
      0;  ///< of the genome's picture in the part there: mean squared deviation from its mean colour
  /// Mean squared error over that: 1 is no better than the plain colour. Nothing where there are no samples or the genome
  /// draws hardly anything but one colour (variance at most 1e-5).
  std::optional<double> error = {};
};

/// One network's pictures against those that are `wanted`, the genome's, one of each at every shift: every shift and part in
/// order. A picture that is not finite has an infinite error.
std::vector<ShiftError> shift_errors(const std::vector<Picture>& drawn, const std::vector<Picture>& wanted,
                                     const PartRegions& regions, const std::vector<InputShift>& shifts);

/// The median over the parts of a shift, without what lies beyond the frame; NaN for none.
double median_error(const std::vector<ShiftError>& errors, const std::string& shift);
/// That of one part; NaN where there is none.
double error_of(const std::vector<ShiftError>& errors, const std::string& shift, const std::string& part);

}  // namespace skein::experiments
