#include "experiments/polar/polar_run.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

PolarProbe probe(const char* layer, int rank, double tree, const char* relations = "true") {
  PolarProbe result{layer, 32, rank, relations, {}};
  result.score.tree = tree;
  return result;
}

/// Two seeds: the student reads 0.9 and 0.8 of a tree, the untrained one 0.7 and 0.8.
std::vector<PolarRow> some_rows() {
  std::vector<PolarRow> rows;
  for (const std::uint64_t seed : {0u, 1u}) {
    rows.push_back({.source = PolarSource::trained,
                    .seed = seed,
                    .fit_r2 = 0.5,
                    .probes = {probe("all", 4, 0.1), probe("all", 16, seed == 0 ? 0.9 : 0.8),
                               probe("all", 16, 0.2, "shuffled"), probe("inputs", 9, 0.5)}});
    rows.push_back({.source = PolarSource::untrained,
                    .seed = seed,
                    .probes = {probe("all", 16, seed == 0 ? 0.7 : 0.8)}});
  }
  return rows;
}

}  // namespace

TEST_CASE("students are held against controls seed by seed, at the greatest rank and the true relations") {
  const auto paired = polar_paired(some_rows());
  CHECK(paired[0]["than"] == "untrained");
  CHECK(paired[0]["number"] == "tree");
  CHECK(paired[0]["difference"]["n"] == 2);
  CHECK(paired[0]["difference"]["high"].get<double>() == doctest::Approx(0.2));
  CHECK(paired[0]["higher"] == 1);
  CHECK(paired[0]["lower"] == 0);
  CHECK(paired[5]["than"] == "inputs");
  CHECK(paired[5]["higher"] == 2);
  CHECK(paired[10]["than"] == "names");
  CHECK(paired[10]["difference"].is_null());
}

TEST_CASE("a row's record is read back to the same record; another file is named") {
  std::vector<PolarRow> rows = some_rows();
  rows[0].fit_r2 = std::nan("");
  rows[1].failed = "not finite";
  for (const PolarRow& row : rows) CHECK(to_json(polar_row_from_json(to_json(row), "f")) == to_json(row));
  CHECK_THROWS_WITH_AS(polar_row_from_json({{"source", "trained"}}, "f.json"), doctest::Contains("f.json"),
                       FormatError);
  CHECK_THROWS_AS(polar_row_from_json({{"source", "another"}}, "f.json"), FormatError);
  const auto summary = polar_summary(rows);
  CHECK(summary["failed"] == 1);
  for (const auto& group : summary["groups"])
    if (group["source"] == "trained" && group["rank"] == 16 && group["relations"] == "true")
      CHECK(group["tree"]["median"].get<double>() == doctest::Approx(0.85));
}

TEST_CASE("the genome's own units and names alone are layers of the family's cases") {
  const PictureFamily family(load_parts({.target = "@sunset", .labels = {}, .regions = {}}), 2, 0);
  const PolarCases cases = polar_cases(family);
  const PolarLayer names = names_layer(cases), genome = genome_layer(family, cases);
  CHECK(names.vectors.rows() == static_cast<Eigen::Index>(cases.rows));
  CHECK(names.vectors.rowwise().sum().isOnes());
  CHECK(genome.vectors.rows() == names.vectors.rows());
  CHECK(genome.vectors.allFinite());
  // Inputs of a student are means of the coordinates over a node's own pixels, and the code.
  const auto layers = student_layers(family, cases, new_student(family, 6, 2, 0));
  REQUIRE(layers.size() == 4);
  CHECK(layers[0].name == "inputs");
  CHECK(layers[3].vectors.cols() == 12);
  CHECK(layers[3].vectors.leftCols(6) == layers[1].vectors);
  const ProbeCase& last = cases.cases.back();
  for (std::size_t n = 0; n < last.tree.nodes.size(); ++n) {
    double x = 0;
    for (const std::uint32_t p : last.tree.nodes[n].pixels)
      x += Grid{parts_size, parts_size}.x(static_cast<int>(p) % parts_size);
    const auto row = static_cast<Eigen::Index>(last.first_row + n);
    CHECK(layers[0].vectors(row, 0) ==
          doctest::Approx(x / static_cast<double>(last.tree.nodes[n].pixels.size())).epsilon(1e-5));
    CHECK(layers[0].vectors(row, 3) == doctest::Approx(1));
    CHECK(layers[0].vectors(row, 4) == doctest::Approx(1));
  }
}

TEST_CASE("plans that cannot be are refused") {
  CHECK_THROWS_AS(PolarPlan{.ranks = {}}.validate(), ConfigError);
  CHECK_THROWS_AS((PolarPlan{.width = 8, .ranks = {9}}.validate()), ConfigError);
  CHECK_THROWS_AS((PolarPlan{.ranks = {4, 4}}.validate()), ConfigError);
  CHECK_THROWS_AS(PolarPlan{.seeds = 0}.validate(), ConfigError);
  CHECK_THROWS_AS(PolarPlan{.width = 2}.validate(), ConfigError);
}
