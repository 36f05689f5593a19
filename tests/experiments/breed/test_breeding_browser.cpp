// The whole story in a real browser: from nothing, by keyboard alone on a desktop and by touch on a phone.
#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>

#include "breeding_server.hpp"
#include "experiments/breed/breeding_session.hpp"
#include "experiments/breed/session_replay.hpp"
#include "lib/base/file.hpp"
#include "neat/files/picbreeder.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/skipped.hpp"
#include "web_driver.hpp"

using namespace skein;
using namespace skein::test;

namespace {

const std::string where = "document.getElementById('where').textContent";
const std::string inside_is_open =
    "document.getElementById('inside').open && document.getElementById('film').children.length > 0";

std::string at_generation(int number) {
  return where + ".startsWith('Generation " + std::to_string(number) + ",')";
}

int picked(Browser& browser) {
  return browser.run("return document.querySelectorAll('.cell[aria-pressed=true]').length;");
}

/// A page that answers nothing while its server is away says so in the console; everything else is an error.
void require_silence(Browser& browser) {
  for (const std::string& line : browser.errors()) CHECK_MESSAGE(false, line);
}

/// Where SKEIN_SCREENSHOTS names a folder, the page is left there as a person sees it.
void keep_screenshot(Browser& browser, const std::string& name) {
  if (const char* folder = std::getenv("SKEIN_SCREENSHOTS"))
    browser.screenshot(std::filesystem::path(folder) / name);
}

/// Moves the slider of the chosen weight and keeps the picture.
void slide_and_keep(Browser& browser) {
  const std::string before =
      browser.run("return document.querySelector('#inside .sweep output').textContent;");
  browser.run("document.querySelector('#inside .slider').focus();");
  browser.keys("{Right}{Right}{Right}{Right}{Right}{Right}{Right}{Right}");
  CHECK(browser.run("return document.getElementById('changed').textContent;") == "1 weight moved");
  CHECK(browser.run("return document.querySelector('#inside .sweep output').textContent;") != before);
}

void train(Browser& browser) {
  browser.run("document.getElementById('steps').value = '500'; document.getElementById('train').click();");
  CHECK(browser.becomes("document.querySelector('#job-list li[data-state=done]')"));
  CHECK(browser.becomes(
      "!document.getElementById('pair').hidden && document.getElementById('maps-trained').width > 100"));
  CHECK(browser.run("return document.querySelector('#job-list li').textContent;")
            .get<std::string>()
            .find("loss") != std::string::npos);
}

}  // namespace

TEST_CASE("slow: by keyboard alone: ten generations, back, a branch, a look inside, a kept child, a crash") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  auto server = std::make_unique<BreedingServer>(session);
  const int port = server->port();
  Browser browser(Browser::Screen::desktop);
  browser.open(server->address());
  REQUIRE(browser.becomes("document.querySelectorAll('.cell').length === 15"));

  browser.keys("{Enter}");
  CHECK(browser.run("return document.getElementById('status').textContent;")
            .get<std::string>()
            .starts_with("Pick one or more"));
  for (int generation = 2; generation <= 11; ++generation) {
    browser.keys(generation % 2 ? "{Up}{Left}{Space}{Enter}" : "{Down}{Space}{Right}{Space}{Enter}");
    REQUIRE(browser.becomes(at_generation(generation)));
  }
  browser.keys("z");
  REQUIRE(browser.becomes(at_generation(10)));
  browser.keys("zz");
  REQUIRE(browser.becomes(at_generation(8)));
  CHECK(picked(browser) > 0);
  browser.keys("{ShiftZ}z");
  REQUIRE(browser.becomes(at_generation(8)));
  browser.keys("{Right}{Right}{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(12)));
  browser.keys("r");
  REQUIRE(browser.becomes(at_generation(13)));
  browser.keys("z");
  REQUIRE(browser.becomes(at_generation(12)));
  browser.keys("f");
  CHECK(browser.becomes("document.querySelector('.cell .tag').closest('#grid').textContent.includes('★')"));
  keep_screenshot(browser, "desktop_grid.png");

  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  slide_and_keep(browser);
  keep_screenshot(browser, "desktop_inside.png");
  browser.run("document.getElementById('keep').focus();");
  browser.keys("{Enter}");
  REQUIRE(browser.becomes("document.querySelectorAll('.cell:not([hidden])').length === 16"));
  browser.keys("{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(14)));

  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  train(browser);
  keep_screenshot(browser, "desktop_trained.png");
  browser.keys("{Escape}s");
  REQUIRE(browser.becomes("document.getElementById('save').open"));
  const std::string bytes =
      browser
          .run(
              "const done = arguments[arguments.length - 1]; "
              "fetch(document.getElementById('save-zip').href).then(r => r.blob()).then(b => "
              "{const f = new FileReader(); f.onload = () => done(f.result.length); f.readAsDataURL(b);});",
              true)
          .dump();
  CHECK(std::stoi(bytes) > 500);
  browser.keys("{Escape}{Right}{Space}");
  require_silence(browser);

  // A reload in the middle, then a crash.
  CHECK(picked(browser) == 1);
  CHECK(browser.becomes("performance.now() > 0"));
  browser.run("location.reload();");
  REQUIRE(browser.becomes(at_generation(14)));
  CHECK(browser.becomes("document.querySelectorAll('.cell[aria-pressed=true]').length === 1"));
  require_silence(browser);
  server->kill();
  server = std::make_unique<BreedingServer>(session, "", port);
  CHECK(browser.becomes(at_generation(14)));
  browser.keys("{Enter}");
  REQUIRE(browser.becomes(at_generation(15)));
  browser.errors();  // the page asked while nobody was there, and once by the token of before
  browser.open(server->address());
  REQUIRE(browser.becomes(at_generation(15)));
  browser.keys("t");
  REQUIRE(browser.becomes("document.querySelectorAll('#tree-body .node').length === 15"));
  keep_screenshot(browser, "desktop_tree.png");
  CHECK(browser.becomes("document.querySelectorAll('#favourites button').length === 1"));
  require_silence(browser);
  CHECK(server->interrupt() == 0);
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations == 15);
  CHECK(replay.equal == 15);
}

TEST_CASE("slow: by touch on a phone: the same story, three columns, nothing wider than the screen") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  auto server = std::make_unique<BreedingServer>(session);
  const int port = server->port();
  Browser browser(Browser::Screen::phone);
  browser.open(server->address());
  REQUIRE(browser.becomes("document.querySelectorAll('.cell').length === 15"));
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
  browser.touch(".cell:nth-child(2)", 800);
  REQUIRE(browser.becomes(inside_is_open));
  keep_screenshot(browser, "phone_inside.png");
  slide_and_keep(browser);
  browser.touch("#keep");
  REQUIRE(browser.becomes("document.querySelectorAll('.cell:not([hidden])').length === 16"));
  CHECK(picked(browser) == 0);  // a long press looks inside and picks nothing
  browser.touch("#inside-open");
  REQUIRE(browser.becomes(inside_is_open));
  train(browser);
  browser.touch("#inside .close button");
  browser.touch(".cell:nth-child(4)");
  require_silence(browser);
  server->kill();
  server = std::make_unique<BreedingServer>(session, "", port);
  browser.open(server->address());
  REQUIRE(browser.becomes(at_generation(12)));
  CHECK(browser.becomes("document.querySelectorAll('.cell[aria-pressed=true]').length === 1"));
  CHECK(browser.run("return document.querySelectorAll('.cell:not([hidden])').length;") == 16);
}

TEST_CASE(
    "slow: the real skull dropped onto the page is bred further, and a file that is no genome is one line") {
  const auto file = reference_data("skull/genome.zip");
  if (!file || !have_browser()) return;
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  Browser browser(Browser::Screen::desktop);
  browser.open(server.address());
  REQUIRE(browser.becomes("document.querySelectorAll('.cell').length === 15"));
  write_file(folder.path() / "<img onerror>.zip", "no genome");
  browser.upload("#file", folder.path() / "<img onerror>.zip");
  CHECK(browser.becomes(
      "document.getElementById('status').textContent.includes('<img onerror>.zip: no genome')"));
  CHECK(browser.run("return document.querySelectorAll('main img').length;") == 0);
  browser.upload("#file", *file);
  REQUIRE(browser.becomes(at_generation(2)));
  browser.keys("{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(3)));
  keep_screenshot(browser, "skull_grid.png");
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  keep_screenshot(browser, "skull_inside.png");
}
