#include "experiments/runs/toml_config.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "experiments/runs/option_uses.hpp"
#include "lib/base/error.hpp"
#include "tests/support/fuzz.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

std::vector<CLI::ConfigItem> read(const std::string& text) {
  std::istringstream in(text);
  TomlConfig config;
  config.command = "train";
  return config.from_config(in);
}

}  // namespace

TEST_CASE("keys of very many parts are refused before they nest") {
  std::string dots = "a";
  for (int i = 0; i < 50'000; ++i) dots += ".a";
  for (const std::string& text : {dots + " = 1\n", "[" + dots + "]\n", "x = { " + dots + " = 1 }\n"}) {
    CHECK_THROWS_AS(read(text), ConfigError);
    CHECK_THROWS_AS(refuse_deep_keys(text, "a.toml"), FormatError);
  }
  CHECK_NOTHROW(refuse_deep_keys(
      "x = [1.5, 2.5, 3.5]\nname = \"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r\"\n# so ... and ....\n", "a"));
}

TEST_CASE("an empty text in a configuration says nothing") {
  const auto items = read("arch = \"\"\nsteps = 3\n");
  REQUIRE(items.size() == 1);
  CHECK(items[0].name == "steps");
}

TEST_CASE("fuzz: TOML configuration") {
  test::fuzz({"steps = 3\n[train]\nlr = 1e-3\nmethods = [\"a\", \"b\"]\n[origin]\nbuild = 'x'\n",
              "format = \"skein-run\"\nversion = 1\na.b = { c = [1, 2.5, true], d = 1979-05-27 }\n"},
             [](const std::string& text) { read(text); });
}

TEST_CASE("an option that does nothing is refused when it is given, and is left out of a run's settings") {
  for (const bool used : {false, true})
    for (const bool given : {false, true}) {
      CLI::App app;
      int rounds = 0;
      OptionUses uses;
      uses.only(app.add_option("--rounds", rounds), "with --method sp", [&] { return used; });
      app.parse(given ? "--rounds 3" : "", false);
      if (given && !used)
        CHECK_THROWS_WITH_AS(uses.check(), "--rounds is used only with --method sp; it would do nothing here",
                             ConfigError);
      else CHECK_NOTHROW(uses.check());
      nlohmann::ordered_json settings{{"rounds", 3}, {"other", 1}};
      uses.strip(settings);
      CHECK(settings.contains("rounds") == used);
      CHECK(settings.contains("other"));
    }
}
