#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "bridge/layerize.hpp"
#include "experiments/report/report.hpp"
#include "experiments/report/report_pieces.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "report_run_fixture.hpp"
#include "tests/experiments/breed/web_driver.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A made-up run whose evolved network draws @face.
struct FaceRun : MadeUpRun {
  FaceRun() : MadeUpRun("@face", 1) {
    CompareRow& row = results.rows[0];
    const sgd::Mlp mlp = bridge::layerize(face().genome);
    sgd::write_mlp(folder / row.network, mlp);
    row.network_digest = digest_of(read_file(folder / row.network));
    save();
  }
  std::filesystem::path pieces(std::size_t row, const std::string& file) const {
    return folder / "pieces" / results.rows[row].id() / file;
  }
};

PiecesRequest quick_request(std::vector<std::string> methods) {
  PiecesRequest request;
  request.methods = std::move(methods);
  request.settings.seeds = 1;
  request.settings.mask.steps = 200;
  return request;
}

nlohmann::json networks_of(const std::string& html) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = html.find(start) + start.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from))["runs"][0]["networks"];
}

/// The page's picture of a side, RGB in rows.
std::string pixels_of(const std::string& side) {
  return "(() => { const c = document.querySelector('[data-side=\"" + side +
         "\"] .picture'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; "
         "return Array.from(d).filter((_, i) => i % 4 < 3); })()";
}

}  // namespace

TEST_CASE("pieces are learned once, kept with pictures, and taken up by the page of their network alone") {
  FaceRun run;
  CHECK(learn_pieces(run.folder, quick_request({"evolved"})) ==
        std::vector<std::string>{run.results.rows[0].id()});
  const auto kept = nlohmann::json::parse(read_file(run.pieces(0, "pieces.json")));
  REQUIRE(kept["parts"].size() >= 4);
  for (std::size_t p = 0; p < kept["parts"].size(); ++p) {
    const auto& part = kept["parts"][p];
    CAPTURE(part["name"]);
    const Image without = read_image(run.pieces(0, part["without"]));
    CHECK(without.width == 128);
    CHECK(read_image(run.pieces(0, part["wanted"])).width == parts_size);
    if (!part["weights"].empty()) CHECK(without.rgb != read_image(run.pieces(0, "whole.png")).rgb);
  }
  CHECK(kept["d_abl"] < -0.5);

  int told = 0;
  learn_pieces(run.folder, quick_request({"evolved"}), [&](const Progress&) { return ++told, true; });
  CHECK(told == 0);       // nothing to learn
  auto elsewhere = kept;  // learned when the parts lay elsewhere
  elsewhere["regions_digest"] = "0000000000000000";
  write_file(run.pieces(0, "pieces.json"), elsewhere.dump());
  learn_pieces(run.folder, quick_request({"evolved"}), [&](const Progress&) { return ++told, true; });
  CHECK(told > 0);
  CHECK(nlohmann::json::parse(read_file(run.pieces(0, "pieces.json"))) == kept);
  const auto networks = networks_of(make_report({read_report_run(run.folder)}).html);
  CHECK(networks[0]["pieces"].size() == kept["parts"].size());
  CHECK(networks[0]["pieces"][0]["weights"] == kept["parts"][0]["weights"]);
  CHECK(!networks[1].contains("pieces"));

  // Of another network, or damaged: the page goes without, and says why.
  auto other = kept;
  other["network_digest"] = "0000000000000000";
  for (const std::string& text :
       {other.dump(), std::string("{\"format\": \"skein pieces\"}"), std::string("{")}) {
    write_file(run.pieces(0, "pieces.json"), text);
    const Report report = make_report({read_report_run(run.folder)});
    CHECK(!networks_of(report.html)[0].contains("pieces"));
    REQUIRE(report.troubles.size() == 1);
    CHECK(report.troubles[0].find("pieces.json") != std::string::npos);
  }
}

TEST_CASE("parts of a method that a run does not have, and pieces of nothing known, are refused") {
  FaceRun run;
  CHECK_THROWS_AS(learn_pieces(run.folder, quick_request({"no-such"})), ConfigError);
  auto plain = quick_request({"evolved"});
  plain.parts.target = "@skull-is-not-built-in";
  CHECK_THROWS_AS(learn_pieces(run.folder, plain), Error);
  CHECK_THROWS_AS(learn_pieces(run.folder, quick_request({"evolved"}), [](const Progress&) { return false; }),
                  Error);
  CHECK(!std::filesystem::exists(run.pieces(0, "pieces.json")));
}

TEST_CASE(
    "slow: the report switches parts off by keyboard, in either network, and draws what the engine draws") {
  if (!test::have_browser()) return test::skipped("there is no chromium with chromedriver");
  FaceRun run;
  learn_pieces(run.folder, quick_request({"evolved", "dense-adam"}));
  write_report({run.folder}, run.folder / "report.html");
  test::Browser browser(test::Browser::Screen::desktop);
  browser.open("file://" + (run.folder / "report.html").string());
  REQUIRE(browser.becomes("document.querySelectorAll('[data-side=\"a\"] .parts input').length > 3"));
  CHECK(browser.run("return document.querySelectorAll('.parts legend').length;") == 2);
  const auto kept = nlohmann::json::parse(read_file(run.pieces(0, "pieces.json")));
  std::size_t part = 0;
  while (kept["parts"][part]["weights"].empty()) ++part;
  const std::string name = kept["parts"][part]["name"];
  const auto whole = browser.run("return " + pixels_of("a") + ";");
  const auto beside = browser.run("return " + pixels_of("b") + ";");
  browser.run("document.querySelectorAll('[data-side=\"a\"] .parts input')[" + std::to_string(part) +
              "].focus();");
  browser.keys("{Space}");
  REQUIRE(browser.becomes(
      "document.querySelector('[data-side=\"a\"] .parts output').textContent.includes('A without " + name +
      "')"));
  CHECK(browser.run("return " + pixels_of("b") + ";") == beside);
  CHECK(browser.run("return document.querySelector('[data-side=\"a\"] .wanted img').alt;") ==
        "the target without " + name);

  // The page's picture without the piece is the engine's.
  const sgd::Mlp mlp = sgd::read_mlp(run.folder / run.results.rows[0].network);
  Weights weights = mlp.weights;
  for (const std::size_t slot : kept["parts"][part]["weights"]) weights[slot] = 0;
  const auto size = browser.run(
      "const c = document.querySelector('[data-side=\"a\"] .picture'); return [c.width, c.height];");
  const Image drawn = to_image(
      draw(Plan(sgd::lower(mlp.wiring).network), weights, Grid{size[0].get<int>(), size[1].get<int>()}));
  const auto pixels = browser.run("return " + pixels_of("a") + ";").get<std::vector<int>>();
  CHECK(pixels != whole.get<std::vector<int>>());
  REQUIRE(pixels.size() == drawn.rgb.size());
  std::size_t far = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) far += std::abs(pixels[i] - int{drawn.rgb[i]}) > 1;
  CHECK(far * 1000 <= pixels.size());
  if (const char* folder = std::getenv("SKEIN_SCREENSHOTS"))
    browser.screenshot(std::filesystem::path(folder) / "report_parts.png");

  browser.keys("{Space}");  // and on again
  REQUIRE(browser.becomes(
      "document.querySelector('[data-side=\"a\"] .parts output').textContent === 'A with all its parts.'"));
  CHECK(browser.run("return " + pixels_of("a") + ";") == whole);
  browser.run("document.querySelector('[data-side=\"b\"] .parts input').focus();");
  browser.keys("{Space}");
  CHECK(browser.becomes(
      "document.querySelector('[data-side=\"b\"] .parts output').textContent.startsWith('B without')"));
  CHECK(browser.run("return Array.from(document.querySelectorAll('.parts input'), i => "
                    "!!i.labels[0]?.textContent.trim())"
                    ".every(Boolean);") == true);
  CHECK(browser.run("return performance.getEntriesByType('resource').filter(r => "
                    "!r.name.startsWith('data:')).length;") == 0);
  CHECK(browser.errors().empty());
}
