#include "neat/files/genome_file.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/files/framed_file.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

AnnotatedGenome sample() {
  AnnotatedGenome sample;
  Genome& genome = sample.genome;
  genome.signature = {{"x", "bias"}, {"ink"}};
  genome.nodes = {{{0, 0}, NodeRole::input, Activation::identity},
                  {{0, 1}, NodeRole::input, Activation::identity},
                  {{0, 2}, NodeRole::output, Activation::sigmoid}};
  for (const Activation activation : all_activations) {
    const auto id = 3 + static_cast<std::int32_t>(activation);
    genome.nodes.push_back({{-7, id}, NodeRole::hidden, activation});
    genome.links.push_back({{2, id}, {0, 0}, {-7, id}, 0.1 * id, id % 2 == 0});
    genome.links.push_back({{3, id}, {-7, id}, {0, 2}, -1.0 / id});
  }
  sample.notes = {
      "a name", {9, 8}, {{1, 2}, {3, 4}}, {{{2, 4}, "mouth, \"wide\"", -1, 1, 0.25}}, {"an oddity"}};
  return sample;
}

}  // namespace

TEST_CASE("a genome file gives back every bit of the genome and its notes") {
  const test::TemporaryFolder folder;
  write_genome(folder.path() / "g", sample());
  CHECK(read_genome(folder.path() / "g") == sample());
  CHECK(framed_kind(genome_bytes(sample())) == std::string(genome_file_kind));
  const auto file = test::reference_data("butterfly/labelled_genome.xml");
  if (!file) return;
  const AnnotatedGenome butterfly = read_picbreeder(*file).at(0);
  CHECK(parse_genome(genome_bytes(butterfly), "butterfly") == butterfly);
}

TEST_CASE("a damaged genome file is refused or read, never more") {
  const std::string bytes = genome_bytes(sample());
  const auto read = [](const std::string& damaged) { express(parse_genome(damaged, "damaged").genome); };
  CHECK(test::refuses_or_reads(bytes, 200, read) > 150);
  // Behind a checksum that fits, so that the payload itself is what is wrong.
  const std::string payload = unframe(bytes, genome_file_kind, genome_file_version, "sample").payload;
  CHECK(test::refuses_or_reads(payload, 300, [&](const std::string& damaged) {
          read(frame(genome_file_kind, genome_file_version, damaged));
        }) > 50);
}

TEST_CASE("a genome file that holds no valid genome is refused") {
  AnnotatedGenome bad = sample();
  bad.genome.links[0].source = {5, 5};
  CHECK_THROWS_AS(genome_bytes(bad), ConfigError);
  CHECK_THROWS_AS(parse_genome(frame("mlp", 1, ""), "other"), FormatError);
  CHECK_THROWS_AS(parse_genome(frame(genome_file_kind, genome_file_version + 1, ""), "newer"), FormatError);
}
