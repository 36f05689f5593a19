#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace skein::experiments {

/// What the judge `structure` sees of a change made to a picture, from brightness alone. Each is lower the
/// more the change looks like one part of the picture that moved, rather than debris laid over all of it.
enum class ChangeTrait {
  spread,     ///< log of the effective share of the pixels that change
  crispness,  ///< log of the effective share of the pixels that hold the change's contours, less the same of
              ///< the picture's own
  fit,        ///< how much more contour there is than if the same change had been laid elsewhere in the
              ///< picture, in units of the change's own contours
};
inline constexpr int trait_count = 3;
using ChangeTraits = std::array<double, trait_count>;

std::string_view name(ChangeTrait trait);

/// A square picture that is changed, with what the traits need of it. An effective share is exp of the
/// entropy of the numbers taken as shares, over how many there are; contours are lengths of the gradient by
/// central differences. "Elsewhere" means turned by quarters and mirrored: the seven other ways to lay a
/// square on itself, without those in which the picture looks like itself (correlation from 0.9; all seven
/// when none is left).
class ChangedPicture {
 public:
  /// `level`: brightness in [0, 1], side squared values. Throws ConfigError when it is not square.
  ChangedPicture(std::vector<float> level, int width, int height);

  /// Of the picture changed to `after`; nothing when brightness has hardly changed (mean below 0.001), as
  /// when colour alone does.
  std::optional<ChangeTraits> traits_of(const std::vector<float>& after) const;

 private:
  struct Gradient {
    std::vector<float> x, y;
  };
  Gradient gradient_of(const std::vector<float>& values) const;
  std::vector<float> turned(const std::vector<float>& values, int way) const;

  int side_ = 0;
  std::vector<float> level_;
  Gradient own_;
  std::vector<Gradient> elsewhere_;  ///< of the picture turned, which is laying the change elsewhere
  double contours_ = 0;              ///< log of the effective share of its own
};

}  // namespace skein::experiments
