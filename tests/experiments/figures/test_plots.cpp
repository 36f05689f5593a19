#include "experiments/figures/plots.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/plot_axis.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("axes have round ticks within their range and place values in order") {
  for (const bool logarithmic : {false, true})
    for (const auto& values :
         std::vector<std::vector<double>>{{1, 2}, {3e-5, 0.2}, {1, 1}, {5, 1e6}, {}, {0.31, 0.32}}) {
      const PlotAxis axis(values, logarithmic, 0, 100);
      const auto ticks = axis.ticks(5);
      CHECK(ticks.size() <= 12);
      double last = -1;
      for (const auto& tick : ticks) {
        CHECK(axis.at(tick.value) >= -1e-6);
        CHECK(axis.at(tick.value) <= 100 + 1e-6);
        CHECK(axis.at(tick.value) > last);
        last = axis.at(tick.value);
      }
      for (const double value : values) CHECK((axis.at(value) >= 0 && axis.at(value) <= 100));
    }
  CHECK(!PlotAxis({1, 2}, true, 0, 1).shows(0));
  CHECK(plain_number(3.974e-4) == "3.97e-4");
  CHECK(plain_number(0.25) == "0.25");
  CHECK(plain_number(65536) == "65536");
  CHECK(plain_number(0.123456, 3) == "0.123");
}

TEST_CASE("the spread over seeds is the median with least and greatest at each step") {
  const Series s = spread_of("x", {{"", {1, 2}, {5, 1}}, {"", {1, 2}, {3, 2}}, {"", {1}, {4}}}, 2);
  CHECK(s.x == std::vector<double>{1, 2});
  CHECK(s.y == std::vector<double>{4, 1.5});
  CHECK(s.low == std::vector<double>{3, 1});
  CHECK(s.high == std::vector<double>{5, 2});
}

TEST_CASE("plots of nothing, of one point and of what is not finite are drawn") {
  const double nan = std::nan("");
  for (const auto& series :
       std::vector<std::vector<Series>>{{}, {{"a", {1}, {1}}}, {{"b", {1, 2, 3}, {nan, -1, nan}}}}) {
    const std::string svg = to_svg(curve_plot(series, {.log_x = true, .log_y = true}));
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
  }
  const Drawing plot = dot_plot({{"a", {1, nan, 3}}, {"b", {nan}}, {"c", {}}}, {.reference = 2});
  CHECK(std::ranges::count_if(plot.marks, [](const Mark& m) { return std::holds_alternative<Disc>(m); }) ==
        2);
  CHECK(to_svg(plot).find("nan") == std::string::npos);
  const Drawing exact = dot_plot({{"exact", {0}}, {"a", {1, 2}}}, {.log_x = true});
  const auto says = [&](const std::string& words) {
    return std::ranges::any_of(exact.marks, [&](const Mark& mark) {
      const auto* text = std::get_if<Text>(&mark);
      return text && text->text == words;
    });
  };
  CHECK(says("0"));
  CHECK_FALSE(says("none"));
  CHECK(small_multiples({}, 3).width >= 1);
}
