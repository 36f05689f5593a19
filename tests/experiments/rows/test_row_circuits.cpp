#include "experiments/rows/row_circuits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

double value_in(const RowCircuits& circuits, const std::string& name) {
  const auto found = std::ranges::find(circuits.measures, name, &RowMeasure::name);
  REQUIRE(found != circuits.measures.end());
  return found->value;
}

}  // namespace

TEST_CASE("a face's circuits are small and complete, and what its row keeps is read back") {
  const auto genome = face();
  const auto circuits = circuits_of_row(bridge::layerize(genome.genome), genome.genome,
                                        parts_of(genome.genome, genome.notes.labels), true, 0, {});
  REQUIRE(circuits.has_value());
  CHECK(value_in(*circuits, "circuit_parts") == 1);
  CHECK(value_in(*circuits, "circuit_edges") < 40);
  CHECK(value_in(*circuits, "circuit_necessary") > 0.5);
  CHECK(value_in(*circuits, "d_abl") <= -0.7);
  CHECK(value_in(*circuits, "d_abl_none") ==
        doctest::Approx(0.2).epsilon(0.1));  // one part of five lies around the others
  const test::TemporaryFolder folder;
  const auto file = folder.path() / circuits_file;
  write_file(file, circuits->csv);
  const auto edges = read_circuit_edges(file);
  CHECK(edges.size() == 5);
  CHECK(edges.contains("mouth"));
  CHECK(read_circuit_edges(folder.path() / "absent.csv").empty());
  write_file(file, circuits->csv + "chin,1,many,1,0,0,0,0\n");
  CHECK_THROWS_AS(read_circuit_edges(file), FormatError);
}

TEST_CASE("where parts can have no circuits the same measures are there without values, with the reason") {
  const auto genome = face();
  for (const bool pieces : {false, true}) {
    const auto circuits = circuits_of_row(bridge::layerize(genome.genome), genome.genome,
                                          parts_of(genome.genome, genome.notes.labels), pieces, 0, {});
    const auto absent = absent_circuits(pieces, "why");
    REQUIRE(circuits.has_value());
    REQUIRE(absent.size() == circuits->measures.size());
    for (std::size_t i = 0; i < absent.size(); ++i) {
      CHECK(absent[i].name == circuits->measures[i].name);
      CHECK(absent[i].unit == circuits->measures[i].unit);
      CHECK(absent[i].reason == "why");
      CHECK_FALSE(std::isfinite(absent[i].value));
    }
  }
}

TEST_CASE("a target of one part has no circuits") {
  auto genome = face();
  std::erase_if(genome.notes.labels, [](const neat::LinkLabel& label) { return label.label != "mouth"; });
  const PictureParts one = parts_of(genome.genome, genome.notes.labels);
  CHECK_FALSE(circuits_of_row(bridge::layerize(genome.genome), genome.genome, one, true, 0, {}).has_value());
}
