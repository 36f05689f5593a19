#include "lib/base/sound_text.hpp"

#include <doctest/doctest.h>

#include <string>

using skein::sound_text;

TEST_CASE("damaged UTF-8 becomes replacement signs, control characters go") {
  const std::string sign = "\xef\xbf\xbd";
  CHECK(sound_text("a\xff\xc3") == "a" + sign + sign);
  CHECK(sound_text("\xc3\x97") == "\xc3\x97");
  CHECK(sound_text("\xe2\x86") == sign + sign);
  CHECK(sound_text("\xed\xa0\x80") == sign + sign + sign);  // half of a surrogate pair
  CHECK(sound_text("a\nb\x01\x7f") == "a b");
}

TEST_CASE("a cell of a table has as many letters as it should, whatever bytes they take") {
  CHECK(table_cell("mouth", 7) == "mouth  ");
  CHECK(table_cell("\u00dcn\u00efcode", 9) == "\u00dcn\u00efcode  ");
  CHECK(table_cell("\u00dcn\u00ef", 2) == "\u00dcn");
  CHECK(table_cell("a\nb", 4) == "a b ");
  CHECK(table_cell("", 2) == "  ");
}
