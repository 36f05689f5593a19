// Two people before one session, each with a browser of their own.
#include <doctest/doctest.h>

#include "breeding_story.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::test;

namespace {

/// Everything that the page says from now on is kept, for what is said and soon said over.
void record_status(Browser& browser) {
  browser.run(
      "const status = document.getElementById('status'); window.everSaid = []; "
      "new MutationObserver(() => window.everSaid.push(status.textContent))"
      ".observe(status, {childList: true, characterData: true, subtree: true});");
}

/// Whether the page came to say that another window made the generation.
bool heard_of(Browser& browser, int generation) {
  return browser.becomes("window.everSaid.some(words => words.startsWith('Generation " +
                         std::to_string(generation) + " was made in another window'))");
}

/// Both breed at once, from the same picks: each goes on from its own, and hears of the other's.
void breed_at_once(Browser& desktop, Browser& phone) {
  desktop.keys("{Enter}");
  phone.touch("#evolve");
  const std::string third_or_fourth = at_generation(3) + " || " + at_generation(4);
  REQUIRE(desktop.becomes(third_or_fourth));
  REQUIRE(phone.becomes(third_or_fourth));
  const bool desktop_first = desktop.run("return " + at_generation(3)) == true;
  CHECK(phone.run("return " + at_generation(desktop_first ? 4 : 3)) == true);
  CHECK(heard_of(desktop, desktop_first ? 4 : 3));
  CHECK(heard_of(phone, desktop_first ? 3 : 4));
}

/// Another session in one window is another session in both.
void open_another(Browser& desktop, Browser& phone) {
  phone.touch("#inside-open");
  REQUIRE(phone.becomes(inside_is_open));
  desktop.keys("o");
  REQUIRE(desktop.becomes("document.querySelectorAll('#session-list li').length === 1"));
  keep_screenshot(desktop, "desktop_sessions.png");
  desktop.click("#session-new");
  REQUIRE(desktop.becomes(at_generation(1)));
  CHECK(phone.becomes("!document.querySelector('dialog[open]') && " + at_generation(1)));
  CHECK(phone.becomes(
      "document.getElementById('status').textContent === 'Another window opened these pictures.'"));
}

}  // namespace

TEST_CASE("slow: two browsers on one session: each sees what the other did, whatever it does itself") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  Sitting sitting(Browser::Screen::desktop, "@bird");
  Browser &desktop = sitting.browser, phone(Browser::Screen::phone);
  open_page(phone, *sitting.server);
  record_status(desktop);
  record_status(phone);
  desktop.keys("{Space}{Enter}");
  REQUIRE(desktop.becomes(at_generation(2)));
  phone.touch(".cell:nth-child(5)");  // what one does oneself hides nothing
  CHECK(heard_of(phone, 2));
  CHECK(phone.becomes(pictures_picked(1)));
  keep_screenshot(phone, "phone_other_window.png");
  phone.touch("#status button");
  REQUIRE(phone.becomes(at_generation(2)));
  phone.touch(".cell:nth-child(3)");
  CHECK(desktop.becomes("document.querySelector('.cell:nth-child(3)[aria-pressed=true]')"));
  desktop.keys("f");
  CHECK(phone.becomes("document.getElementById('grid').textContent.includes('★')"));
  breed_at_once(desktop, phone);
  open_another(desktop, phone);
  require_silence(desktop);
  require_silence(phone);
  sitting.end(4);
}
