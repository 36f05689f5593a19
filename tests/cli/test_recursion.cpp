// Recursions as a user meets them: train, info, render, score, and the study; what cannot hold their ties refuses them.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

constexpr const char* train_small =
    "train @disc --arch 'rec:3(4;tanh:6;sigmoid:2)' --steps 60 --size 16 --json --quiet --out ";

}  // namespace

TEST_CASE("a recursion is trained, told of, drawn at other rounds and scored") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder, std::string(train_small) + "r");
  has_keys(run.json(),
           {"loss", "best_loss", "psnr", "steps", "seconds", "steps_per_second", "nonzero", "out"});
  const auto info = skein_in(folder, "info r --json").json();
  CHECK(info["kind"] == "recursion");
  CHECK(info["arch"] == "rec:3(4;tanh:6;sigmoid:2)");
  CHECK(info["parameters"] == run.json()["weights"]);
  for (const char* rounds : {"", " --unroll 3", " --unroll 7"})
    done_in(folder, "render r --size 24 --force --features f.png --out p" +
                        std::string(rounds == std::string() ? "" : rounds + 10) + ".png" + rounds);
  CHECK(read_file(folder.path() / "p.png") == read_file(folder.path() / "p3.png"));
  CHECK(read_file(folder.path() / "p.png") != read_file(folder.path() / "p7.png"));
  const auto score = skein_in(
      folder, "score r/network.recursion --size 16 --weights 8 --resamples 0 --target @disc --json --quiet");
  CAPTURE(score.err);
  REQUIRE(score.code == 0);
  CHECK(score.json()["loss"].get<double>() ==
        doctest::Approx(run.json()["best_loss"].get<double>()).epsilon(1e-4));
  CHECK(
      skein_in(folder, "score r --unroll 1 --size 16 --weights 8 --resamples 0 --target @disc --json --quiet")
          .json()["loss"] != score.json()["loss"]);
  // Again, and on another number of threads.
  CHECK(skein_in(folder, std::string(train_small) + "r").json() == run.json());
  done_in(folder, std::string(train_small) + "s --threads 1");
  same_files(folder, "r", "s", {"network.recursion", "loss.csv", "picture.png"});
}

TEST_CASE("what cannot hold the ties of a recursion refuses it in one line") {
  const TemporaryFolder folder;
  done_in(folder, std::string(train_small) + "r");
  const std::string why = "rounds share their weights";
  refused(folder, "prune r --target @disc --out p.mlp --method magnitude --keep 0.5", why);
  refused(folder, "lift r --out g.genome", why);
  refused(folder, "hide r --out h.mlp", why);
  for (const char* format : {"onnx", "npz", "json", "npy-folder"})
    refused(folder, std::string("export r --out e --format ") + format, why);
  refused(folder, "export r --out e --format picbreeder", "only a genome");
  refused(folder, "layerize r --out l.mlp", "is a recursion");
  refused(folder, "train @disc --wiring r --out t", why);
  refused(folder, "swarm r r --target @disc --out t", why);
  refused(folder, "subnetworks r --target @face", "a recursion");
  refused(folder, "render @face --unroll 2 --out p.png", "@face: has no rounds");
  refused(folder, "train @disc --arch 'rec:3(4;tanh:6' --out t", "recursion \"rec:3(4;tanh:6\"");
  refused(folder, "train @disc --arch 'rec:3(4;tanh:6)' --sparsity 0.5 --out t", "--sparsity");
  refused(folder, "train @disc --arch 'rec:3(4;tanh:6)' --penalty l1:1 --out t", "--penalty");
  refused(folder, "train @disc --arch 'rec:3(4;tanh:6)' --init keep --out t", "--init keep");
  refused(folder, "train @disc --arch 'rec:3(4;tanh:6)' --batch-pixels 5 --out t", "--batch-pixels");
  refused(folder, "recursion @disc --arch '3;tanh:6' --out t", "rec:");
  refused(folder, "recursion @nothing --out t", "'nothing'");
  refused(folder, "recursion @disc --ema 1 --out t", "ema");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "t"));
  CHECK(skein_in(folder, "export r --out w.svg --quiet").code == 0);
}

TEST_CASE("the study compares tied and untied blocks, and adds seeds") {
  const TemporaryFolder folder;
  const std::string study =
      "recursion @fold-2,@disc --arch 'rec:2(3;relu:6;sigmoid:1)' --steps 50 --size 16 --quiet --json "
      "--beyond 1 --out ";
  const Finished run = done_in(folder, study + "a --seeds 2");
  const auto json = run.json();
  has_keys(json, {"targets", "rows", "seeds", "out"});
  REQUIRE(json["targets"].size() == 2);
  CHECK(json["targets"][0]["arms"].size() == 4);
  CHECK(json["targets"][1]["arms"].size() == 3);
  CHECK(json["rows"] == 2 * 3 * 7);
  for (const auto& target : json["targets"])
    for (const auto& arm : target["arms"]) {
      REQUIRE(arm["drawn"].size() == 3);
      CHECK(arm["drawn"][2]["r2"]["n"] == 2);
      CHECK(arm["drawn"][1]["r2_unchanged"] == 1);
    }
  CHECK(json["targets"][0]["arms"][0]["drawn"][2]["against"] == "@fold-3");
  CHECK(json["targets"][0]["arms"][0]["drawn"][2]["r2_unchanged"] < 1);
  for (const char* file : {"recursion.csv", "r2.png", "pictures.png"})
    CHECK(std::filesystem::exists(folder.path() / "a" / file));
  done_in(folder, study + "b --seeds 1 --threads 1");
  done_in(folder, study + "b --seeds 2");
  same_files(folder, "a", "b", {"recursion.csv"});
}

TEST_CASE("a study that is killed goes on, also over the checkpoint of a row that was just finished") {
  const TemporaryFolder folder;
  const std::string study =
      "recursion @disc --arch 'rec:2(3;relu:6;sigmoid:1)' --steps 600 --size 16 --quiet --json --seeds 2";
  done_in(folder, study + " --out a");
  const std::string row = "networks/_disc-tied-s0.recursion";
  WARN(killed_at(folder, study, "b", row));
  std::filesystem::remove(folder.path() / "b/DONE");  // where it was faster than the kill
  // Killed after the network was written and before its checkpoint was removed.
  write_file(folder.path() / "b" / (row + ".checkpoint"), "of a row that is finished");
  done_in(folder, study + " --out b");
  same_files(folder, "a", "b", {"recursion.csv"});
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b" / (row + ".checkpoint")));
}

TEST_CASE("a training that leaves the finite numbers fails its row, not the study, and is not done again") {
  const TemporaryFolder folder;
  const std::string study =
      "recursion @disc --arch 'rec:2(3;relu:6)' --steps 60 --size 16 --lr 1e30 --json --out r --seeds ";
  const Finished run = done_in(folder, study + "1");
  for (const auto& arm : run.json()["targets"][0]["arms"]) {
    CHECK(arm["drawn"].empty());
    REQUIRE(arm["failed"].size() == 1);
    CHECK(arm["failed"][0]["reason"].get<std::string>().find("not finite") != std::string::npos);
  }
  CHECK(read_file(folder.path() / "r/networks/_disc-tied-s0.failed").find("not finite") != std::string::npos);
  const Finished more = done_in(folder, study + "2");
  CHECK(more.json()["targets"][0]["arms"][0]["failed"].size() == 2);
  CHECK(more.err.find("seed 0: failed") == std::string::npos);
  CHECK(skein_in(folder, study + "2").code == 0);
}
