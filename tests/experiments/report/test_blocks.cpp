// The blocks of the report's page: every one can be filled, and none wrongly.
#include "experiments/report/blocks.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "experiments/report/report_assets.hpp"

using namespace skein::experiments;

TEST_CASE("every block of the page takes its own places, all of them, and nothing else") {
  const Blocks blocks{std::string(report_blocks())};
  REQUIRE(!blocks.names().empty());
  for (const std::string& name : blocks.names()) {
    CAPTURE(name);
    std::vector<Filling> fillings;
    for (const std::string& place : blocks.places(name)) fillings.emplace_back(place, "<" + place + ">");
    const std::string html = blocks.filled(name, fillings).html();
    CHECK(html == block(name, fillings).html());
    CHECK(html.find("{{") == std::string::npos);
    CHECK(html.find("}}") == std::string::npos);
    for (const Filling& filling : fillings)
      CHECK_MESSAGE(html.find("&lt;" + filling.place + "&gt;") != std::string::npos, filling.place);
    fillings.emplace_back("no such place", "");
    CHECK_THROWS_AS(blocks.filled(name, fillings), std::logic_error);
    fillings.pop_back();
    if (fillings.empty()) continue;
    fillings.push_back(fillings.front());
    CHECK_THROWS_AS(blocks.filled(name, fillings), std::logic_error);
    fillings.pop_back(), fillings.pop_back();
    CHECK_THROWS_AS(blocks.filled(name, fillings), std::logic_error);
  }
  CHECK_THROWS_AS(block("no such block", {}), std::logic_error);
}

TEST_CASE("text put in a block is escaped, markup is not, and neither is filled again") {
  const Blocks blocks("a comment with {{braces}}\n<!-- block: a -->\n<b>{{x}}</b> {{y}} {{x}}\n");
  CHECK(blocks.filled("a", {{"x", "<i> & {{y}}"}, {"y", Markup::verbatim("<i>{{x}}</i>")}}).html() ==
        "<b>&lt;i&gt; &amp; {{y}}</b> <i>{{x}}</i> &lt;i&gt; &amp; {{y}}");
  CHECK(paragraph("1 < 2").html() == "<p>1 &lt; 2</p>\n");
  CHECK(paragraph("1 < 2", "note").html() == "<p class=\"note\">1 &lt; 2</p>\n");
}

TEST_CASE("a block ends before the line break in front of the next one") {
  const Blocks blocks("<!-- block: cell -->\n<td>\n<!-- block: row -->\n\n<tr>\n\n<!-- block: none -->\n");
  CHECK(blocks.filled("cell", {}).html() == "<td>");
  CHECK(blocks.filled("row", {}).html() == "\n<tr>\n");
  CHECK(blocks.filled("none", {}).empty());
  CHECK(blocks.names() == std::vector<std::string>{"cell", "none", "row"});
}

TEST_CASE("two blocks of one name and places that are not closed are refused") {
  CHECK_THROWS_AS(Blocks("<!-- block: a -->\n<!-- block: a -->\n"), std::logic_error);
  const Blocks blocks("<!-- block: a -->\n{{x\n<!-- block: b -->\n}}\n");
  CHECK_THROWS_AS(blocks.places("a"), std::logic_error);
  CHECK_THROWS_AS(blocks.filled("a", {{"x", "1"}}), std::logic_error);
  CHECK_THROWS_AS(blocks.places("c"), std::logic_error);
}
