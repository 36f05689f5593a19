// The whole story in a real browser on a phone: from nothing, by fingers alone.
#include <doctest/doctest.h>

#include <cmath>

#include "breeding_story.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::test;

namespace {

constexpr int long_press = 2500;  // milliseconds; the page's half a second may pass late on a busy machine

void press_long(Browser& browser, const std::string& selector) {
  browser.touch(selector, long_press);
  REQUIRE(browser.becomes(inside_is_open));
}

void close_inside(Browser& browser) {
  browser.touch("#inside .close button");
  REQUIRE(browser.becomes("!document.getElementById('inside').open"));
}

/// Ten generations, back to the eighth, and a branch from there.
void breed_and_branch(Browser& browser) {
  CHECK(browser.run("return getComputedStyle(document.getElementById('grid')).gridTemplateColumns.split(' "
                    "').length;") == 3);
  for (int generation = 2; generation <= 11; ++generation) {
    browser.touch(".cell:nth-child(" + std::to_string(1 + generation % 6) + ")");
    browser.touch("#evolve");
    REQUIRE(browser.becomes(at_generation(generation)));
  }
  for (int i = 0; i < 3; ++i) browser.touch("#back");
  REQUIRE(browser.becomes(at_generation(8)));
  browser.touch(".cell:nth-child(1)");
  browser.touch("#evolve");
  REQUIRE(browser.becomes(at_generation(12)));
  keep_screenshot(browser, "phone_grid.png");
  CHECK(browser.run("return document.documentElement.scrollWidth <= innerWidth;") == true);
  const int reach = browser.run(
      "const b = document.getElementById('evolve').getBoundingClientRect(); return innerHeight - b.bottom;");
  CHECK(reach < 120);
}

/// The larger view by two fingers and one: enlarged, moved, beyond the square, and back.
void move_view(Browser& browser) {
  browser.pinch("#view", 100, 200);
  std::array<double, 3> seen = view_place(browser);
  CHECK(seen[0] == doctest::Approx(2).epsilon(0.05));
  CHECK(std::abs(seen[1]) < 0.05);
  const std::string enlarged = view_sum(browser);
  browser.drag("#view", -80, 40);
  seen = view_place(browser);
  CHECK(seen[0] == doctest::Approx(2).epsilon(0.05));
  CHECK(seen[1] > 0.1);
  CHECK(seen[2] < -0.05);
  CHECK(view_sum(browser) != enlarged);
  browser.pinch("#view", 240, 40);
  CHECK(view_place(browser)[0] < 0.6);
  keep_screenshot(browser, "phone_beyond.png");
  browser.touch("#zoom-home");
  CHECK(browser.becomes("document.getElementById('zoom-text').textContent === ''"));
}

/// A weight moved by hand is kept as a child.
void keep_child_by_finger(Browser& browser) {
  browser.run("document.querySelector('#inside .slider').scrollIntoView({block: 'center'});");
  CHECK(slides_weight(browser, [&] { browser.drag("#inside .slider", 60, 0); }));
  browser.touch("#keep");
  REQUIRE(browser.becomes("!document.getElementById('inside').open && " + pictures_shown(16)));
  CHECK(browser.run("return " + pictures_picked(0) + ";") == true);  // a long press picks nothing
}

}  // namespace

TEST_CASE("slow: by touch on a phone: the same story, three columns, nothing wider than the screen") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  Sitting sitting(Browser::Screen::phone);
  Browser& browser = sitting.browser;
  breed_and_branch(browser);
  press_long(browser, ".cell:nth-child(2)");
  keep_screenshot(browser, "phone_inside.png");
  move_view(browser);
  keep_child_by_finger(browser);

  browser.touch("#inside-open");
  REQUIRE(browser.becomes(inside_is_open));
  train(browser);
  keep_screenshot(browser, "phone_trained.png");
  close_inside(browser);
  browser.touch("#save-open");
  const std::string zip = saved_zip(browser);
  const StoryPicture saved = saved_picture(browser);
  CHECK(saved == StoryPicture(12, 15));
  browser.touch("#save .close button");
  REQUIRE(browser.becomes("!document.getElementById('save').open"));
  browser.touch(".cell:nth-child(4)");
  CHECK(browser.becomes(pictures_picked(1)));

  // A reload in the middle, then a crash.
  browser.reload();
  REQUIRE(browser.becomes(at_generation(12)));
  CHECK(browser.becomes(pictures_picked(1)));
  REQUIRE(sitting.has_told(12, 1));
  require_silence(browser);
  sitting.crash();
  browser.open(sitting.server->address());
  REQUIRE(browser.becomes(at_generation(12)));
  CHECK(browser.becomes(pictures_picked(1)));
  CHECK(browser.run("return " + pictures_shown(16) + ";") == true);
  browser.run("document.querySelector('.cell:nth-child(16)').scrollIntoView({block: 'center'});");
  press_long(browser, ".cell:nth-child(16)");
  CHECK(has_trained(browser));  // by the server that was killed
  close_inside(browser);
  browser.touch("#evolve");
  REQUIRE(browser.becomes(at_generation(13)));
  browser.touch("#tree-open");
  REQUIRE(browser.becomes("document.querySelectorAll('#tree-body .node image[href]').length === 13"));
  keep_screenshot(browser, "phone_tree.png");
  browser.touch("#tree-body [data-generation='3']");
  CHECK(browser.becomes("!document.getElementById('tree').open && " + at_generation(3)));
  browser.errors();  // the page of before the crash asked while nobody was there
  sitting.end(13);
  check_saved(sitting.session, saved, zip);
}
