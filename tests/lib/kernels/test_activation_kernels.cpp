#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/kernels/kernels.hpp"

using namespace skein;

namespace {

struct Worst {
  double value = 0, slope = 0;
};

/// The largest errors of the kernel against double precision over [-range, range].
Worst worst_errors(const Kernels& kernels, Activation which, double range) {
  constexpr std::size_t count = 1 << 16;
  std::vector<float> at(count), value(count), slope(count);
  for (std::size_t i = 0; i < count; ++i)
    at[i] = static_cast<float>(range * (2.0 * static_cast<double>(i) / (count - 1) - 1.0));
  value = at;
  kernels.activate(which, value.data(), slope.data(), count);
  Worst worst;
  for (std::size_t i = 0; i < count; ++i) {
    const auto z = static_cast<double>(at[i]);
    worst.value = std::max(worst.value, std::abs(static_cast<double>(value[i]) - activate(which, z)));
    worst.slope =
        std::max(worst.slope, std::abs(static_cast<double>(slope[i]) - activation_derivative(which, z)));
  }
  return worst;
}

}  // namespace

TEST_CASE("activation kernels keep their documented bounds on every instruction set") {
  for (const InstructionSet set : supported_instruction_sets())
    for (const Activation which : all_activations) {
      if (which == Activation::identity) continue;
      CAPTURE(name(set));
      CAPTURE(name(which));
      for (const double range : {0.01, 1.0, 10.0, 100.0, 9000.0}) {
        CAPTURE(range);
        const Worst worst = worst_errors(kernels(set), which, range);
        const bool circle = which == Activation::sin || which == Activation::cos;
        CHECK(worst.value <= (circle ? 3e-7 : 4e-7));
        CHECK(worst.slope <= (which == Activation::steep_sigmoid ? 3e-6 : 8e-7));
      }
    }
}

TEST_CASE("activations far out stay in range, and what is not a number stays so") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  for (const InstructionSet set : supported_instruction_sets())
    for (const Activation which : all_activations) {
      if (which == Activation::identity || which == Activation::relu) continue;
      CAPTURE(name(set));
      CAPTURE(name(which));
      std::vector<float> row(64, 1.0f);
      row[1] = nan;
      row[2] = 1e6f;
      row[3] = -3e9f;
      row[4] = 1e30f;
      const std::vector<float> at = row;
      kernels(set).activate(which, row.data(), nullptr, row.size());
      CHECK(std::isnan(row[1]));
      for (const std::size_t i : {2, 3, 4})
        CHECK(static_cast<double>(row[i]) ==
              doctest::Approx(activate(which, static_cast<double>(at[i]))).epsilon(1e-6));
    }
}
