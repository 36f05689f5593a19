#include "neat/files/picbreeder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <sstream>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/engine/engine.hpp"
#include "lib/files/zip_file.hpp"
#include "lib/network/oracle.hpp"
#include "tests/neat/files/picbreeder_text.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

namespace {

bool warns_of(const AnnotatedGenome& genome, const std::string& part) {
  for (const std::string& warning : genome.notes.warnings)
    if (warning.find(part) != std::string::npos) return true;
  return false;
}

struct Row {
  Marking link, source, target;
  double weight;
  LinkLabel label;
};

/// One line of labels.csv; a label that holds commas is quoted.
std::vector<Row> read_table(const std::filesystem::path& path) {
  std::istringstream lines(read_file(path));
  std::string line;
  std::getline(lines, line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      else if (c == ',' && !quoted) fields.emplace_back();
      else if (c != '\r') fields.back() += c;
    }
    REQUIRE(fields.size() == 11);
    const auto marking = [&](std::size_t i) {
      return Marking{std::stoi(fields[i]), std::stoi(fields[i + 1])};
    };
    rows.push_back(
        {marking(0),
         marking(2),
         marking(4),
         std::stod(fields[6]),
         {marking(0), fields[7], std::stod(fields[8]), std::stod(fields[9]), std::stod(fields[10])}});
  }
  return rows;
}

/// Float64 (64, 64, 3) behind a version 1 header.
std::vector<double> read_reference_hsv(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::vector<double> values(std::size_t{64} * 64 * 3);
  REQUIRE(bytes.size() > values.size() * sizeof(double));
  REQUIRE(bytes.find("'descr': '<f8', 'fortran_order': False, 'shape': (64, 64, 3)") != std::string::npos);
  std::memcpy(values.data(), bytes.data() + (bytes.size() - values.size() * sizeof(double)),
              values.size() * sizeof(double));
  return values;
}

}  // namespace

TEST_CASE("real genomes draw the outputs that an independent program computed") {
  for (const std::string subject : {"skull", "butterfly"}) {
    CAPTURE(subject);
    const auto file = test::reference_data(subject + "/genome.zip");
    const auto reference = test::reference_data(subject + "/evolved/output_hsv_64.npy");
    if (!file || !reference) return;
    const Genome genome = read_picbreeder(*file).at(0).genome;
    const Phenotype phenotype = express(genome);
    const Grid grid{64, 64};
    std::vector<float> outputs(3 * grid.pixels());
    evaluate(Plan(phenotype.network), phenotype.weights, grid, outputs);
    const std::vector<double> wanted = read_reference_hsv(*reference);
    std::vector<double> exact_weights;
    for (const auto l : phenotype.link_of_slot) exact_weights.push_back(genome.links[l].weight);
    double worst = 0, worst_exact = 0;
    for (std::size_t p = 0; p < grid.pixels(); ++p) {
      const auto exact = oracle_outputs(
          phenotype.network, exact_weights,
          oracle_inputs(phenotype.network, grid, static_cast<int>(p / 64), static_cast<int>(p % 64)));
      for (std::size_t o = 0; o < 3; ++o) {
        worst = std::max(worst,
                         std::abs(static_cast<double>(outputs[o * grid.pixels() + p]) - wanted[3 * p + o]));
        worst_exact = std::max(worst_exact, std::abs(exact[o] - wanted[3 * p + o]));
      }
    }
    CAPTURE(worst);
    CAPTURE(worst_exact);
    CHECK(worst < 1e-4);
    CHECK(worst_exact < 3e-5);  // single-precision numbers in the reference
  }
}

TEST_CASE("the zip and the editor's XML hold the same genome") {
  for (const std::string subject : {"skull", "butterfly"}) {
    CAPTURE(subject);
    const auto zipped = test::reference_data(subject + "/genome.zip");
    const auto edited = test::reference_data(subject + "/labelled_genome.xml");
    if (!zipped || !edited) return;
    const auto a = read_picbreeder(*zipped).at(0), b = read_picbreeder(*edited).at(0);
    CHECK(a.notes.identifier == b.notes.identifier);
    CHECK(a.notes.warnings.empty());
    CHECK(b.notes.warnings.empty());
    CHECK(a.notes.name == "genome");
    REQUIRE(a.genome.links.size() == b.genome.links.size());
    CHECK(a.genome.nodes.size() == b.genome.nodes.size());
    for (const Link& link : a.genome.links) {
      const auto place = find_link(b.genome, link.id);
      REQUIRE(place);
      CHECK(b.genome.links[*place] == link);
    }
    const Phenotype pa = express(a.genome), pb = express(b.genome);
    CHECK(pa.node_of_unit == pb.node_of_unit);
  }
}

TEST_CASE("a person's labels equal the table of labels") {
  for (const std::string subject : {"skull", "butterfly", "sad_face", "letter_g"}) {
    CAPTURE(subject);
    const auto file = test::reference_data(subject + "/labelled_genome.xml");
    const auto table = test::reference_data(subject + "/labels.csv");
    if (!file || !table) return;
    const AnnotatedGenome read = read_picbreeder(*file).at(0);
    const auto rows = read_table(*table);
    REQUIRE(rows.size() == read.genome.links.size());
    REQUIRE(rows.size() == read.notes.labels.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CAPTURE(i);
      CHECK(read.genome.links[i] == Link{rows[i].link, rows[i].source, rows[i].target, rows[i].weight});
      CHECK(read.notes.labels[i] == rows[i].label);
    }
  }
}

TEST_CASE("inputs and outputs come in the agreed order whatever the file's") {
  const auto grey = parse_one(document(genome_element(bias + ink + y + x + d, x_to_ink)));
  CHECK(grey.genome.signature == Signature{{"x", "y", "d", "bias"}, {"ink"}});
  CHECK(grey.genome.nodes[0].id == Marking{5, 2});
  CHECK(grey.genome.nodes[3].id == Marking{5, 0});
  CHECK(grey.notes.warnings.empty());

  const std::string colour = node(R"(label="brightness" type="out")", R"(branch="5" id="4")", "identity(x)") +
                             node(R"(label="saturation" type="out")", R"(branch="6" id="4")", "sigmoid(x)") +
                             node(R"(label="hue" type="out")", R"(branch="7" id="4")", "sin(x)");
  const auto read = parse_one(document(genome_element(colour + bias + y + x + d, x_to_ink)));
  CHECK(read.genome.signature == picture_signature());
  CHECK(read.genome.nodes[4] == Node{{7, 4}, NodeRole::output, Activation::sin});
  CHECK(read.genome.nodes[5] == Node{{6, 4}, NodeRole::output, Activation::sigmoid});
  CHECK(read.genome.nodes[6] == Node{{5, 4}, NodeRole::output, Activation::identity});
}

TEST_CASE("missing inputs and outputs are added with a warning") {
  const auto read = parse_one(document(genome_element(x + ink, x_to_ink)));
  CHECK(read.genome.nodes.size() == 5);
  CHECK(warns_of(read, "'bias'"));
  const std::string hue = node(R"(label="hue" type="out")", R"(branch="5" id="5")", "sin(x)");
  const auto colour = parse_one(document(genome_element(x + y + d + bias + ink + hue, x_to_ink)));
  CHECK(colour.genome.signature == picture_signature());
  CHECK(colour.genome.nodes[6].id == Marking{5, 4});
  CHECK(warns_of(colour, "'saturation'"));
}

TEST_CASE("a node's own bias becomes a link from the input bias") {
  const std::string biased = node(R"(type="hidden" bias="0.75")", R"(branch="8" id="30")", "sin(x)");
  const auto read = parse_one(document(genome_element(x + y + d + bias + ink + biased, x_to_ink)));
  REQUIRE(read.genome.links.size() == 2);
  CHECK(read.genome.links[1] == Link{{5, 10}, {5, 0}, {8, 30}, 0.75});
  CHECK(warns_of(read, "(8, 30)"));
}

TEST_CASE("the links of an output, disabled links and ids shared by branches are kept") {
  const std::string hidden = node(R"(type="hidden")", R"(branch="6" id="4")", "cos(x)");
  const auto read = parse_one(document(genome_element(
      x + y + d + bias + ink + hidden,
      x_to_ink + link(R"(branch="6" id="9")", R"(branch="5" id="4")", R"(branch="6" id="4")", "-2") +
          link(R"(branch="7" id="9")", R"(branch="5" id="1")", R"(branch="5" id="4")", "1", "",
               R"(enabled="false")"))));
  CHECK(read.genome.links[1] == Link{{6, 9}, {5, 4}, {6, 4}, -2.0});
  CHECK_FALSE(read.genome.links[2].enabled);
  CHECK(express(read.genome).weights.size() == 2);
}

TEST_CASE("every genome of a saved set is read, in order") {
  const std::string a = genome_element(x + y + d + bias + ink, x_to_ink);
  const std::string b = genome_element(x + y + d + bias + ink, "");
  const std::string set = "<storage><generation number=\"0\" size=\"1\">" + a +
                          "</generation><generation number=\"1\">" + b + "</generation></storage>" + a;
  const auto read = parse_picbreeder(document(set), "set.xml");
  REQUIRE(read.size() == 3);
  CHECK(read[0].genome.links.size() == 1);
  CHECK(read[1].genome.links.empty());
  const auto zipped =
      parse_picbreeder(zip({{"a", document(a)}, {"notes.txt", "no"}, {"b", document(b)}}), "set.zip");
  CHECK(zipped.size() == 2);
}

TEST_CASE("labels are the button's text without the slider mark") {
  const std::string buttons =
      "<buttons><colorButton><color-label id=\"3\"/><text> Wings, top:=2</text></colorButton>"
      "<colorButton><color-label id=\"4\"/><text></text></colorButton></buttons>";
  const auto labelled = [&](const char* more) {
    return parse_one(document(genome_element(
        x + y + d + bias + ink,
        link(R"(branch="5" id="9")", R"(branch="5" id="2")", R"(branch="5" id="4")", "1", more), buttons)));
  };
  CHECK(labelled(R"(<color-label id="3"/><bookends start="-0" end="2" step="0.5"/>)").notes.labels ==
        std::vector<LinkLabel>{{{5, 9}, "Wings, top", 0, 2, 0.5}});
  CHECK(labelled(R"(<color-label id="3"/>)").notes.labels ==
        std::vector<LinkLabel>{{{5, 9}, "Wings, top", -3, 3, 0.1}});
  CHECK(labelled(R"(<color-label id="4"/>)").notes.labels.empty());
  CHECK(labelled(R"(<color-label id="0"/>)").notes.labels.empty());
}

TEST_CASE("what real files get wrong is mended with a warning") {
  const std::string inputs = x + y + d + bias;
  const auto with = [&](const std::string& nodes, const std::string& links) {
    return parse_one(document(genome_element(nodes, links)));
  };
  const std::string hidden = node(R"(type="hidden")", R"(branch="6" id="4")", "cos(x)");
  const auto twice = with(inputs + ink + hidden + hidden, x_to_ink + x_to_ink);
  CHECK(twice.genome.nodes.size() == 6);
  CHECK(twice.genome.links.size() == 1);
  CHECK(warns_of(twice, "node (6, 4) is listed twice"));
  CHECK(warns_of(twice, "link (5, 9) is listed twice"));

  const std::string other = link(R"(branch="5" id="9")", R"(branch="5" id="3")", R"(branch="5" id="4")", "2");
  const auto shared =
      with(inputs + ink, x_to_ink + other + link("", R"(branch="5" id="1")", R"(branch="5" id="4")", "3"));
  REQUIRE(shared.genome.links.size() == 3);
  CHECK(shared.genome.links[1] == Link{{5, 10}, {5, 3}, {5, 4}, 2.0});
  CHECK(shared.genome.links[2] == Link{{5, 11}, {5, 1}, {5, 4}, 3.0});
  CHECK(warns_of(shared, "two links are marked (5, 9)"));

  const auto unmarked =
      with(inputs + ink + node(R"(type="hidden")", R"(branch="6" id="99999999999")", ""), x_to_ink);
  CHECK(unmarked.genome.nodes.back() == Node{{5, 10}, NodeRole::hidden, Activation::identity});
  CHECK(warns_of(unmarked, "no activation"));

  const auto into = with(inputs + ink, x_to_ink + link(R"(branch="5" id="30")", R"(branch="5" id="4")",
                                                       R"(branch="5" id="2")", "1"));
  CHECK(into.genome.links.size() == 1);
  CHECK(warns_of(into, "enters an input"));

  std::string strange =
      document("<notes/>" + genome_element(inputs + ink, x_to_ink, "<views><view/></views>"));
  CHECK(parse_one(strange).genome.links.size() == 1);
}
