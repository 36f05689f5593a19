// Genomes from damaged bytes: read or refused, whatever they are; what is read can be drawn.
#include "lib/files/framed_file.hpp"
#include "lib/files/zip_file.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder_export.hpp"
#include "neat/search/brood.hpp"
#include "tests/neat/files/picbreeder_text.hpp"
#include "tests/support/fuzz.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

namespace {

std::vector<std::string> xml_corpus() {
  const std::string buttons =
      "<buttons><colorButton><color-label id=\"3\"/><text>Mouth:=2</text></colorButton></buttons>";
  const std::string hidden = node(R"(type="hidden" bias="0.5")", R"(branch="word" id="8")", "sin(x)");
  const std::string links =
      x_to_ink +
      link(R"(branch="word" id="10")", R"(branch="5" id="3")", R"(branch="word" id="8")", "-1",
           R"(<color-label id="3"/><bookends start="-1" end="1" step="0.1"/>)") +
      link(R"(branch="word" id="11")", R"(branch="word" id="8")", R"(branch="5" id="4")", "2e-3");
  const std::string one = genome_element(x + y + d + bias + ink + hidden, links, buttons);
  return {document(one), document(one + genome_element(x + y + d + bias + ink, x_to_ink))};
}

void draw_all(const std::string& bytes) {
  for (const AnnotatedGenome& genome : parse_picbreeder(bytes, "fuzzed")) {
    express(genome.genome);
    CHECK(parse_picbreeder(picbreeder_xml({&genome, 1}), "again").size() == 1);
  }
}

}  // namespace

TEST_CASE("fuzz: Picbreeder XML") { fuzz(xml_corpus(), draw_all); }

TEST_CASE("fuzz: Picbreeder zip") {
  std::vector<std::string> corpus;
  for (const std::string& xml : xml_corpus()) corpus.push_back(zip({{"a", xml}, {"b", "text"}}));
  fuzz(corpus, draw_all);
}

TEST_CASE("fuzz: JSON genome") {
  std::vector<std::string> corpus;
  for (const std::string& xml : xml_corpus())
    corpus.push_back(genome_json(parse_picbreeder(xml, "corpus").front()));
  fuzz(corpus, [](const std::string& text) {
    const AnnotatedGenome genome = parse_genome_json(text, "fuzzed");
    express(genome.genome);
    CHECK(parse_genome_json(genome_json(genome), "again").genome == genome.genome);
  });
}

TEST_CASE("fuzz: a generation of pictures") {
  Brood brood;
  for (const std::string& xml : xml_corpus())
    brood.push_back({parse_picbreeder(xml, "corpus").front(), 0, -1, {}});
  fuzz(
      {brood_bytes(brood)}, [](const std::string& bytes) { parse_brood(bytes, "fuzzed"); }, 500);
  fuzz({unframe(brood_bytes(brood), brood_file_kind, 2, "corpus").payload},
       [](const std::string& payload) { parse_brood(frame(brood_file_kind, 2, payload), "fuzzed"); });
}

TEST_CASE("fuzz: genome file, behind a checksum that fits and as it is") {
  std::vector<std::string> payloads, files;
  for (const std::string& xml : xml_corpus()) {
    files.push_back(genome_bytes(parse_picbreeder(xml, "corpus").front()));
    payloads.push_back(unframe(files.back(), genome_file_kind, genome_file_version, "corpus").payload);
  }
  const auto read = [](const std::string& bytes) { express(parse_genome(bytes, "fuzzed").genome); };
  fuzz(files, read, 500);
  fuzz(payloads,
       [&](const std::string& payload) { read(frame(genome_file_kind, genome_file_version, payload)); });
}
