#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "experiments/judges/detected_parts.hpp"
#include "experiments/judges/logistic_fit.hpp"
#include "experiments/measures/evidence.hpp"

namespace skein::experiments {

/// What the judge `detector` sees of a changed picture: what became of the parts that it finds in both. Each is lower the
/// more one thing has moved, grown or changed its shade and the rest has stayed. MEASURES.md has what else was tried.
enum class DetectorTrait {
  count,      ///< log of (regions + 1) after over before, specks counted
  asymmetry,  ///< how many pixels fewer have the shade of their mirror image, over the number that changed
  patches,    ///< log of the number of connected patches (four pixels or more) in which pixels change, and 1
};
inline constexpr std::size_t detector_trait_count = 3;
using DetectorTraits = std::array<double, detector_trait_count>;
std::string_view name(DetectorTrait trait);

/// A picture that is changed, taken apart once.
class PartDetector {
 public:
  explicit PartDetector(const Picture& original);

  const DetectedParts& parts() const { return before_; }

  /// What is seen of the picture changed to `after`.
  struct Look {
    /// By shades set for the original; nothing when the original has no parts (it is constant) or no pixel changes its
    /// shade.
    std::optional<DetectorTraits> traits;
    /// The chance, in [0, 1], that it is still a whole picture of the same kind; 0 when it has become constant; nothing
    /// where there are no traits.
    std::optional<double> whole;
  };
  Look look_at(const Picture& after) const;

  std::optional<DetectorTraits> traits_of(const Picture& after) const { return look_at(after).traits; }
  std::optional<double> judge(const Picture& after) const { return look_at(after).whole; }

 private:
  ShadeLimits limits_;
  DetectedParts before_;
};

/// As fitted by `calibrate_judges` and shipped; MEASURES.md has what it reaches.
const LogisticFit& detector_calibration();

/// Replaces the opinions on weights and directions by the detector's.
void judge_by_detector(Evidence& evidence);

}  // namespace skein::experiments
