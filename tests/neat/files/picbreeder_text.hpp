#pragma once

#include <doctest/doctest.h>

#include <string>

#include "neat/files/picbreeder.hpp"

/// Small documents in Picbreeder's format, put together from their elements.
namespace skein::test {

inline std::string node(const char* attributes, const char* marking, const char* activation) {
  return std::string("<node ") + attributes + "><marking " + marking + "/><activation>" + activation +
         "</activation></node>\n";
}

inline std::string link(const char* marking, const char* source, const char* target, const char* weight,
                        const char* more = "", const char* attributes = "") {
  return std::string("<link ") + attributes + "><marking " + marking + "/><source " + source + "/><target " +
         target + "/><weight>" + weight + "</weight>" + more + "</link>\n";
}

inline const std::string bias = node(R"(label="bias" type="in")", R"(branch="5" id="0")", "identity(x)");
inline const std::string d = node(R"(label="d" type="in")", R"(branch="5" id="1")", "identity(x)");
inline const std::string x = node(R"(label="x" type="in")", R"(branch="5" id="2")", "identity(x)");
inline const std::string y = node(R"(label="y" type="in")", R"(branch="5" id="3")", "identity(x)");
inline const std::string ink = node(R"(label="ink" type="out")", R"(branch="5" id="4")", "gaussian(x)");
inline const std::string x_to_ink =
    link(R"(branch="5" id="9")", R"(branch="5" id="2")", R"(branch="5" id="4")", "1.25");

inline std::string genome_element(const std::string& nodes, const std::string& links,
                                  const std::string& buttons = "") {
  return "<genome age=\"unknown\"><identifier branch=\"5\" id=\"7\"/>" + buttons + "<nodes>" + nodes +
         "</nodes><links>" + links + "</links></genome>";
}

inline std::string document(const std::string& genomes) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<cppn-data "
         "version=\"1.2\"/>\n<data>" +
         genomes + "</data>";
}

inline neat::AnnotatedGenome parse_one(const std::string& xml) {
  auto genomes = neat::parse_picbreeder(xml, "test.xml");
  REQUIRE(genomes.size() == 1);
  return genomes[0];
}

}  // namespace skein::test
