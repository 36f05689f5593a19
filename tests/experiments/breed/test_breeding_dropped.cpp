// Files given to the page in a real browser.
#include <doctest/doctest.h>

#include "breeding_story.hpp"
#include "lib/base/file.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE(
    "slow: the real skull dropped onto the page is bred further, and a file that is no genome is one line") {
  const auto skull = reference_data("skull/genome.zip");
  if (!skull) return;
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  Sitting sitting(Browser::Screen::desktop);
  Browser& browser = sitting.browser;
  const auto evil = sitting.folder.path() / "<img onerror>.zip";
  write_file(evil, "no genome");
  browser.upload("#file", evil);
  CHECK(browser.becomes(
      "document.getElementById('status').textContent.includes('<img onerror>.zip: no genome')"));
  CHECK(browser.run("return document.querySelectorAll('main img').length;") == 0);
  browser.upload("#file", *skull);
  REQUIRE(browser.becomes(at_generation(2)));
  browser.keys("{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(3)));
  keep_screenshot(browser, "skull_grid.png");
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  keep_screenshot(browser, "skull_inside.png");
  sitting.end(3);
}
