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

TEST_CASE("weighted sums of maps are the plain sums, for any number of sums and samples, on every set") {
  for (const InstructionSet set : supported_instruction_sets())
    for (const std::size_t units : {1, 3, 4, 5, 8})
      for (const std::size_t terms : {0, 1, 6})
        for (const std::size_t samples : {1, 3, 8, 17, 33}) {
          CAPTURE(std::string(name(set)));
          CAPTURE(units);
          CAPTURE(terms);
          CAPTURE(samples);
          RandomStream random(samples, "sums", units * 10 + terms);
          std::vector<double> maps(terms * samples), weights(terms * units);
          for (double& value : maps) value = random.normal();
          for (double& weight : weights) weight = random.normal();
          std::vector<const double*> places;
          for (std::size_t k = 0; k < terms; ++k) places.push_back(maps.data() + k * samples);
          std::vector<double> sums(units * samples + 1, 7);
          std::vector<double*> out;
          for (std::size_t u = 0; u < units; ++u) out.push_back(sums.data() + u * samples);
          kernels(set).map_sums(places.data(), terms, weights.data(), units, out.data(), samples);
          for (std::size_t u = 0; u < units; ++u)
            for (std::size_t p = 0; p < samples; ++p) {
              double sum = 0;
              for (std::size_t k = 0; k < terms; ++k) sum += weights[k * units + u] * maps[k * samples + p];
              CHECK(out[u][p] == doctest::Approx(sum).epsilon(1e-12).scale(10));
            }
          CHECK(sums.back() == 7);  // nothing is written behind
        }
}
