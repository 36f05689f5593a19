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
