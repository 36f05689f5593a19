#include "experiments/families/coverage_run.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace skein::experiments;

TEST_CASE("students whose numbers are not known are left out of the rank correlations") {
  std::vector<CoverageRow> rows;
  const double nothing = std::nan("");
  const double participation[] = {1, 2, nothing, 3, 4, 5};
  const double unseen[] = {0.1, 0.2, -5, 0.4, nothing, 0.3};
  const double decodable[] = {nothing, 0.9, 0.8, 0.7, 0.6, 0.5};
  for (int i = 0; i < 6; ++i) {
    CoverageRow row;
    row.key.support = Support::connected;
    row.participation = participation[i];
    row.coverage.unseen_r2 = unseen[i];
    row.coverage.decodability.push_back({0, decodable[i], 0});
    rows.push_back(row);
  }
  const auto found = summary_of(rows).at("rank_correlation");
  // Known of the second, fourth and sixth alone: unseen ranks 1 3 2, participation 1 2 3, decodability 3 2 1.
  CHECK(found.at("students") == 3);
  CHECK(found.at("unseen_r2_and_participation").get<double>() == doctest::Approx(0.5));
  CHECK(found.at("decodability_and_participation").get<double>() == doctest::Approx(-1));
  CHECK(found.at("unseen_r2_and_decodability").get<double>() == doctest::Approx(-0.5));
}
