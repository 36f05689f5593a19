#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "experiments/changes/change_traits.hpp"
#include "experiments/judges/detector_judge.hpp"
#include "experiments/measures/subject.hpp"

namespace skein::experiments {

/// The judges that need no model.
enum class OfflineJudge { structure, detector };
inline constexpr std::array offline_judges{OfflineJudge::structure, OfflineJudge::detector};
std::string_view name(OfflineJudge judge);

/// What the offline judges see of a step that reached the wanted visible change.
struct SeenStep {
  std::size_t item = 0;  ///< which direction was moved along
  std::optional<ChangeTraits> change;
  std::optional<DetectorTraits> parts;
  /// As the shipped judges have it; nothing where they have no opinion.
  std::array<std::optional<double>, offline_judges.size()> whole;
};

/// Moves along each direction, up and down, until the visible change is `settings.match.change`, draws what was reached at
/// `settings.size` squared and looks. Of a picture that is not finite nothing is seen.
std::vector<SeenStep> see_steps(const Network& network, const Weights& weights,
                                std::span<const Direction> items, const ScoreSettings& settings);

}  // namespace skein::experiments
