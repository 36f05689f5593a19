#include <algorithm>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE("validate trains what it needs, tells where the evolved network lies and does nothing twice") {
  const TemporaryFolder folder;
  const std::string command =
      "validate @sunset --out run --seeds 2 --steps 30 --training-size 16 --size 24 --weights 4 --draws 2 "
      "--quiet --json";
  const Finished first = skein_in(folder, command);
  REQUIRE_MESSAGE(first.code == 0, first.err);
  const auto json = first.json();
  has_keys(json, {"networks", "measures", "out"});
  const auto& score = json["measures"]["compositional_score"];
  has_keys(score, {"evolved", "passes", "trained", "controls", "twins"});
  has_keys(score["trained"], {"n", "mean", "low", "high", "evolved_is"});
  has_keys(score["twins"], {"split", "cancel", "rotate"});
  CHECK(score["twins"]["split"]["of"].get<int>() <= 3);  // @sunset is one of the three itself
  const std::string csv = read_file(folder.path() / "run/networks.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + json["networks"].get<int>());
  CHECK(csv.find("dense-s2") != std::string::npos);
  CHECK(csv.find("shuffled-s1") != std::string::npos);
  CHECK(read_file(folder.path() / "run/table.md").starts_with("| measure |"));
  CHECK(skein_in(folder, command).json() == json);
  const Finished given =
      skein_in(folder,
               "validate @sunset --out other --against run/networks/dense-s1.mlp --against "
               "run/networks/dense-s2.mlp --control same=@sunset --size 24 --weights 4 "
               "--draws 0 --quiet --json");
  REQUIRE_MESSAGE(given.code == 0, given.err);
  CHECK(given.json()["measures"]["compositional_score"]["trained"] == score["trained"]);
  CHECK(skein_in(folder, "validate @sunset --out third --control nameless").code == 2);
}

TEST_CASE("a judge that cannot be asked ends the score before anything is measured") {
  const TemporaryFolder folder;
  const Finished nobody = skein_in(folder, "score @face --judge vlm --quiet", "env -u SKEIN_JUDGE_URL");
  CHECK(nobody.code == 2);
  CHECK(is_one_line(nobody.err));
  CHECK(nobody.out.empty());
}
