#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "experiments/report/markup.hpp"
#include "experiments/report/report.hpp"
#include "report_run_fixture.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), n);
  return text;
}

bool have_chromium() { return std::system("command -v chromium >/dev/null 2>&1") == 0; }

/// The page after its scripts and the driver have run.
std::string page_in_chromium(const std::filesystem::path& folder, const std::string& html, int width) {
  std::string page = html;
  const std::string watch =
      "<script>window.reportErrors=[];addEventListener('error',e=>reportErrors.push(e.message));"
      "const complain=console.error;console.error=(...a)=>{reportErrors.push(a.join(' "
      "'));complain(...a)};</script>";
  page.insert(page.find("<meta charset"), watch);
  page.insert(page.find("</body>"), "<script>" + read_file(SKEIN_TEST_DRIVER) + "</script>");
  write_file(folder / "driven.html", page);
  return output_of(
      "timeout 1200 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
      "--disable-background-networking --disable-component-update --disable-sync "
      "--virtual-time-budget=10000 --window-size=" +
      std::to_string(width) + ",900 --user-data-dir='" + (folder / "browser").string() +
      "' --dump-dom 'file://" + (folder / "driven.html").string() + "' 2>/dev/null");
}

nlohmann::json seen_in(const std::string& dom) {
  const std::size_t from = dom.rfind("SEEN{"), to = dom.rfind("}NEES");
  REQUIRE(from != std::string::npos);
  return nlohmann::json::parse(dom.substr(from + 4, to - from - 3));
}

}  // namespace

TEST_CASE("slow: the report works in headless Chromium: no errors, and every control does what it says") {
  if (!have_chromium()) return test::skipped("there is no chromium");
  const MadeUpRun run("made <b>up</b>", 3);
  const Report report = make_report({read_report_run(run.folder)});
  const auto seen = seen_in(page_in_chromium(run.folder, report.html, 1200));
  CHECK(seen["errors"] == nlohmann::json::array());
  CHECK(seen["resources"] == nlohmann::json::array());
  CHECK(seen["shown"] == true);
  CHECK(seen["options"] == 3);
  CHECK(seen["wirings"] == 2);
  CHECK(seen["keyboard"] == true);
  CHECK(seen["clicked"] == "A: input x");
  CHECK(seen["below"].get<std::string>().find("layer 1, unit 1") != std::string::npos);
  CHECK(seen["reads"] == 4);
  CHECK(seen["pressed"] == 1);
  CHECK(seen["strip"] == 9);
  CHECK(seen["swept"] == true);
  CHECK(seen["dragged"] == true);
  CHECK(seen["second"].get<std::string>().starts_with("B: "));
  const auto ascending = seen["ascending"].get<std::vector<double>>();
  auto descending = seen["descending"].get<std::vector<double>>();
  CHECK(std::ranges::is_sorted(ascending));
  std::ranges::reverse(descending);
  CHECK(descending == ascending);
  CHECK(seen["sorted"] == "descending");
  CHECK(seen["wide"] == 0);

  // The page's own evaluation draws what the engine draws.
  const auto& picture = seen["picture"];
  const sgd::Mlp mlp = sgd::read_mlp(run.folder / run.results.rows[0].network);
  const Image drawn = to_image(draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights,
                                    Grid{picture["width"].get<int>(), picture["height"].get<int>()}));
  const auto pixels = picture["pixels"].get<std::vector<int>>();
  REQUIRE(pixels.size() == 4 * drawn.rgb.size() / 3);
  int far = 0;
  for (std::size_t i = 0; i < drawn.rgb.size(); ++i)
    far += std::abs(pixels[4 * (i / 3) + i % 3] - int(drawn.rgb[i])) > 1;
  CHECK(far * 1000 <= static_cast<int>(drawn.rgb.size()));  // a hue at the wrap may fall on either side
}

TEST_CASE("slow: the report fits a narrow screen") {
  if (!have_chromium()) return test::skipped("there is no chromium");
  const MadeUpRun run("made up", 3);
  const std::string page = make_report({read_report_run(run.folder)}).html;
  write_file(run.folder / "page.html", page);
  // A window is at least 500 wide; a frame may be as narrow as a phone.
  const std::string dom = page_in_chromium(
      run.folder,
      "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><iframe id=\"phone\" width=\"390\" "
      "height=\"800\" "
      "srcdoc=\"" +
          escape_markup(page.substr(0, page.find("<script>"))) +
          "\"></iframe><div class=\"explorer\" hidden></div><script>addEventListener('load', () => {"
          "const d = document.getElementById('phone').contentDocument.documentElement;"
          "document.title = 'WIDTH' + d.scrollWidth + 'OF' + d.clientWidth;});</script></body></html>",
      900);
  const std::size_t at = dom.find("<title>WIDTH");
  REQUIRE(at != std::string::npos);
  const std::string words = dom.substr(at + 12, dom.find("</title>", at) - at - 12);
  const std::size_t of = words.find("OF");
  CHECK(std::stoi(words.substr(0, of)) <= std::stoi(words.substr(of + 2)));
}
