// What is no genome, too large or damaged in Picbreeder's format.
#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/zip_file.hpp"
#include "tests/neat/files/picbreeder_text.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::neat;
using namespace skein::test;

namespace {

void refused(const std::string& bytes, const std::string& part) {
  CAPTURE(part);
  try {
    parse_picbreeder(bytes, "test.xml");
    FAIL_CHECK("accepted");
  } catch (const FormatError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(part) != std::string::npos);
    CHECK(message.starts_with("test.xml"));
  }
}

}  // namespace

TEST_CASE("genomes that cannot be drawn are refused with the gene named") {
  const std::string inputs = x + y + d + bias;
  const auto with = [&](const std::string& nodes, const std::string& links) {
    return document(genome_element(nodes, links));
  };
  const std::string hidden = node(R"(type="hidden")", R"(branch="6" id="4")", "cos(x)");
  const std::string there = link(R"(branch="6" id="1")", R"(branch="5" id="4")", R"(branch="6" id="4")", "1");
  const std::string back = link(R"(branch="6" id="2")", R"(branch="6" id="4")", R"(branch="5" id="4")", "1");
  refused(with(inputs + ink + hidden, there + back), "cycle");
  refused(with(inputs + ink, there), "node (6, 4), which does not exist");
  const std::string second_ink = node(R"(label="ink" type="out")", R"(branch="5" id="5")", "gaussian(x)");
  refused(with(inputs + ink + second_ink, x_to_ink), "called 'ink'");
  refused(with(inputs + ink + hidden + node(R"(type="hidden")", R"(branch="6" id="4")", "sin(x)"), x_to_ink),
          "two nodes are marked (6, 4)");
  refused(with(inputs, ""), "no output");
  refused(with("", ""), "no nodes");
  for (const char* weight : {"NaN", "inf", "1e999", "", "1,5", "one"}) {
    CAPTURE(weight);
    refused(with(inputs + ink,
                 link(R"(branch="5" id="9")", R"(branch="5" id="2")", R"(branch="5" id="4")", weight)),
            "(5, 9) has the weight");
  }
  refused(with(inputs + ink + node(R"(type="hidden")", R"(branch="6" id="4")", "abs(x)"), ""), "'abs(x)'");
  refused(with(inputs + ink + node(R"(type="spy")", R"(branch="6" id="4")", "sin(x)"), ""), "'spy'");
  refused(with(inputs + ink + node(R"(label="z" type="in")", R"(branch="6" id="4")", "sin(x)"), ""), "'z'");
  refused(document(""), "no Picbreeder genome");
  refused("<data><genome>", "not well-formed");
  refused("", "test.xml");
}

TEST_CASE("archives and documents that ask for too much are refused before they are unpacked") {
  const std::string valid = document(genome_element(x + y + d + bias + ink, x_to_ink));
  refused(zip({{"a", std::string(largest_picbreeder_xml + 1, ' ') + valid}}), "unpacks to");
  std::vector<ZipMember> many;
  for (int i = 0; i < 9; ++i)
    many.push_back({"a" + std::to_string(i), std::string(largest_picbreeder_xml, '\0')});
  refused(zip(many), "unpacks to");
  many.assign(1001, {"", ""});
  for (std::size_t i = 0; i < many.size(); ++i) many[i].name = std::to_string(i);
  refused(zip(many), "1001 members");
  refused(std::string(largest_picbreeder_xml + 1, '<'), "at most");

  std::string deep;
  for (int i = 0; i < 500'000; ++i) deep += "<a>";
  for (int i = 0; i < 500'000; ++i) deep += "</a>";
  refused(deep, "no Picbreeder genome");

  std::string lying = zip({{"a", valid}});
  const std::size_t directory = lying.find("PK\x01\x02");
  REQUIRE(directory != std::string::npos);
  for (const std::size_t size_field : {std::size_t{22}, directory + 24}) lying[size_field] = '\x01';
  refused(lying, "unpack");
}

TEST_CASE("damaged files are read or refused, never more") {
  std::vector<std::string> files;
  const std::string valid = document(genome_element(x + y + d + bias + ink, x_to_ink));
  files.push_back(valid);
  files.push_back(zip({{"a", valid}}));
  for (const char* name : {"skull/genome.zip", "letter_g/labelled_genome.xml"})
    if (const auto file = test::reference_data(name)) files.push_back(read_file(*file));
  for (const std::string& bytes : files) {
    const auto refusals = test::refuses_or_reads(bytes, 100, [](const std::string& damaged) {
      for (const AnnotatedGenome& genome : parse_picbreeder(damaged, "damaged")) express(genome.genome);
    });
    CHECK(refusals > 20);
  }
}
