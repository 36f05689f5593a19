// The predictor on planted tables of optima.
#include "experiments/regime/depth_predictor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// Targets whose optimum rises with the picture's entropy (`slope` layers a bit, noise of one layer), all other measures
/// being noise.
std::vector<MeasuredOptimum> planted(std::size_t targets, double slope, std::uint64_t number = 0) {
  RandomStream random(2, "planted optima", number);
  std::vector<MeasuredOptimum> optima;
  for (std::size_t i = 0; i < targets; ++i) {
    MeasuredOptimum optimum;
    optimum.target = "t" + std::to_string(i);
    for (double& measure : optimum.picture) measure = random.uniform();
    optimum.picture[2] = random.uniform(1, 7);
    optimum.depth = static_cast<int>(std::lround(10 + slope * (optimum.picture[2] - 4) + random.normal()));
    optimum.low = optimum.depth - 1, optimum.high = optimum.depth + 1;
    if (i % 2 == 0) optimum.own_depth = 12;
    optimum.shape = i % 3 == 0 ? "peak" : "flat";
    optima.push_back(std::move(optimum));
  }
  return optima;
}

}  // namespace

TEST_CASE("a measure that tells the depth is found, and is better than the median") {
  const auto optima = planted(14, 2.5);
  const DepthPredictor predictor = fit_depth_predictor(optima);
  CHECK(picture_measure_names[predictor.best] == "entropy");
  CHECK(predictor.better);
  CHECK(predictor.slope == doctest::Approx(2.5).epsilon(0.3));
  CHECK(predictor.fits[2].joint_p >= predictor.fits[2].p);
  CHECK(predictor.fits[2].p < 0.001);
  CHECK(predictor.error < 2);
  CHECK(predictor.median_error > predictor.error);
  CHECK(predictor.targets == 14);
  CHECK(predictor.peaks == 5);
  CHECK(predictor.own_count == 7);
  PictureMeasures picture{};
  picture[2] = 6;
  const PredictedDepth deep = predict_depth(predictor, picture);
  picture[2] = 2;
  const PredictedDepth shallow = predict_depth(predictor, picture);
  CHECK(deep.depth - shallow.depth == doctest::Approx(10).epsilon(0.3));
  CHECK(deep.low < deep.depth);
  CHECK(deep.high > deep.depth);
  CHECK(deep.covered == doctest::Approx(14.0 / 15));
}

TEST_CASE("where no measure tells the depth the median is the answer, nearly always") {
  int better = 0;
  for (std::uint64_t number = 0; number < 40; ++number) {
    const auto optima = planted(9, 0, number);
    const DepthPredictor predictor = fit_depth_predictor(optima);
    better += predictor.better;
    if (!predictor.better) {
      PictureMeasures picture{};
      picture[2] = 6;
      CHECK(predict_depth(predictor, picture).depth == predictor.median);
    }
  }
  CHECK(better <= 6);  // two expected at 5 %
}

TEST_CASE("permutation p values are exact up to nine targets") {
  // Depths in the order of one measure: of the n! orders one is as good, and one against it.
  for (const int n : {4, 5, 6}) {
    std::vector<MeasuredOptimum> optima;
    for (int i = 0; i < n; ++i) {
      MeasuredOptimum optimum;
      optimum.target = std::to_string(i), optimum.depth = 2 * i + 1, optimum.shape = "flat";
      optimum.picture[4] = 0.5 * i;  // the others are all the same
      optima.push_back(optimum);
    }
    const DepthPredictor predictor = fit_depth_predictor(optima);
    CHECK(predictor.fits[4].spearman == doctest::Approx(1));
    CHECK(predictor.fits[4].p == doctest::Approx(2 / std::tgamma(n + 1.0)));  // .083, .017, .0028
    CHECK(predictor.fits[0].spearman == 0);
    CHECK(predictor.fits[0].p == 1);
    CHECK(predictor.fits[4].joint_p == predictor.fits[4].p);
    CHECK(predictor.median == n);
  }
}

TEST_CASE("all depths the same: nothing is learnt, nothing breaks") {
  auto optima = planted(6, 1);
  for (MeasuredOptimum& optimum : optima) optimum.depth = 8;
  const DepthPredictor predictor = fit_depth_predictor(optima);
  CHECK_FALSE(predictor.better);
  const PredictedDepth predicted = predict_depth(predictor, optima[0].picture);
  CHECK(predicted.depth == 8);
  CHECK(predicted.low == 8);
  CHECK(predicted.high == 8);
}

TEST_CASE("too few targets are refused") {
  CHECK_THROWS_AS(fit_depth_predictor(planted(3, 1)), ConfigError);
  CHECK_THROWS_AS(fit_depth_predictor({}), ConfigError);
}

TEST_CASE("the table of optima comes back as it was written, and a damaged one is refused with its line") {
  auto optima = planted(5, 1);
  for (MeasuredOptimum& optimum : optima)
    for (double& measure : optimum.picture) measure = std::round(measure * 1e4) / 1e4;
  CHECK(parse_optima(optima_csv(optima), "t.csv") == optima);
  CHECK(parse_optima(optima_csv({}), "t.csv").empty());
  auto quoted = optima;
  quoted[0].target = "sun, \"low\".png";
  CHECK(parse_optima(optima_csv(quoted), "t.csv") == quoted);
  CHECK_THROWS_WITH_AS(parse_optima("a,b\n", "t.csv"), "t.csv: not a table of measured optima", FormatError);
  const std::string text = optima_csv(optima);
  CHECK_THROWS_AS(parse_optima(text + "x,1,2\n", "t.csv"), FormatError);
  std::string bad = text;
  bad.replace(bad.find("t1,"), 3, "t1,x");
  CHECK_THROWS_AS(parse_optima(bad, "t.csv"), FormatError);
  for (const std::string number : {"nan", "inf", "-inf"}) {
    const std::size_t last = text.find_last_of(',') + 1;
    CHECK_THROWS_WITH_AS(parse_optima(text.substr(0, last) + number + "\n", "t.csv"),
                         ("t.csv, line 6: '" + number + "' is not a finite number").c_str(), FormatError);
  }
  for (std::size_t cut = 0; cut < text.size(); cut += 7) try {
      parse_optima(text.substr(0, cut), "t.csv");
    } catch (const FormatError&) {
    }
}

TEST_CASE("the table that is built in is one") {
  for (const MeasuredOptimum& optimum : measured_optima()) {
    CHECK(optimum.depth >= 1);
    CHECK(optimum.low <= optimum.depth);
    CHECK(optimum.depth <= optimum.high);
    for (const double measure : optimum.picture) CHECK(std::isfinite(measure));
  }
}
