#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace skein {

/// A drawn picture in full precision: planar RGB in [0, 1], shape (3, height, width).
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<float> rgb;

  Picture() = default;
  Picture(int w, int h)
      : width(w), height(h), rgb(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  std::size_t pixels() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  /// One plane, shape (height, width); 0 red, 1 green, 2 blue.
  std::span<float> channel(int c) {
    return std::span(rgb).subspan(static_cast<std::size_t>(c) * pixels(), pixels());
  }
  std::span<const float> channel(int c) const {
    return std::span(rgb).subspan(static_cast<std::size_t>(c) * pixels(), pixels());
  }
  bool operator==(const Picture&) const = default;
};

/// Exchanges rows and columns, with room for one more plane.
void transpose(Picture& picture);

/// Mean over pixels and channels of the squared difference. Throws ConfigError when the sizes differ.
double mean_squared_error(const Picture& a, const Picture& b);

/// A picture of the same size in one colour, the mean of each channel.
Picture mean_colour(const Picture& picture);

/// Whether it is one colour to the eye: the standard deviation about the channels' means is at most 0.01, or
/// not a number.
bool is_constant(const Picture& picture);

/// Peak signal-to-noise ratio in dB of a mean squared error, peak 1; infinite for 0.
double psnr(double mean_squared_error);

}  // namespace skein
