// Sets with a genome that cannot be read, other encodings, other outputs.
#include "lib/base/error.hpp"
#include "tests/neat/files/picbreeder_text.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

namespace {

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
