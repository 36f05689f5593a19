#include "breeding_story.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "experiments/breed/breeding_session.hpp"
#include "experiments/breed/session_replay.hpp"
#include "neat/files/picbreeder.hpp"

namespace skein::test {

Sitting::Sitting(Browser::Screen screen, const std::string& start)
    : session(folder.path() / "s"),
      server(std::make_unique<BreedingServer>(session, start)),
      browser(screen) {
  open_page(browser, *server);
}

void Sitting::crash() {
  const int port = server->port();
  server->kill();
  server = std::make_unique<BreedingServer>(session, "", port);
}

bool Sitting::has_told(int generation, int picks) {
  const std::string script =
      "const done = arguments[arguments.length - 1]; "
      "fetch('/api/state').then(r => r.json()).then(s => done(s.generations[" +
      std::to_string(generation - 1) + "].picks.length));";
  for (int tries = 0; tries < 3000; ++tries) {
    if (browser.run(script, true) == picks) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

void Sitting::end(std::size_t generations) {
  CHECK(server->interrupt() == 0);
  const experiments::Replay replay = experiments::replay_session(session);
  CHECK(replay.generations == generations);
  CHECK(replay.equal == generations);
}

std::string at_generation(int number) {
  return "document.getElementById('where').textContent.startsWith('Generation " + std::to_string(number) +
         ",')";
}

std::string pictures_shown(int count) {
  return "[...document.querySelectorAll('.cell')].filter(cell => cell.getClientRects().length).length === " +
         std::to_string(count);
}

std::string pictures_picked(int count) {
  return "document.querySelectorAll('.cell[aria-pressed=true]').length === " + std::to_string(count);
}

void open_page(Browser& browser, const BreedingServer& server) {
  browser.open(server.address());
  REQUIRE(browser.becomes(pictures_shown(15)));
}

void require_silence(Browser& browser) {
  for (const std::string& line : browser.errors()) CHECK_MESSAGE(false, line);
}

void keep_screenshot(Browser& browser, const std::string& name) {
  if (const char* folder = std::getenv("SKEIN_SCREENSHOTS"))
    browser.screenshot(std::filesystem::path(folder) / name);
}

std::string told_of_weight(Browser& browser) {
  return browser.run("return document.querySelector('#inside .sweep output').textContent;");
}

std::array<double, 3> view_place(Browser& browser) {
  const std::string words = browser.run("return document.getElementById('zoom-text').textContent;");
  std::array<double, 3> place{1, 0, 0};
  if (!words.empty()) std::sscanf(words.c_str(), "%lf ×, centre %lf, %lf", &place[0], &place[1], &place[2]);
  return place;
}

std::string view_sum(Browser& browser) {
  // Coarse within a frame, then fine.
  browser.run(
      "const done = arguments[arguments.length - 1]; "
      "requestAnimationFrame(() => requestAnimationFrame(() => done(true)));",
      true);
  CHECK(browser.becomes("document.getElementById('view').width >= 384"));
  return browser
      .run(
          "const c = document.getElementById('view'), d = c.getContext('2d').getImageData(0, 0, c.width, "
          "c.height).data; let sum = 0; for (let i = 0; i < d.length; ++i) sum = (sum * 31 + d[i]) | 0; "
          "return sum;")
      .dump();
}

void train(Browser& browser) {
  browser.run("document.getElementById('steps').value = '500'; document.getElementById('train').click();");
  CHECK(has_trained(browser));
  browser.run("document.getElementById('jobs').scrollIntoView();");
  const std::string line =
      browser.run("return document.querySelector('#job-list li[data-state=done]').textContent;");
  CHECK(line.find("loss") != std::string::npos);
}

bool has_trained(Browser& browser) {
  constexpr int patience = 1200;  // seconds
  return browser.becomes("document.querySelector('#job-list li[data-state=done]')", patience) &&
         browser.becomes(
             "!document.getElementById('pair').hidden && "
             "document.getElementById('maps-trained').width > 100");
}

std::string saved_zip(Browser& browser) {
  REQUIRE(browser.becomes("document.getElementById('save').open"));
  const std::string text = browser.run(
      "const done = arguments[arguments.length - 1]; "
      "fetch(document.getElementById('save-zip').href).then(r => r.arrayBuffer()).then(b => "
      "done(btoa(String.fromCharCode(...new Uint8Array(b)))));",
      true);
  return from_base64(text);
}

StoryPicture saved_picture(Browser& browser) {
  const std::string target = browser.run("return document.getElementById('target').textContent;");
  const auto mark = target.rfind('#'), dot = target.rfind('.');
  return {static_cast<std::uint32_t>(std::stoul(target.substr(mark + 1))),
          static_cast<std::uint32_t>(std::stoul(target.substr(dot + 1)) - 1)};
}

void check_saved(const std::filesystem::path& session, StoryPicture picture, const std::string& zip) {
  experiments::BreedingSession opened(session, 0);
  CHECK(neat::parse_picbreeder(zip, "saved")[0].genome ==
        opened.picture(picture.first, picture.second).genome);
}

}  // namespace skein::test
