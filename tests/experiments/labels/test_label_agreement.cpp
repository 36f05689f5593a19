#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/labels/label_agreement.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;
using skein::test::reference_data;

namespace {

std::vector<std::optional<std::string>> labels(std::initializer_list<const char*> names) {
  std::vector<std::optional<std::string>> result;
  for (const char* name : names) result.push_back(*name ? std::optional<std::string>(name) : std::nullopt);
  return result;
}

struct LabelledGenome {
  const char* name;
  double plain;  ///< the plain description's area, as published
};
constexpr std::array labelled{LabelledGenome{"skull", 0.730}, LabelledGenome{"butterfly", 0.722},
                              LabelledGenome{"sad_face", 0.757}, LabelledGenome{"letter_g", 0.717}};

}  // namespace

TEST_CASE("agreement counts pairs that are in order, ties a half, unlabelled links not at all") {
  Eigen::MatrixXd similarity = Eigen::MatrixXd::Zero(5, 5);
  similarity(0, 1) = similarity(1, 0) = 1;
  const auto all_right = label_agreement(similarity, labels({"a", "a", "b", "c", ""}), 0);
  CHECK(all_right.links == 4);
  CHECK(all_right.same == 1);
  CHECK(all_right.different == 5);
  CHECK(all_right.area == doctest::Approx(1.0));
  CHECK(label_agreement(similarity, labels({"a", "b", "a", "c", ""}), 0).area == doctest::Approx(0.4));
  CHECK(label_agreement(Eigen::MatrixXd::Ones(5, 5), labels({"a", "a", "b", "c", ""}), 0).area ==
        doctest::Approx(0.5));
  CHECK_THROWS_AS(label_agreement(similarity, labels({"a", "b", "c", "d", "e"})), ConfigError);
  CHECK_THROWS_AS(label_agreement(similarity, labels({"a", "a"})), ConfigError);
}

TEST_CASE("shuffled labels agree with anything by half") {
  Eigen::MatrixXd similarity(30, 30);
  RandomStream stream(3, "similarities");
  for (Eigen::Index i = 0; i < 30; ++i)
    for (Eigen::Index j = 0; j <= i; ++j) similarity(i, j) = similarity(j, i) = stream.uniform();
  std::vector<std::optional<std::string>> names;
  for (int i = 0; i < 30; ++i) names.push_back(std::string(1, static_cast<char>('a' + i % 4)));
  CHECK(std::abs(label_agreement(similarity, names, 1000).shuffled - 0.5) < 0.01);
}

TEST_CASE("what a label says: case, notes and links without effect") {
  CHECK(sense_of("Mouth and Eyes: of interest") == "mouth and eyes");
  CHECK(sense_of(" Wings ") == "wings");
  CHECK(!sense_of("No Effect"));
  CHECK(!sense_of("Very little effect"));
  CHECK(!sense_of("Minor effect: of interest"));
  CHECK(!sense_of(""));
}

TEST_CASE("labels are read from tables with quotes, and refused when they are none") {
  const auto read =
      parse_labels("link_branch,link_id,label\n1,2,\"Mouth, \"\"eyes\"\"\"\n-3,4,Wings\r\n\n", "t.csv");
  REQUIRE(read.size() == 2);
  CHECK(read[0].label == "Mouth, \"eyes\"");
  CHECK(read[1].link == neat::Marking{-3, 4});
  CHECK(read[1].label == "Wings");
  for (const char* damaged :
       {"", "a,b\n", "link_branch,link_id,label\n1\n", "link_branch,link_id,label\n1,x,a\n",
        "link_branch,link_id,label\n1,99999999999,a\n"})
    CHECK_THROWS_AS(parse_labels(damaged, "t.csv"), FormatError);
}

TEST_CASE("links of one hand-built factor are alike, and nothing depends on the order of genes") {
  const auto made = face();
  const auto senses = senses_of(made.genome, made.notes.labels);
  const double area = label_agreement(link_similarity(made.genome), senses, 0).area;
  CHECK(area > 0.8);
  auto turned = made.genome;
  std::reverse(turned.links.begin(), turned.links.end());
  const auto again = label_agreement(link_similarity(turned), senses_of(turned, made.notes.labels), 0);
  CHECK(again.area == doctest::Approx(area).epsilon(0.002));
}

TEST_CASE("the links of real genomes agree with the senses that people gave them") {
  double sum = 0;
  for (const auto& [name, plain] : labelled) {
    const auto file = reference_data(std::string(name) + "/labelled_genome.xml");
    if (!file) return;
    const auto labels_file = reference_data(std::string(name) + "/labels.csv");
    const auto genome = neat::read_picbreeder(*file).front().genome;
    const auto senses = senses_of(genome, read_labels(*labels_file));
    CHECK(label_agreement(plain_similarity(genome), senses, 0).area == doctest::Approx(plain).epsilon(0.001));
    const auto agreement = label_agreement(link_similarity(genome), senses);
    MESSAGE(name, ": ", agreement.area, ", shuffled ", agreement.shuffled);
    CHECK(agreement.area > 0.80);
    CHECK(std::abs(agreement.shuffled - 0.5) < 0.01);
    sum += agreement.area;
  }
  CHECK(sum / 4 > 0.845);
}
