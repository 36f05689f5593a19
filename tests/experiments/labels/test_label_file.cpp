#include <doctest/doctest.h>

#include "experiments/labels/label_agreement.hpp"
#include "lib/base/error.hpp"
#include "tests/support/fuzz.hpp"

using namespace skein;
using namespace skein::experiments;

TEST_CASE("labels are read by the names of their columns, a branch that is a word too") {
  const auto labels = parse_labels(
      "label,link_id,other,link_branch\n\"mouth, wide\",3,x,7\neye,4,,shouldBeBranch\n", "a.csv");
  REQUIRE(labels.size() == 2);
  CHECK(labels[0] == neat::LinkLabel{{7, 3}, "mouth, wide"});
  CHECK(labels[1] == neat::LinkLabel{{neat::branch_of_word("shouldBeBranch"), 4}, "eye"});
  for (const char* bad :
       {"", "link_branch,label\n1,a\n", "link_branch,link_id,label\n1,2\n",
        "link_branch,link_id,label\n1,two,a\n", "link_branch,link_id,label\n99999999999,2,a\n"})
    CHECK_THROWS_AS(parse_labels(bad, "a.csv"), FormatError);
}

TEST_CASE("fuzz: labels") {
  test::fuzz({"link_branch,link_id,label\n5,10,mouth\n5,11,\"eye, left\"\nword,3,\"a \"\"b\"\"\"\n",
              "label,link_id,other,link_branch\r\nmouth,3,x,7\r\n\r\n"},
             [](const std::string& text) { parse_labels(text, "fuzzed"); });
}
