// How long the page takes in a real browser. Nothing is gated on a clock; RESULTS' table comes from here:
// test_experiments -tc="deep: timings of the breeding page*", with SKEIN_TIMINGS naming a CSV for every single time.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "breeding_server.hpp"
#include "breeding_story.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/skipped.hpp"
#include "web_driver.hpp"

using namespace skein;
using namespace skein::test;

namespace {

constexpr int repeats = 50;

/// Runs in the page; each gives its last argument one list of milliseconds a kind of time.
const std::string helpers =
    "const done = arguments[arguments.length - 1], $ = id => document.getElementById(id);"
    "const wait = ms => new Promise(r => setTimeout(r, ms));"
    "const shown = () => new Promise(r => document.addEventListener('skein-shown', () => "
    "r(performance.now()), {once: true}));"
    "const pressed = async id => { const later = shown(), start = performance.now(); $(id).click(); "
    "return await later - start; };"
    "const repeats = " +
    std::to_string(repeats) + ";";

const std::string evolve_script =
    helpers +
    "(async () => { const told = {evolve: [], server: [], drawing: []};"
    "for (let i = 0; i < repeats; ++i) {"
    "  document.querySelectorAll('.cell')[i * 4 % 15].click(); document.querySelectorAll('.cell')[(i * 4 + "
    "7) "
    "% 15].click();"
    "  await wait(500); performance.clearResourceTimings();"
    "  told.evolve.push(await pressed('evolve'));"
    "  await wait(100);"
    "  const timing = performance.getEntriesByType('resource').find(e => e.name.endsWith('/api/evolve'))"
    ".serverTiming;"
    "  told.server.push(timing.find(t => t.name === 'breed').duration);"
    "  told.drawing.push(timing.find(t => t.name === 'draw').duration);"
    "} done(told); })();";

const std::string back_script =
    helpers +
    "(async () => { const told = {back: []};"
    "for (let i = 0; i < repeats; ++i) { told.back.push(await pressed('back')); await wait(50); "
    "if (i % 20 === 19) for (let j = 0; j < 20; ++j) { await pressed('forward'); await wait(20); } }"
    "done(told); })();";

/// A step of the slider until the picture is painted, and the time between frames while it slides on in every one.
const std::string slide_script =
    helpers +
    "(async () => { const told = {slide: [], frame: []}, slider = document.querySelector('#inside .slider');"
    "const slide = i => { slider.value = Math.sin(i / 5); slider.dispatchEvent(new Event('input')); };"
    "for (let i = 0; i < repeats; ++i) { const start = performance.now(); slide(i); "
    "told.slide.push(performance.now() - start); await wait(20); }"
    "let last = 0; const frame = now => { if (last) told.frame.push(now - last); last = now; "
    "slide(told.frame.length); if (told.frame.length < repeats) requestAnimationFrame(frame); else "
    "done(told); "
    "}; requestAnimationFrame(frame); })();";

/// Adds the times to the CSV's lines and prints their median and 95th percentile.
void tell(std::string& csv, const std::string& start, const nlohmann::json& told) {
  for (const auto& [what, list] : told.items()) {
    auto times = list.get<std::vector<double>>();
    CHECK(times.size() == repeats);
    for (std::size_t i = 0; i < times.size(); ++i)
      csv += start + "," + what + "," + std::to_string(i) + "," + std::to_string(times[i]) + "\n";
    std::ranges::sort(times);
    const auto n = times.size();
    std::printf("%s %s: median %.1f ms, 95 %% %.1f ms\n", start.c_str(), what.c_str(),
                (times[(n - 1) / 2] + times[n / 2]) / 2, times[(95 * n + 99) / 100 - 1]);
  }
}

void measure(const std::string& start, const std::string& name, std::string& csv) {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s", start);
  Browser browser(Browser::Screen::desktop);
  open_page(browser, server);
  browser.keys("i");
  REQUIRE(browser.becomes(inside_is_open));
  browser.run("document.querySelector('#inside .slider').scrollIntoView();");
  tell(csv, name, browser.run(slide_script, true));
  browser.keys("{Escape}");
  tell(csv, name, browser.run(evolve_script, true));
  tell(csv, name, browser.run(back_script, true));
  CHECK(browser.errors().empty());
}

}  // namespace

TEST_CASE("deep: timings of the breeding page in a browser, median and 95th percentile of fifty") {
  if (!have_browser()) return skipped("there is no chromium with chromedriver");
  std::string csv = "start,what,repeat,milliseconds\n";
  measure("@face", "@face", csv);
  if (const auto skull = reference_data("skull/genome.zip")) measure(skull->string(), "skull", csv);
  if (const char* file = std::getenv("SKEIN_TIMINGS")) write_file(file, csv);
}
