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
