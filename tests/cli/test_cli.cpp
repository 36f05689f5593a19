// The program as a user meets it: every command's result keys, exit codes, one-line errors, resuming.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "experiments/nets/net.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"
#include "lib/picture/image.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

TEST_CASE("help fits a screen and lists every command; each command's help ends with an example") {
  const TemporaryFolder folder;
  const Finished help = skein_in(folder, "--help");
  CHECK(help.code == 0);
  CHECK(std::count(help.out.begin(), help.out.end(), '\n') <= 50);
  for (const char* command :
       {"render", "info", "layerize", "lift", "export", "train", "compare", "targets"}) {
    CAPTURE(command);
    CHECK(help.out.find(std::string("\n  ") + command + " ") != std::string::npos);
    const Finished own = skein_in(folder, std::string(command) + " --help");
    CHECK(own.code == 0);
    CHECK(own.out.find("Example:\n  skein ") != std::string::npos);
  }
  CHECK(skein_in(folder, "--version").out.starts_with("skein "));
  CHECK(skein_in(folder, "render --version").out.starts_with("skein "));
}

TEST_CASE("what is not understood is one line and exit code 2") {
  const TemporaryFolder folder;
  for (const char* arguments :
       {"paint", "render", "render @face --out a.png --size x", "render @face --out a.png --sise 3",
        "render @face --out a.png --size 0", "render @face --out a.png --size 20000", "info @nobody",
        "train @face --out r --optimizer magic", "train @face --out r --steps -1",
        "train @face --out r --lr nan", "train @face --out r --arch '0;sin:1'",
        "compare @face --out r --budget huge", "info @face --threads -1"}) {
    CAPTURE(arguments);
    const Finished run = skein_in(folder, arguments);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
  }
}

TEST_CASE("what is missing is named with what it would be; TARGET stands in the help as required once") {
  const TemporaryFolder folder;
  const Finished bare = skein_in(folder, "train");
  CHECK(bare.code == 2);
  CHECK(is_one_line(bare.err));
  CHECK(bare.err.find("TARGET is missing: a network") != std::string::npos);
  CHECK(skein_in(folder, "train @face").err.find("--out is missing: ") != std::string::npos);
  const std::string help = skein_in(folder, "compare --help").out;
  CHECK(help.find("--target REQUIRED") == std::string::npos);
  CHECK(help.find("--target TEXT REQUIRED") == std::string::npos);
  CHECK(help.find("\n  --target                        the same as TARGET") != std::string::npos);
  CHECK(skein_in(folder, "render --out a.png @face").code == 0);
}

TEST_CASE("what cannot be read or written is one line and exit code 1") {
  const TemporaryFolder folder;
  write_file(folder.path() / "noise.bin", std::string(300, '\x17'));
  write_file(folder.path() / "cut.png", encode_png(Image(20, 20, 7)).substr(0, 60));
  for (const char* arguments :
       {"info nothing.zip", "info noise.bin", "info .", "render noise.bin --out a.png",
        "train cut.png --out r", "info cut.png", "render @face --out no/such/folder/a.png",
        "train @face --out /proc/run --steps 1 --size 4"}) {
    CAPTURE(arguments);
    const Finished run = skein_in(folder, arguments);
    CHECK(run.code == 1);
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
  }
}

TEST_CASE("no space on the disk is one line and exit code 1, and nothing half-written stays") {
  const TemporaryFolder folder;
  const Finished run = skein_in(folder, "render @face --out a.png --size 256 --quiet", "ulimit -f 4 &&");
  CHECK(run.code == 1);
  CAPTURE(run.err);
  CHECK(is_one_line(run.err));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "a.png"));
}

TEST_CASE("render draws the size asked for, its figure and its arrays") {
  const TemporaryFolder folder;
  const Finished run =
      done_in(folder, "render @face --out a.png --size 40 --features f.png --npz a.npz --json");
  has_keys(run.json(), {"size", "out"});
  CHECK(run.json()["size"] == 40);
  CHECK(read_image(folder.path() / "a.png").width == 40);
  CHECK(read_image(folder.path() / "f.png").width > 100);
  const ArrayMap arrays = read_npz(folder.path() / "a.npz");
  CHECK(arrays.at("hsv").shape == std::vector<std::size_t>{40, 40, 3});
  CHECK(arrays.at("rgb").shape == std::vector<std::size_t>{40, 40, 3});
  CHECK(arrays.at("layer_00").shape == std::vector<std::size_t>{4, 40, 40});
  CHECK(skein_in(folder, "render @face --out a.png").code == 2);
  CHECK(skein_in(folder, "render @face --out a.png --force").code == 0);
}

TEST_CASE("info, layerize, lift and export agree on a network") {
  const TemporaryFolder folder;
  const auto info = skein_in(folder, "info @face --json").json();
  has_keys(info, {"kind", "nodes", "links", "depth", "arch", "width", "parameters", "nonzero", "copies",
                  "activations", "warnings"});
  CHECK(info["kind"] == "genome");
  const auto layered = skein_in(folder, "layerize @face --out face.mlp --json").json();
  has_keys(layered, {"kind", "arch", "nonzero", "max_abs_difference", "out"});
  CHECK(layered["kind"] == "mlp");
  CHECK(layered["arch"] == info["arch"]);
  CHECK(layered["nonzero"] == info["nonzero"]);
  CHECK(layered["max_abs_difference"] < 1e-9);
  const auto lifted = skein_in(folder, "lift face.mlp --out face.genome --json").json();
  CHECK(lifted["links"] == info["links"]);
  CHECK(lifted["max_abs_difference"] < 1e-5);
  CHECK(skein_in(folder, "layerize face.mlp --out again.mlp").code == 2);
  CHECK(skein_in(folder, "lift face.genome --out again.genome").code == 2);
  for (const char* out : {"face.svg", "face.npz", "face.dot", "face.xml", "face-arrays"}) {
    CAPTURE(out);
    const Finished run = skein_in(folder, std::string("export face.genome --json --out ") + out);
    CHECK(run.code == 0);
    CHECK(run.json()["out"] == out);
    CHECK(std::filesystem::exists(folder.path() / out));
  }
  CHECK(skein_in(folder, "info face-arrays --json").json()["nonzero"] == info["nonzero"]);
  CHECK(skein_in(folder, "info face.xml --json").json()["links"] == info["links"]);
}

TEST_CASE("train leaves a run that is a network; doing it again does nothing, other settings are refused") {
  const TemporaryFolder folder;
  const std::string train = "train @face --out r --steps 60 --size 24 --json";
  const Finished run = done_in(folder, train);
  has_keys(run.json(),
           {"loss", "best_loss", "psnr", "steps", "seconds", "steps_per_second", "nonzero", "out"});
  for (const char* file : {"config.toml", "metrics.jsonl", "network.mlp", "picture.png", "features.png",
                           "loss.csv", "report.html", "DONE"})
    CHECK(std::filesystem::exists(folder.path() / "r" / file));
  const Finished again = skein_in(folder, train);
  CHECK(again.code == 0);
  CHECK(again.json() == run.json());
  CHECK(skein_in(folder, "train @face --out r --steps 70 --size 24").code == 2);
  CHECK(skein_in(folder, "info r --json").json()["source"] == "run");
  const Finished other = done_in(folder, "train --config r/config.toml --out s --json");
  CHECK(read_file(folder.path() / "s/network.mlp") == read_file(folder.path() / "r/network.mlp"));
}

TEST_CASE("a run that is interrupted and repeated gives the same bytes, on any number of threads") {
  const TemporaryFolder folder;
  const std::string train = "train @face --steps 3000 --size 32 --checkpoint-every 100 --quiet --out ";
  done_in(folder, train + "whole --threads 1");
  const Finished stopped = skein_in(folder, train + "parts", "timeout -s INT 0.4");
  if (stopped.code != 0) CHECK(stopped.code != 2);
  done_in(folder, train + "parts --threads 2");
  for (const char* file : {"network.mlp", "loss.csv", "metrics.jsonl"})
    CHECK(read_file(folder.path() / "whole" / file) == read_file(folder.path() / "parts" / file));
}

TEST_CASE("a picture is a target at its own shape") {
  const TemporaryFolder folder;
  write_png(folder.path() / "flat.png", Image(30, 16, 128));
  REQUIRE(skein_in(folder, "train flat.png --out r --steps 5 --arch '2;sin:3,cache:1' --json").code == 0);
  CHECK(read_image(folder.path() / "r/picture.png").width == 30);
  CHECK(read_image(folder.path() / "r/picture.png").height == 16);
  REQUIRE(skein_in(folder, "train flat.png --out s --steps 5 --arch '2;sin:3' --size 15").code == 0);
  CHECK(read_image(folder.path() / "s/picture.png").height == 8);
}

TEST_CASE("a configuration file sets options, the command line wins, unknown keys are refused") {
  const TemporaryFolder folder;
  write_file(folder.path() / "c.toml", "size = 20\n[render]\nextent = 2.0\n[train]\nsteps = 3\n");
  CHECK(skein_in(folder, "render @face --out a.png --config c.toml --json").json()["size"] == 20);
  CHECK(skein_in(folder, "render @face --out b.png --size 30 --config c.toml --json").json()["size"] == 30);
  write_file(folder.path() / "bad.toml", "sise = 20\n");
  CHECK(skein_in(folder, "render @face --out c.png --config bad.toml").code == 2);
  write_file(folder.path() / "worse.toml", "= = =\n");
  const Finished worse = skein_in(folder, "render @face --out c.png --config worse.toml");
  CHECK(worse.code == 2);
  CHECK(is_one_line(worse.err));
  CHECK(skein_in(folder, "render @face --out c.png --config none.toml").code != 0);
}

TEST_CASE("the study's genomes are laid out as the study did") {
  const TemporaryFolder folder;
  const auto skull = test::reference_data("skull/genome.zip");
  if (!skull) return;
  const auto info = skein_in(folder, "info '" + skull->string() + "' --json").json();
  CHECK(info["arch"] == "12;cache:15,gaussian:4,identity:2,sin:1");
  CHECK(info["parameters"] == 5478);
  CHECK(info["nonzero"] == 147);
  CHECK(info["copies"] == 90);
  CHECK(info["links"] == 57);
}

TEST_CASE("score gives every measure, and label agreement for a genome that carries labels") {
  const TemporaryFolder folder;
  const Finished score =
      done_in(folder, "score @face --size 32 --weights 12 --resamples 5 --target @face --quiet --json");
  const auto json = score.json();
  has_keys(json, {"metrics", "compositional_score", "label_agreement", "movable", "sampled", "loss"});
  has_keys(json["metrics"]["compositional_score"], {"value", "low", "high", "unit"});
  CHECK(json["label_agreement"] > 0.9);
  CHECK(json["loss"] == 0.0);
  CHECK(skein_in(folder, "score @face --judge oracle").code != 0);
}

TEST_CASE("sweep leaves strips, a contact sheet and arrays, and does not overwrite them unasked") {
  const TemporaryFolder folder;
  const Finished sweep =
      done_in(folder, "sweep @face --out s --weights 0,2 --directions 1 --steps 3 --size 16 --quiet --json");
  has_keys(sweep.json(), {"weights", "steps", "out"});
  CHECK(sweep.json()["weights"] == 3);
  const auto arrays = read_npz(folder.path() / "s/sweep.npz");
  CHECK(arrays.at("change").shape == std::vector<std::size_t>{3, 3});
  CHECK(arrays.at("map").shape == std::vector<std::size_t>{3, 16, 16});
  CHECK(arrays.at("change").floats()[1] == 0.0f);  // the middle step moves nothing
  CHECK(read_image(folder.path() / "s/strips/weight-2.png").width == 3 * 17 - 1);
  CHECK(std::filesystem::exists(folder.path() / "s/sheet.png"));
  CHECK(is_one_line(skein_in(folder, "sweep @face --out s --weights 0,2 --steps 3").err));
  CHECK(skein_in(folder, "sweep @face --out t --weights 0,999999").code == 2);
  CHECK(skein_in(folder, "sweep @face --out t --weights x").code == 2);
}

TEST_CASE("render refuses a grid beyond the limit with the limit named, and leaves no file") {
  const TemporaryFolder folder;
  const Finished run = skein_in(folder, "render @face --out a.png --size 16385");
  CHECK(run.code == 2);
  CHECK(run.err.find("16384") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "a.png"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "a.png.tmp"));
}

TEST_CASE(
    "bench prints a table with the measured peak, and the same as an object; unknown rows are refused") {
  const TemporaryFolder folder;
  const std::string only = "bench --only 'activation, sin' --rounds 1";
  const Finished table = skein_in(folder, only);
  CHECK(table.code == 0);
  CHECK(table.out.find("peak of multiply-adds measured in this run") != std::string::npos);
  CHECK(table.out.find("values and slopes, sin") != std::string::npos);
  const auto json = nlohmann::json::parse(skein_in(folder, only + " --json").out);
  CHECK(json.at("peak_gflops").get<double>() > 0);
  CHECK(json.at("results").size() == 1);
  CHECK(json.at("results").at(0).at("ms").get<double>() > 0);
  CHECK(skein_in(folder, "bench --only nothing-of-the-kind").code == 2);
  CHECK(skein_in(folder, "bench --rounds 0").code == 2);
}

TEST_CASE("bench measures the rows whose name is asked for, evolution among them") {
  const TemporaryFolder folder;
  const Finished run = done_in(folder, "bench --only evolution --rounds 1 --json");
  const auto results = run.json()["results"];
  REQUIRE(results.size() == 2);
  for (const auto& row : results)
    CHECK(row["note"].get<std::string>().find(" a second") != std::string::npos);
  CHECK(skein_in(folder, "bench --only nothing-of-this-name").code == 2);
}
