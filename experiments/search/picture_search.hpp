#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "bridge/gradient_fit.hpp"
#include "lib/base/progress.hpp"
#include "lib/picture/picture.hpp"
#include "neat/operators/settings.hpp"

namespace skein::experiments {

/// How a search looks for a picture.
enum class Arm : std::uint8_t {
  target_driven,  ///< NEAT, fitness is likeness to the target
  open_ended,     ///< MAP-Elites, which knows no target
  lamarckian,     ///< target-driven; each genome is fitted by gradient first, and passes that on
  baldwinian,     ///< the same, but judged by the fitted weights and passing on its own
  same_pixels,    ///< target-driven with the evaluations that draw as many pictures as the fitted arms do
  same_work,      ///< the same, a backward pass counted as two more pictures
};
inline constexpr Arm all_arms[] = {Arm::target_driven, Arm::open_ended,  Arm::lamarckian,
                                   Arm::baldwinian,    Arm::same_pixels, Arm::same_work};
std::string_view name(Arm arm);        ///< "target-driven", ...
Arm parse_arm(std::string_view name);  ///< throws ConfigError that lists the names
bool is_fitted(Arm arm);               ///< whether genomes are fitted before they are judged

struct SearchSettings {
  neat::Settings variation = neat::cppn_preset();  ///< of every arm, so that all mutate at the same rates
  std::uint64_t evaluations = 15'000;              ///< genomes judged; more of them in the `same_` arms
  bridge::GradientFit fit{};                       ///< of the fitted arms; also sizes the `same_` arms
  int levels = 5;  ///< nearness is told at so many halvings of the evaluations
};

/// What a search of one arm costs.
struct Cost {
  std::uint64_t evaluations = 0;  ///< genomes judged
  std::uint64_t pictures = 0;     ///< forward drawings of a whole picture, those of the fits included
};
Cost cost_of(Arm arm, const SearchSettings& settings);

/// How near a search had come after a part of its cost.
struct Nearness {
  Cost cost;
  double error = 0;  ///< root mean squared error over RGB of the nearest picture so far
};

struct Found {
  std::vector<Nearness> course;  ///< one per level, the last after the whole search
  neat::Genome nearest;          ///< with the weights that drew the nearest picture
};

/// One search for one target. Same arguments, same result on any number of threads. Throws Interrupted when
/// `listener` asks to stop, ConfigError for `open_ended`.
Found search_for(const Picture& target, Arm arm, const SearchSettings& settings, std::uint64_t seed,
                 const ProgressListener& listener = {});

/// One open-ended search of squares, and the nearest that ever entered its archive to each of the targets.
std::vector<Found> search_openly(std::span<const Picture> targets, const SearchSettings& settings,
                                 std::uint64_t seed, const ProgressListener& listener = {});

}  // namespace skein::experiments
