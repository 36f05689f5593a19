#include "neat/files/genome_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/random_genome.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// As a person would write it.
const std::string by_hand = R"({
  "format": "skein-genome", "version": 1,
  "inputs": ["x", "y", "d", "bias"],
  "outputs": ["hue", "saturation", "brightness"],
  "nodes": [
    {"id": [0, 0], "activation": "identity"}, {"id": [0, 1], "activation": "identity"},
    {"id": [0, 2], "activation": "identity"}, {"id": [0, 3], "activation": "identity"},
    {"id": [0, 4], "activation": "identity"}, {"id": [0, 5], "activation": "sin"},
    {"id": [0, 6], "activation": "identity"}, {"id": [7, 9], "activation": "gaussian"}
  ],
  "links": [
    {"id": [0, 1], "from": [0, 2], "to": [7, 9], "weight": 2.5, "label": "disc"},
    {"id": [0, 2], "from": [7, 9], "to": [0, 6], "weight": -1},
    {"id": [0, 3], "from": [0, 0], "to": [0, 4], "weight": 0.1, "enabled": false}
  ]
})";

std::string edited(const std::string& from, const std::string& to) {
  std::string text = by_hand;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a genome written as JSON reads back as it was") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    AnnotatedGenome genome{test::random_genome(seed), {}};
    genome.notes.name = "a \"name\" with \xc3\xa9";
    genome.notes.parents = {{3, 4}};
    if (!genome.genome.links.empty())
      genome.notes.labels.push_back({genome.genome.links[0].id, "mouth", -1.5, 2.25, 0.125});
    const std::string text = genome_json(genome);
    CHECK(may_be_genome_json(text));
    CHECK(parse_genome_json(text, "a.json") == genome);
    CHECK(parse_genome(text, "a.json") == genome);
    CHECK(std::ranges::count(text, '\n') >=
          std::ptrdiff_t(genome.genome.links.size() + genome.genome.nodes.size()));
  }
}

TEST_CASE("a change of one weight is a change of one line") {
  AnnotatedGenome genome = parse_genome_json(by_hand, "hand.json");
  const std::string before = genome_json(genome);
  genome.genome.links[1].weight = 0.25;
  const std::string after = genome_json(genome);
  const auto changed = std::ranges::mismatch(before, after);
  const auto from = before.rfind('\n', static_cast<std::size_t>(changed.in1 - before.begin())) + 1;
  CHECK(before.substr(0, from) == after.substr(0, from));
  CHECK(before.substr(before.find('\n', from)) == after.substr(after.find('\n', from)));
}

TEST_CASE("a genome written by hand is read, with what it leaves out") {
  const AnnotatedGenome genome = parse_genome_json(by_hand, "hand.json");
  CHECK(genome.genome.nodes[7] == Node{{7, 9}, NodeRole::hidden, Activation::gaussian});
  CHECK(genome.genome.nodes[5].role == NodeRole::output);
  CHECK(genome.genome.links[0].weight == 2.5);
  CHECK(genome.genome.links[1].enabled);
  CHECK_FALSE(genome.genome.links[2].enabled);
  REQUIRE(genome.notes.labels.size() == 1);
  CHECK(genome.notes.labels[0] == LinkLabel{{0, 1}, "disc"});
}

TEST_CASE("what is wrong with a genome's JSON is said with its place") {
  const auto refused = [](const std::string& text, const char* why) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_genome_json(text, "bad.json"), doctest::Contains(why), FormatError);
  };
  refused(edited("\"weight\": -1", "\"weight\": \"-1\""), "bad.json: links[1].weight must be a number");
  refused(edited("\"weight\": -1", "\"weight\": 1e400"), "too large for double precision");
  refused(edited("\"weight\": -1", "\"weight\": 1e39"), "finite single-precision numbers");
  refused(edited("\"gaussian\"", "\"bump\""), "nodes[7].activation must be one of identity, sin");
  refused(edited("[7, 9], \"activation\"", "[7], \"activation\""), "nodes[7].id must be [branch, id]");
  refused(edited("\"to\": [7, 9]", "\"to\": [7, 10]"), "(7, 10)");
  refused(edited("\"to\": [7, 9]", "\"to\": [7, 1e99]"), "whole number");
  refused(edited("\"version\": 1", "\"version\": 2"), "version");
  refused(edited("\"links\"", "\"limbs\""), "links is missing");
  refused(edited("{\"id\": [0, 2], \"from\"", "7, {\"id\": [0, 2], \"from\""), "links[1] must be an object");
  refused(by_hand.substr(0, 200), "not JSON from byte");
  refused("{\"format\": \"skein-mlp\", \"version\": 1}", "skein-genome");
  refused("", "not JSON");
}

TEST_CASE("damaged JSON is refused or read, never more") {
  CHECK(test::refuses_or_reads(by_hand, 500,
                               [](const std::string& b) { parse_genome_json(b, "damaged.json"); }) > 200);
  const std::string deep = "{\"format\":\"skein-genome\",\"links\":" + std::string(200000, '[');
  CHECK_THROWS_AS(parse_genome_json(deep, "deep.json"), FormatError);
}

TEST_CASE("real genomes keep their labels through JSON") {
  const auto file = test::reference_data("butterfly/labelled_genome.xml");
  if (!file) return;
  AnnotatedGenome butterfly = read_picbreeder(*file).at(0);
  AnnotatedGenome back = parse_genome_json(genome_json(butterfly), "butterfly.json");
  for (AnnotatedGenome* genome : {&butterfly, &back})
    std::ranges::sort(genome->notes.labels, {}, &LinkLabel::link);
  CHECK(back == butterfly);
}
