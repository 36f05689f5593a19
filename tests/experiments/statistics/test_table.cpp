#include "experiments/statistics/table.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

using namespace skein::experiments;

TEST_CASE("a table becomes CSV, with quotes only where a reader needs them") {
  Table table({"name", "value, unit"});
  table.add({"plain", number_text(0.1)});
  table.add({"says \"so\"", number_text(std::nan(""))});
  table.add({"two\nlines", number_text(1.0 / 3, 3)});
  CHECK(table.csv() == "name,\"value, unit\"\nplain,0.1\n\"says \"\"so\"\"\",\n\"two\nlines\",0.333\n");
  CHECK_THROWS_AS(table.add({"one field"}), std::logic_error);
  CHECK(table.lines().size() == 3);
}

TEST_CASE("the fields of a line come back as they were written") {
  using Fields = std::vector<std::string>;
  for (const Fields& fields :
       {Fields{"plain", "", "0.1"}, Fields{"a,b", "says \"so\"", "\"", ",", "\",\""}, Fields{""}}) {
    std::string line = csv_line(fields);
    line.pop_back();
    CHECK(csv_fields(line) == fields);
    CHECK(csv_fields(line + "\r") == fields);
  }
  CHECK(csv_fields("a,\"open, b") == Fields{"a", "open, b"});
}

TEST_CASE("a cell of decimals says where there is no number") {
  CHECK(decimal_cell(0.1234, 7) == "  0.123");
  CHECK(decimal_cell(-2, 0, 1) == "-2.0");
  CHECK(decimal_cell(std::nan(""), 5) == "  n/a");
  CHECK(decimal_cell(HUGE_VAL, 0) == "n/a");
  CHECK(decimal_cell({}, 4) == " n/a");
}
