// The whole story in a real browser on a desktop: from nothing, by keyboard alone.
#include <doctest/doctest.h>

#include "breeding_story.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::test;

namespace {

/// Ten generations; Enter without a pick breeds nothing.
void breed_ten(Browser& browser) {
  browser.keys("{Enter}");
  CHECK(browser.becomes("document.getElementById('status').textContent.startsWith('Pick one or more')"));
  for (int generation = 2; generation <= 11; ++generation) {
    browser.keys(generation % 2 ? "{Up}{Left}{Space}{Enter}" : "{Down}{Space}{Right}{Space}{Enter}");
    REQUIRE(browser.becomes(at_generation(generation)));
  }
}

/// Back to the eighth, a branch from there, the same parents again, a favourite.
void branch(Browser& browser) {
  browser.keys("z");
  REQUIRE(browser.becomes(at_generation(10)));
  browser.keys("zz");
  REQUIRE(browser.becomes(at_generation(8)));
  CHECK_FALSE(browser.run("return " + pictures_picked(0) + ";") == true);
  browser.keys("{ShiftZ}");
  REQUIRE(browser.becomes(at_generation(9)));
  browser.keys("z");
  REQUIRE(browser.becomes(at_generation(8)));
  browser.keys("{Right}{Right}{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(12)));
  browser.keys("r");
  REQUIRE(browser.becomes(at_generation(13)));
  browser.keys("z");
  REQUIRE(browser.becomes(at_generation(12)));
  browser.keys("f");
  CHECK(browser.becomes("document.getElementById('grid').textContent.includes('★')"));
  keep_screenshot(browser, "desktop_grid.png");
}

/// A weight moved by hand is kept as a child, which is bred further.
void keep_child_by_keys(Browser& browser) {
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  browser.run("document.querySelector('#inside .slider').focus();");
  CHECK(slides_weight(browser,
                      [&] { browser.keys("{Right}{Right}{Right}{Right}{Right}{Right}{Right}{Right}"); }));
  keep_screenshot(browser, "desktop_inside.png");
  browser.run("document.getElementById('keep').focus();");
  browser.keys("{Enter}");
  REQUIRE(browser.becomes("!document.getElementById('inside').open && " + pictures_shown(16)));
  browser.keys("{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(14)));
  CHECK(browser.run("return " + pictures_shown(15) + ";") == true);
  CHECK(browser.run("return document.activeElement.matches('.cell');") == true);
}

/// Stop keeps the focus while its line is told anew.
void stop_training(Browser& browser) {
  browser.run(
      "const steps = document.getElementById('steps'); steps.append(new Option('1000000')); "
      "steps.value = '1000000'; document.getElementById('train').click();");
  REQUIRE(browser.becomes("document.querySelector('#job-list li[data-state=running]')"));
  browser.run("document.querySelector('#job-list li button').focus();");
  CHECK(browser.becomes("/[1-9]\\d* s(?!t)/.test(document.querySelector('#job-list li').textContent)"));
  CHECK(browser.run("return document.activeElement.textContent;") == "Stop");
  browser.keys("{Enter}");
  CHECK(browser.becomes("document.querySelector('#job-list li[data-state=stopped]')"));
}

/// The tree after a crash, by its branches; and what was trained before it, with its picture alone.
void look_back(Browser& browser) {
  browser.keys("t");
  REQUIRE(browser.becomes("document.querySelectorAll('#tree-body .node image[href]').length === 15"));
  keep_screenshot(browser, "desktop_tree.png");
  CHECK(browser.becomes("document.querySelectorAll('#favourites button').length === 1"));
  browser.keys("{Left}{Enter}");  // to what it was bred from
  REQUIRE(browser.becomes("!document.getElementById('tree').open && " + at_generation(14)));
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  CHECK(browser.run("return document.querySelectorAll('#job-list li').length;") == 0);  // of another picture
  browser.keys("{Escape}");
  REQUIRE(browser.becomes("!document.getElementById('inside').open"));
  browser.keys("{End}i");
  REQUIRE(browser.becomes(inside_is_open));
  CHECK(has_trained(browser));
}

}  // namespace

TEST_CASE("slow: by keyboard alone: ten generations, back, a branch, a look inside, a kept child, a crash") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  Sitting sitting(Browser::Screen::desktop);
  Browser& browser = sitting.browser;
  breed_ten(browser);
  branch(browser);
  keep_child_by_keys(browser);

  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  stop_training(browser);
  train(browser);
  keep_screenshot(browser, "desktop_trained.png");
  browser.keys("{Escape}");
  REQUIRE(browser.becomes("!document.getElementById('inside').open"));
  browser.keys("s");
  const std::string zip = saved_zip(browser);
  const StoryPicture saved = saved_picture(browser);
  browser.keys("{Escape}");
  REQUIRE(browser.becomes("!document.getElementById('save').open"));
  browser.keys("{Right}{Space}");
  CHECK(browser.becomes(pictures_picked(1)));
  require_silence(browser);

  // A reload in the middle, then a crash; the page goes on by itself.
  browser.reload();
  REQUIRE(browser.becomes(at_generation(14)));
  CHECK(browser.becomes(pictures_picked(1)));
  REQUIRE(sitting.has_told(14, 1));
  require_silence(browser);
  sitting.crash();
  CHECK(browser.becomes(at_generation(14)));
  browser.keys("{Enter}");
  REQUIRE(browser.becomes(at_generation(15)));
  browser.errors();  // the page asked while nobody was there, and once by the token of before
  browser.reload();
  REQUIRE(browser.becomes(at_generation(15)));
  look_back(browser);
  require_silence(browser);
  sitting.end(15);
  check_saved(sitting.session, saved, zip);
}
