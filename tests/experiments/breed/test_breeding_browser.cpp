// The whole story in a real browser: from nothing, by keyboard alone on a desktop and by touch on a phone.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdio>
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

/// Moves the slider of the chosen weight.
template <class Slide>
void slide_weight(Browser& browser, const Slide& slide) {
  const char* const told = "return document.querySelector('#inside .sweep output').textContent;";
  const std::string before = browser.run(told);
  slide();
  CHECK(browser.becomes("document.getElementById('changed').textContent === '1 weight moved'"));
  CHECK(browser.run(told) != before);
}

/// The zip that the open dialog saves, as its link gives it.
std::string saved_zip(Browser& browser) {
  REQUIRE(browser.becomes("document.getElementById('save').open"));
  const std::string text = browser.run(
      "const done = arguments[arguments.length - 1]; "
      "fetch(document.getElementById('save-zip').href).then(r => r.arrayBuffer()).then(b => "
      "done(btoa(String.fromCharCode(...new Uint8Array(b)))));",
      true);
  return from_base64(text);
}

/// "12.3" of the picture that the open dialog saves.
std::pair<std::uint32_t, std::uint32_t> saved_picture(Browser& browser) {
  const std::string target = browser.run("return document.getElementById('target').textContent;");
  const auto mark = target.rfind('#'), dot = target.rfind('.');
  return {static_cast<std::uint32_t>(std::stoul(target.substr(mark + 1))),
          static_cast<std::uint32_t>(std::stoul(target.substr(dot + 1)) - 1)};
}

/// What was saved is the picture of the session that it says it is.
void check_saved(const std::filesystem::path& session, std::pair<std::uint32_t, std::uint32_t> picture,
                 const std::string& zip) {
  experiments::BreedingSession opened(session, 0);
  CHECK(neat::parse_picbreeder(zip, "saved")[0].genome ==
        opened.picture(picture.first, picture.second).genome);
}

/// The first training's line and pair are there.
bool has_trained(Browser& browser) {
  return browser.becomes("document.querySelector('#job-list li[data-state=done]')") &&
         browser.becomes(
             "!document.getElementById('pair').hidden && document.getElementById('maps-trained').width > "
             "100");
}

/// The colours of the large picture, as one number.
std::string view_sum(Browser& browser) {
  return browser
      .run(
          "const c = document.getElementById('view'), d = c.getContext('2d').getImageData(0, 0, c.width, "
          "c.height).data; let sum = 0; for (let i = 0; i < d.length; ++i) sum = (sum * 31 + d[i]) | 0; "
          "return "
          "sum;")
      .dump();
}

/// How many times the larger view is enlarged, and its centre; 1, 0, 0 for the square.
std::array<double, 3> view_place(Browser& browser) {
  const std::string words = browser.run("return document.getElementById('zoom-text').textContent;");
  std::array<double, 3> place{1, 0, 0};
  if (!words.empty()) std::sscanf(words.c_str(), "%lf ×, centre %lf, %lf", &place[0], &place[1], &place[2]);
  return place;
}

void train(Browser& browser) {
  browser.run("document.getElementById('steps').value = '500'; document.getElementById('train').click();");
  CHECK(has_trained(browser));
  browser.run("document.getElementById('jobs').scrollIntoView();");
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
  browser.run("document.querySelector('#inside .slider').focus();");
  slide_weight(browser, [&] { browser.keys("{Right}{Right}{Right}{Right}{Right}{Right}{Right}{Right}"); });
  keep_screenshot(browser, "desktop_inside.png");
  browser.run("document.getElementById('keep').focus();");
  browser.keys("{Enter}");
  REQUIRE(browser.becomes("document.querySelectorAll('.cell:not([hidden])').length === 16"));
  browser.keys("{Space}{Enter}");
  REQUIRE(browser.becomes(at_generation(14)));
  CHECK(browser.run("return document.activeElement.matches('.cell');") == true);

  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  train(browser);
  keep_screenshot(browser, "desktop_trained.png");
  browser.keys("{Escape}s");
  const std::string zip = saved_zip(browser);
  const auto saved = saved_picture(browser);
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
  REQUIRE(browser.becomes("document.querySelectorAll('#tree-body .node image[href]').length === 15"));
  keep_screenshot(browser, "desktop_tree.png");
  CHECK(browser.becomes("document.querySelectorAll('#favourites button').length === 1"));
  browser.keys("{Left}{Enter}");  // to what it was bred from
  CHECK(browser.becomes("!document.getElementById('tree').open && " + at_generation(14)));
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  CHECK(browser.run("return document.querySelectorAll('#job-list li').length;") == 0);  // of another picture
  browser.keys("{Escape}{End}i");
  REQUIRE(browser.becomes(inside_is_open));
  CHECK(has_trained(browser));  // by the server that was killed
  require_silence(browser);
  CHECK(server->interrupt() == 0);
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations == 15);
  CHECK(replay.equal == 15);
  check_saved(session, saved, zip);
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
  browser.pinch("#view", 240, 40);  // beyond the square
  CHECK(view_place(browser)[0] < 0.6);
  keep_screenshot(browser, "phone_beyond.png");
  browser.touch("#zoom-home");
  CHECK(browser.becomes("document.getElementById('zoom-text').textContent === ''"));
  browser.run("document.querySelector('#inside .slider').scrollIntoView({block: 'center'});");
  slide_weight(browser, [&] { browser.drag("#inside .slider", 60, 0); });
  browser.touch("#keep");
  REQUIRE(browser.becomes("document.querySelectorAll('.cell:not([hidden])').length === 16"));
  CHECK(picked(browser) == 0);  // a long press looks inside and picks nothing
  browser.touch("#inside-open");
  REQUIRE(browser.becomes(inside_is_open));
  train(browser);
  keep_screenshot(browser, "phone_trained.png");
  browser.touch("#inside .close button");
  browser.touch("#save-open");
  const std::string zip = saved_zip(browser);
  const auto saved = saved_picture(browser);
  CHECK(saved == std::pair<std::uint32_t, std::uint32_t>(12, 15));
  browser.touch("#save .close button");
  browser.touch(".cell:nth-child(4)");
  CHECK(browser.becomes("document.querySelectorAll('.cell[aria-pressed=true]').length === 1"));
  browser.run("location.reload();");
  REQUIRE(browser.becomes(at_generation(12)));
  CHECK(browser.becomes("document.querySelectorAll('.cell[aria-pressed=true]').length === 1"));
  require_silence(browser);
  server->kill();
  server = std::make_unique<BreedingServer>(session, "", port);
  browser.open(server->address());
  REQUIRE(browser.becomes(at_generation(12)));
  CHECK(browser.becomes("document.querySelectorAll('.cell[aria-pressed=true]').length === 1"));
  CHECK(browser.run("return document.querySelectorAll('.cell:not([hidden])').length;") == 16);
  browser.run("document.querySelector('.cell:nth-child(16)').scrollIntoView({block: 'center'});");
  browser.touch(".cell:nth-child(16)", 800);
  REQUIRE(browser.becomes(inside_is_open));
  CHECK(has_trained(browser));  // by the server that was killed
  browser.touch("#inside .close button");
  browser.touch("#evolve");
  REQUIRE(browser.becomes(at_generation(13)));
  browser.touch("#tree-open");
  REQUIRE(browser.becomes("document.querySelectorAll('#tree-body .node image[href]').length === 13"));
  keep_screenshot(browser, "phone_tree.png");
  browser.touch("#tree-body [data-generation='3']");
  CHECK(browser.becomes("!document.getElementById('tree').open && " + at_generation(3)));
  browser.errors();  // the page of before the crash asked while nobody was there
  CHECK(server->interrupt() == 0);
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations == 13);
  CHECK(replay.equal == 13);
  check_saved(session, saved, zip);
}

TEST_CASE("slow: two browsers on one session: each sees what the other did, whatever it does itself") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  BreedingServer server(session, "@bird");
  Browser desktop(Browser::Screen::desktop), phone(Browser::Screen::phone);
  const std::string fifteen = "document.querySelectorAll('.cell').length === 15";
  desktop.open(server.address());
  phone.open(server.address());
  REQUIRE(desktop.becomes(fifteen));
  REQUIRE(phone.becomes(fifteen));
  const auto hears_of = [](int generation) {
    return "document.getElementById('status').textContent.startsWith('Generation " +
           std::to_string(generation) + " was made in another window')";
  };
  desktop.keys("{Space}{Enter}");
  REQUIRE(desktop.becomes(at_generation(2)));
  phone.touch(".cell:nth-child(5)");  // what one does oneself hides nothing
  CHECK(phone.becomes(hears_of(2)));
  CHECK(picked(phone) == 1);
  keep_screenshot(phone, "phone_other_window.png");
  phone.touch("#status button");
  REQUIRE(phone.becomes(at_generation(2)));
  phone.touch(".cell:nth-child(3)");
  CHECK(desktop.becomes("document.querySelector('.cell:nth-child(3)[aria-pressed=true]')"));
  desktop.keys("f");
  CHECK(phone.becomes("document.getElementById('grid').textContent.includes('★')"));
  // Both at once, from the same picks.
  desktop.keys("{Enter}");
  phone.touch("#evolve");
  REQUIRE(desktop.becomes(where + ".startsWith('Generation 3,') || " + at_generation(4)));
  REQUIRE(phone.becomes(where + ".startsWith('Generation 3,') || " + at_generation(4)));
  const bool desktop_first = desktop.run("return " + at_generation(3)) == true;
  CHECK(phone.run("return " + at_generation(desktop_first ? 4 : 3)) == true);
  CHECK(desktop.becomes(hears_of(desktop_first ? 4 : 3)));
  CHECK(phone.becomes(hears_of(desktop_first ? 3 : 4)));
  // Another session in one window is another session in both.
  phone.touch(".cell:nth-child(2)", 800);
  REQUIRE(phone.becomes(inside_is_open));
  desktop.keys("o");
  REQUIRE(desktop.becomes("document.querySelectorAll('#session-list li').length === 1"));
  keep_screenshot(desktop, "desktop_sessions.png");
  desktop.click("#session-new");
  REQUIRE(desktop.becomes(at_generation(1)));
  CHECK(phone.becomes("!document.querySelector('dialog[open]') && " + at_generation(1)));
  CHECK(phone.becomes(
      "document.getElementById('status').textContent === 'Another window opened these pictures.'"));
  require_silence(desktop);
  require_silence(phone);
  CHECK(server.interrupt() == 0);
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations == 4);
  CHECK(replay.equal == 4);
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
