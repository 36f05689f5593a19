// Branches that are words, sets with a genome that cannot be read, other encodings, other outputs.
#include "lib/base/error.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder_export.hpp"
#include "neat/search/brood.hpp"
#include "tests/neat/files/picbreeder_text.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

namespace {

/// As Picbreeder's client writes a genome before it is published.
std::string unpublished(const std::string& word) {
  std::string text = document(genome_element(
      x + y + d + bias + ink + node(R"(type="hidden")", R"(branch="5" id="8")", "sin(x)"),
      x_to_ink + link(R"(branch="5" id="10")", R"(branch="5" id="3")", R"(branch="5" id="8")", "-1") +
          link(R"(branch="5" id="11")", R"(branch="5" id="8")", R"(branch="5" id="4")", "2")));
  for (auto at = text.find("branch=\"5\""); at != std::string::npos; at = text.find("branch=\"5\"", at + 1))
    text.replace(at, 10, "branch=\"" + word + "\"");
  return text;
}

std::string problem_of(const std::string& xml) {
  try {
    parse_picbreeder(xml, "a.xml");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// Plain ASCII in two bytes a character.
std::string in_utf16(const std::string& text, bool big_endian, bool marked) {
  std::string out = !marked ? "" : big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : text) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

}  // namespace

TEST_CASE("a branch that is a word is read as a number, the same in every file, and said") {
  const AnnotatedGenome numbered = parse_one(unpublished("5"));
  for (const std::string word : {"shouldBeBranch", "99999999999", "a b", "\xC3\xA9t\xC3\xA9"}) {
    CAPTURE(word);
    const AnnotatedGenome read = parse_one(unpublished(word));
    REQUIRE(read.notes.warnings.size() == 1);
    CHECK(read.notes.warnings[0].find("the branch '" + word + "' is a word") == 0);
    CHECK(read.genome.nodes.size() == 6);
    CHECK(read.genome.links.size() == 3);
    CHECK(read.genome.links[0].id.branch >= 1 << 30);
    CHECK(read.genome.links[0].id.branch == read.notes.identifier.branch);
    CHECK(express(read.genome).weights == express(numbered.genome).weights);
    CHECK(word_of_branch(read.notes.branch_words, read.notes.identifier.branch) != nullptr);
    // The word goes through every format.
    const std::string xml = picbreeder_xml({&read, 1});
    CHECK(xml.find("branch=\"" + word + "\"") != std::string::npos);
    CHECK(parse_one(xml) == read);
    const std::string json = genome_json(read);
    CHECK(json.find("\"" + word + "\",") != std::string::npos);
    CHECK(parse_genome_json(json, "a.json") == read);
    CHECK(parse_genome(genome_bytes(read), "a.genome") == read);
    const Brood brood{{read, -1, -1, {}}, {numbered, 0, -1, {}}};
    const Brood again = parse_brood(brood_bytes(brood), "a.brood");
    CHECK(again[0].annotated == read);
    CHECK(again[1].annotated == numbered);
    CHECK(parse_one(unpublished(word)) == read);
  }
  CHECK(parse_one(unpublished("one")).genome.links[0].id != parse_one(unpublished("two")).genome.links[0].id);
  CHECK(numbered.notes.warnings.empty());
  CHECK(numbered.notes.branch_words.empty());
}

TEST_CASE("a child has the words of its parents' branches") {
  const std::vector<AnnotatedGenome> parents{parse_one(unpublished("one")), parse_one(unpublished("two"))};
  std::size_t met = 0;
  for (const Bred& child : next_brood(parents, std::vector<std::uint32_t>{0, 1}, {}, {}))
    for (const Link& link : child.annotated.genome.links) {
      if (link.id.branch < 1 << 30) continue;
      ++met;
      CHECK(word_of_branch(child.annotated.notes.branch_words, link.id.branch) != nullptr);
    }
  CHECK(met > 0);
}

TEST_CASE("a branch in a JSON genome is a number or a word that is none") {
  const AnnotatedGenome read = parse_one(unpublished("draft"));
  for (const std::string bad : {"\"7\"", "\"\"", "\" draft\"", "true"}) {
    std::string json = genome_json(read);
    json.replace(json.find("\"draft\""), 7, bad);
    CHECK_THROWS_AS(parse_genome_json(json, "a.json"), FormatError);
  }
}

TEST_CASE("an end of a link that names no node says what is wrong with it") {
  const auto with = [&](const std::string& links) {
    return document(genome_element(x + y + d + bias + ink, links));
  };
  CHECK(problem_of(with(link(R"(branch="5" id="9")", R"(branch="5" id="x")", R"(branch="5" id="4")", "1")))
            .find("link (5, 9): its source has the id 'x', which is no whole number") != std::string::npos);
  CHECK(problem_of(with(link(R"(branch="5" id="9")", R"(branch="5" id="2")", R"(id="4")", "1")))
            .find("its target has no branch") != std::string::npos);
}

TEST_CASE("a genome that cannot be read stops only itself") {
  const std::string good = genome_element(x + y + d + bias + ink, x_to_ink);
  const std::string bad =
      genome_element(x + y + d + bias + ink + node(R"(type="hidden")", R"(branch="5" id="8")", "abs(x)"), "");
  const auto set = parse_picbreeder_set(document(good + bad + good), "set.xml");
  REQUIRE(set.size() == 3);
  CHECK(set[0].genome->genome.links.size() == 1);
  CHECK_FALSE(set[1].genome);
  CHECK(set[1].problem.find("set.xml: genome 2: node (5, 8) has the activation 'abs(x)'") == 0);
  CHECK(set[2].genome);
  CHECK(problem_of(document(good + bad)).find("genome 2") != std::string::npos);
}

TEST_CASE("XML of two bytes a character is read like any other") {
  const std::string plain = "<data>" + genome_element(x + y + d + bias + ink, x_to_ink) + "</data>";
  const AnnotatedGenome wanted = parse_one(plain);
  for (const bool big_endian : {false, true})
    for (const bool marked : {false, true}) {
      const std::string bytes = in_utf16(plain, big_endian, marked);
      CHECK(may_be_picbreeder(bytes));
      CHECK(parse_one(bytes) == wanted);
    }
}

TEST_CASE("outputs of another kind are named") {
  std::string outputs;
  for (const char* name : {"red", "green", "blue"})
    outputs +=
        node((std::string("label=\"") + name + "\" type=\"out\"").c_str(),
             (std::string("branch=\"6\" id=\"") + std::to_string(outputs.size()) + "\"").c_str(), "sin(x)");
  CHECK(
      problem_of(document(genome_element(x + y + d + bias + outputs, "")))
          .find(
              "its outputs are 'red', 'green', 'blue' (ink, or hue, saturation and brightness, are read)") !=
      std::string::npos);
}
