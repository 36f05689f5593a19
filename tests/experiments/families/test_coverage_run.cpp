#include "experiments/families/coverage_run.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace skein::experiments;

TEST_CASE("students whose numbers are not known are left out of the rank correlations") {
  std::vector<CoverageRow> rows;
  const double participation[] = {1, 2, std::nan(""), 3, 4};
  const double unseen[] = {0.1, 0.2, -5, 0.3, std::nan("")};
  for (int i = 0; i < 5; ++i) {
    CoverageRow row;
    row.key.support = Support::connected;
    row.participation = participation[i];
    row.coverage.unseen_r2 = unseen[i];
    row.coverage.decodability.push_back({0, i == 0 ? std::nan("") : 1.0 - i, 0});
    rows.push_back(row);
  }
  const auto found = summary_of(rows).at("rank_correlation");
  CHECK(found.at("students") == 5);
  CHECK(found.at("unseen_r2_and_participation").get<double>() == doctest::Approx(1));
  CHECK(found.at("decodability_and_participation").get<double>() == doctest::Approx(-1));
  // 0.2, -5 and 0.3 against falling numbers: ranks 2 1 3 and 3 2 1.
  CHECK(found.at("unseen_r2_and_decodability").get<double>() == doctest::Approx(-0.5));
}
