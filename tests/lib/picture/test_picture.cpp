#include "lib/picture/picture.hpp"

#include <doctest/doctest.h>

using namespace skein;

TEST_CASE("the mean colour is a picture of each channel's mean, and one colour to the eye") {
  Picture picture(2, 1);
  picture.rgb = {0.0f, 1.0f, 0.25f, 0.5f, 0.5f, 0.0f};  // channel after channel
  const Picture flat = mean_colour(picture);
  CHECK(flat.rgb == std::vector<float>{0.5f, 0.5f, 0.375f, 0.375f, 0.25f, 0.25f});
  CHECK(is_constant(flat));
  CHECK_FALSE(is_constant(picture));
}
