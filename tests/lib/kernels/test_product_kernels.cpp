#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/kernels/kernels.hpp"

using namespace skein;

TEST_CASE("weighted products of maps are the plain sums, for any number of maps and samples, on every set") {
  for (const InstructionSet set : supported_instruction_sets())
    for (const std::size_t count : {1, 2, 3, 4, 5, 9, 13})
      for (const std::size_t samples : {1, 7, 8, 255, 256, 257, 700}) {
        CAPTURE(std::string(name(set)));
        CAPTURE(count);
        CAPTURE(samples);
        RandomStream random(samples, "products", count);
        std::vector<std::vector<double>> maps(count, std::vector<double>(samples));
        std::vector<double> weights(samples);
        for (auto& map : maps)
          for (double& value : map) value = random.normal();
        for (double& weight : weights) weight = random.uniform();
        std::vector<const double*> places;
        for (const auto& map : maps) places.push_back(map.data());
        std::vector<double> sums(count * count, std::nan(""));
        kernels(set).products(places.data(), count, weights.data(), samples, sums.data());
        for (std::size_t i = 0; i < count; ++i)
          for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t p = 0; p < samples; ++p) sum += weights[p] * maps[i][p] * maps[j][p];
            CHECK(sums[i * count + j] == doctest::Approx(sum).epsilon(1e-12).scale(10));
          }
      }
}
