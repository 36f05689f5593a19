#include "neat/files/picbreeder_export.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/zip_file.hpp"
#include "tests/neat/files/picbreeder_text.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

TEST_CASE("reading, writing and reading again gives the same genome and labels") {
  const test::TemporaryFolder folder;
  for (const std::string subject :
       {"skull/genome.zip", "skull/labelled_genome.xml", "butterfly/genome.zip",
        "butterfly/labelled_genome.xml", "sad_face/labelled_genome.xml", "letter_g/labelled_genome.xml"}) {
    CAPTURE(subject);
    const auto file = test::reference_data(subject);
    if (!file) return;
    const auto first = read_picbreeder(*file);
    for (const std::string name : {"again.zip", "again.xml"}) {
      write_picbreeder(folder.path() / name, first);
      auto second = read_picbreeder(folder.path() / name);
      REQUIRE(second.size() == 1);
      second[0].notes.name = first[0].notes.name;
      CHECK(second == first);
    }
  }
}

TEST_CASE("every activation, tiny and negative-zero weights and disabled links survive the round trip") {
  AnnotatedGenome original = parse_one(document(genome_element(x + y + d + bias + ink, x_to_ink)));
  std::int32_t id = 20;
  for (const Activation activation : all_activations) {
    original.genome.nodes.push_back({{-3, id}, NodeRole::hidden, activation});
    original.genome.links.push_back(
        {{7, id}, {5, 2}, {-3, id}, 1.0 / 3.0 * std::pow(10.0, -id), id % 2 == 0});
    original.notes.labels.push_back(
        {{7, id}, "eyes & <mouth> \"" + std::to_string(id % 3) + "\"", -0.0, 1.0 / 7.0, 0.1});
    ++id;
  }
  original.genome.links.push_back({{7, 99}, {-3, 20}, {5, 4}, -0.0});
  const auto again = parse_one(picbreeder_xml(std::span(&original, 1)));
  CHECK(again == original);
  CHECK(std::signbit(again.genome.links.back().weight));
}

TEST_CASE("only pictures go into Picbreeder's format") {
  AnnotatedGenome genome = parse_one(document(genome_element(x + y + d + bias + ink, x_to_ink)));
  genome.genome.signature.outputs = {"force"};
  CHECK_THROWS_AS(picbreeder_xml(std::span(&genome, 1)), ConfigError);
  CHECK_THROWS_AS(picbreeder_xml({}), ConfigError);
}
