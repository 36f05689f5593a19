// `skein swarm` as a user meets it: what it says, refusals, kill and resume, threads.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

/// Two networks of one parent, a.mlp and b.mlp's runs, and others that do not fit.
void make_networks(const TemporaryFolder& folder) {
  const std::string train = "train @face --size 16 --quiet --arch '2;tanh:6,gaussian:3' ";
  done_in(folder, train + "--steps 40 --out parent");
  for (const char* target : {"@flower", "@sunset", "@disc"})
    done_in(folder, "train " + std::string(target) +
                        " --size 16 --quiet --wiring parent --init keep --steps 30 --out to-" +
                        std::string(target + 1));
  REQUIRE(skein_in(folder, "train @face --size 16 --quiet --arch '3;tanh:6' --steps 5 --out deeper").code ==
          0);
}

void swarm_refused(const TemporaryFolder& folder, const std::string& arguments, const std::string& part) {
  refused(folder, "swarm " + arguments + " --target @face --out refused", part);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "refused" / "network.mlp"));
}

constexpr const char* networks =
    "to-flower to-sunset to-disc --target @face --size 16 --particles 8 --iterations 12";

}  // namespace

TEST_CASE("swarm says what it found, never leaves the hull, and gives its controls as many evaluations") {
  const TemporaryFolder folder;
  make_networks(folder);
  const Finished run =
      done_in(folder, std::string("swarm ") + networks + " --patience 0 --out s --json --threads 1");
  const auto json = run.json();
  has_keys(json, {"best_loss", "hull_residual", "evaluations", "controls", "networks", "swarm", "out"});
  CHECK(json["evaluations"] == 8 * 13);
  CHECK(json["hull_dimensions"] == 2);
  CHECK(json["hull_residual"] < 1e-6);
  has_keys(json["controls"], {"constriction", "cma-es", "random", "average", "best-given", "adam"});
  for (const char* search : {"constriction", "cma-es", "random"})
    CHECK(json["controls"][search]["evaluations"] == json["evaluations"]);
  double best = 1;
  for (const auto& network : json["networks"]) best = std::min(best, network["loss"].get<double>());
  CHECK(json["controls"]["best-given"]["loss"] == best);
  CHECK(json["best_loss"] <= best * 1.0001);
  // What is kept is what was judged.
  const auto scored =
      skein_in(folder, "score s --size 16 --weights 2 --resamples 0 --target @face --json --quiet");
  CHECK(scored.json()["loss"].get<double>() ==
        doctest::Approx(json["best_loss"].get<double>()).epsilon(1e-6));
  for (const char* file : {"swarm.csv", "curves.png", "pictures.png", "control_adam.mlp"})
    CHECK(std::filesystem::exists(folder.path() / "s" / file));
  CHECK(skein_in(folder, std::string("swarm ") + networks + " --patience 0 --out s --json").json() == json);
  const auto other =
      skein_in(folder, std::string("swarm ") + networks + " --patience 0 --out t --json --threads 2").json();
  CHECK(other["controls"] == json["controls"]);
  same_files(folder, "s", "t", {"network.mlp", "swarm.csv", "metrics.jsonl", "control_cma-es.mlp"});
}

TEST_CASE("a swarm that was killed goes on to the same bits") {
  const TemporaryFolder folder;
  make_networks(folder);
  const std::string swarm = std::string("swarm ") + networks + " --rule constriction --patience 0 --quiet";
  done_in(folder, swarm + " --out whole");
  WARN(killed_at(folder, swarm, "parts", "metrics.jsonl"));
  append_to_file(folder.path() / "parts/metrics.jsonl", "{\"search\":\"swa");
  done_in(folder, swarm + " --out parts");
  same_files(folder, "whole", "parts",
             {"network.mlp", "swarm.csv", "control_adam.mlp", "control_normalized.mlp"});
}

TEST_CASE("slow: swarm makes its networks from one parent, one for each part, and judges what it finds") {
  const TemporaryFolder folder;
  make_networks(folder);
  const std::string swarm =
      "swarm parent --fine-tune 20 --target @face --utility parts --particles 10 --iterations 6 --score "
      "--out p --json";
  const Finished run = done_in(folder, swarm);
  const auto json = run.json();
  CHECK(json["networks"].size() == 6);
  CHECK(json["networks"][0]["name"] == "brows");
  CHECK(json["best_utility"] >= json["controls"]["best-given"]["utility"]);
  CHECK(json["controls"]["parent"]["participation"] >= 1);
  CHECK(json["swarm"]["compositional_score"] > 0);
  CHECK(std::filesystem::exists(folder.path() / "p/expert_06.mlp"));
}

TEST_CASE("networks that have no common wiring, or cannot be what is asked, are refused in one line") {
  const TemporaryFolder folder;
  make_networks(folder);
  swarm_refused(folder, "parent deeper",
                "deeper: is wired otherwise than parent: it has 3 layers instead of 2");
  swarm_refused(folder, "parent deeper --align", "deeper: cannot be aligned with parent");
  swarm_refused(folder, "parent", "two networks or more");
  swarm_refused(folder, "parent parent", "same weights");
  swarm_refused(folder, "parent to-disc --fine-tune 5", "one parent; 2 are given");
  swarm_refused(folder, "parent to-disc --particles 1", "--particles");
  swarm_refused(folder, "parent to-disc to-flower --particles 2", "2 particles for 3 networks");
  swarm_refused(folder, "parent to-disc --iterations 0", "iterations");
  swarm_refused(folder, "parent to-disc --bar 0.1", "--bar is used only with --utility score");
  swarm_refused(folder, "parent to-disc --size 32 --utility parts", "--size is used only");
  swarm_refused(folder, "parent to-disc --rule constriction --worst 0.1", "--worst is used only");
  swarm_refused(folder, "parent to-disc --regions x.png", "--regions is used only");
  swarm_refused(folder, "parent --fine-tune 3 --align", "--align is used only");
}
