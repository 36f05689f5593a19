// `skein evolve` and `skein reach` as a user meets them: results, refusals, kill and resume, threads.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <sstream>
#include <string>

#include "lib/image.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

void same_files(const TemporaryFolder& folder, const std::string& a, const std::string& b,
                std::initializer_list<const char*> files) {
  for (const char* file : files) {
    CAPTURE(file);
    CHECK(read_file(folder.path() / a / file) == read_file(folder.path() / b / file));
  }
}

/// Starts `skein ARGUMENTS --out RUN` and kills it (no warning, no clean-up) once `file` of the run is there.
/// Whether it was killed before it had finished.
bool killed_at(const TemporaryFolder& folder, const std::string& arguments, const std::string& run,
               const std::string& file) {
  const std::string there = "'" + run + "/" + file + "'";
  const std::string line =
      "cd '" + folder.path().string() + "' && { '" SKEIN_PROGRAM "' " + arguments + " --out " + run +
      " > .out 2> .err & pid=$!; while [ ! -s " + there +
      " ] && kill -0 $pid 2> .null; do sleep 0.01; done; kill -9 $pid; wait $pid; } 2> .null";
  [[maybe_unused]] const int status = std::system(line.c_str());
  REQUIRE(fs::exists(folder.path() / run / file));
  return !fs::exists(folder.path() / run / "DONE");
}

/// A Picbreeder genome whose two hidden nodes feed each other.
std::string cyclic_genome() {
  const auto marked = [](const std::string& name, int id) {
    return "<" + name + " branch=\"0\" id=\"" + std::to_string(id) + "\"/>";
  };
  const auto node = [&](int id, const std::string& attributes, const std::string& activation) {
    return "<node " + attributes + ">" + marked("marking", id) + "<activation>" + activation +
           "</activation></node>";
  };
  const auto link = [&](int id, int from, int to) {
    return "<link>" + marked("marking", id) + marked("source", from) + marked("target", to) +
           "<weight>1.0</weight></link>";
  };
  return "<genome>" + marked("identifier", 1) + "<nodes>" +
         node(0, "label=\"x\" type=\"in\"", "identity(x)") +
         node(1, "label=\"ink\" type=\"out\"", "identity(x)") + node(2, "type=\"hidden\"", "sin(x)") +
         node(3, "type=\"hidden\"", "sin(x)") + "</nodes><links>" + link(10, 0, 2) + link(11, 2, 3) +
         link(12, 3, 2) + link(13, 3, 1) + "</links></genome>";
}

}  // namespace

TEST_CASE("evolve solves XOR, and tells how often and at what cost over seeds") {
  const TemporaryFolder folder;
  const Finished one = skein_in(folder, "evolve --goal task:xor --seed 3 --out one --json");
  CAPTURE(one.err);
  REQUIRE(one.code == 0);
  has_keys(one.json(),
           {"solved", "generations", "evaluations", "best_fitness", "species", "archive", "best"});
  CHECK(one.json()["solved"] == true);
  for (const char* file :
       {"metrics.jsonl", "best.genome", "phylogeny.json", "phylogeny.svg", "statistics.png", "DONE"})
    CHECK(fs::exists(folder.path() / "one" / file));
  const Finished many = skein_in(folder, "evolve --goal task:xor --seeds 4 --out many --json");
  REQUIRE(many.code == 0);
  CHECK(many.json()["solved_seeds"] == 4);
  has_keys(many.json(), {"evaluations", "evaluations_sd", "hidden", "hidden_sd"});
  const std::string csv = read_file(folder.path() / "many/results.csv");
  CHECK(csv.starts_with("seed,solved,evaluations,hidden,links\n0,1,"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
  // The same seed has the same run, alone or among others.
  CHECK(csv.find("\n3,1," + one.json()["evaluations"].dump() + ",") != std::string::npos);
}

TEST_CASE("evolve toward a picture writes the same bytes on 1, 2 and 8 threads, fitted or not") {
  const TemporaryFolder folder;
  const std::string plain =
      "evolve --goal target:@face --population 20 --generations 5 --size 16 --json --out ";
  for (const std::string& extra : {std::string(), std::string(" --gradient-steps 2")}) {
    CAPTURE(extra);
    const std::string tag = extra.empty() ? "p" : "f";
    const Finished run = skein_in(folder, plain + tag + "1" + extra + " --threads 1");
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    CHECK(run.json()["evaluations"] == 100);
    CHECK(run.json()["best_fitness"] > 0);
    for (const char* threads : {"2", "8"}) {
      REQUIRE(skein_in(folder, plain + tag + threads + extra + " --threads " + threads).code == 0);
      same_files(
          folder, tag + "1", tag + threads,
          {"metrics.jsonl", "best.genome", "best.png", "population.png", "phylogeny.json", "network.mlp"});
    }
    CHECK(skein_in(folder, "info " + tag + "1/best.genome --json").json()["kind"] == "genome");
  }
}

TEST_CASE("evolve --inheritance: judged-only fits leave the weights that are bred alone") {
  const TemporaryFolder folder;
  const std::string fitted =
      "evolve --goal target:@face --population 12 --generations 1 --size 16 --gradient-steps 3 --json --out ";
  const auto baldwin = skein_in(folder, fitted + "b --inheritance baldwinian").json();
  const auto lamarck = skein_in(folder, fitted + "l --inheritance lamarckian").json();
  CHECK(baldwin["best_fitness"] == lamarck["best_fitness"]);
  CHECK(read_file(folder.path() / "b/best.genome") != read_file(folder.path() / "l/best.genome"));
  CHECK(read_file(folder.path() / "b/phylogeny.json").find("gradient") == std::string::npos);
  CHECK(read_file(folder.path() / "l/phylogeny.json").find("gradient") != std::string::npos);
}

TEST_CASE("a small map fills, and several seeds give coverage over time with its spread") {
  const TemporaryFolder folder;
  const std::string map =
      "evolve --goal map-elites --population 32 --evaluations 256 --size 16 --json --out ";
  const Finished one = skein_in(folder, map + "one --seed 1");
  CAPTURE(one.err);
  REQUIRE(one.code == 0);
  CHECK(one.json()["archive"] > 20);
  CHECK(one.json()["cells"] == 2000);
  for (const char* file : {"archive.map", "archive.png", "statistics.png", "report.html"})
    CHECK(fs::exists(folder.path() / "one" / file));
  const Finished two = skein_in(folder, map + "two --seeds 2");
  REQUIRE(two.code == 0);
  CHECK(two.json()["filled"]["n"] == 2);
  CHECK(two.json()["filled"]["low"] <= one.json()["archive"]);
  CHECK(read_file(folder.path() / "two/coverage.csv")
            .starts_with("evaluations,filled_mean,filled_low,filled_high,"));
  CHECK(read_image(folder.path() / "two/coverage.png").width > 400);
  same_files(folder, "one", "two/seed-1", {"archive.map", "metrics.jsonl", "archive.png"});
  // Seeds can be added; those that are there are kept.
  const auto written = fs::last_write_time(folder.path() / "two/seed-0/archive.map");
  CHECK(skein_in(folder, map + "two --seeds 3").json()["filled"]["n"] == 3);
  CHECK(fs::last_write_time(folder.path() / "two/seed-0/archive.map") == written);
  CHECK(skein_in(folder, map + "one --seed 1 --seeds 2").err.find("holds a map of one seed") !=
        std::string::npos);
  CHECK(skein_in(folder, map + "two --seeds 1").code == 2);
}

TEST_CASE("novelty search tells its novelty and how large its archive is") {
  const TemporaryFolder folder;
  const Finished run =
      skein_in(folder, "evolve --goal novelty --population 12 --generations 4 --size 16 --json --out r");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  CHECK(run.json()["archive"] == 16);
  std::istringstream lines(read_file(folder.path() / "r/metrics.jsonl"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto json = nlohmann::json::parse(line);
    CHECK(json["novelty"] > 0);
    CHECK(json["archive"] == 4 * (count + 1));
  }
  CHECK(count == 4);
}

TEST_CASE("evolve that is killed and started again gives the bytes of an uninterrupted run") {
  const TemporaryFolder folder;
  struct Case {
    const char *name, *arguments;
    std::initializer_list<const char*> files;
  };
  for (const Case& each :
       {Case{"target",
             "evolve --goal target:@face --population 24 --generations 40 --size 16 --checkpoint-every 2 "
             "--quiet",
             {"metrics.jsonl", "best.genome", "population.png", "phylogeny.json"}},
        Case{"novelty",
             "evolve --goal novelty --population 24 --generations 30 --size 16 --checkpoint-every 2 --quiet",
             {"metrics.jsonl", "best.genome", "archive.png", "phylogeny.json"}},
        Case{"map",
             "evolve --goal map-elites --population 32 --evaluations 1600 --size 16 --checkpoint-every 2 "
             "--quiet",
             {"metrics.jsonl", "archive.map", "archive.png", "phylogeny.json"}}}) {
    CAPTURE(each.name);
    const std::string arguments = each.arguments, parts = std::string(each.name) + "-parts";
    REQUIRE(skein_in(folder, arguments + " --threads 1 --out " + each.name).code == 0);
    CHECK(killed_at(folder, arguments, parts, "checkpoint"));
    REQUIRE(skein_in(folder, arguments + " --threads 2 --out " + parts).code == 0);
    same_files(folder, each.name, parts, each.files);
  }
}

TEST_CASE("evolve goes on from a genome, a built-in one or another run's best") {
  const TemporaryFolder folder;
  const std::string from = "evolve --goal target:@disc --population 10 --generations 2 --size 16 --json ";
  const Finished built_in = skein_in(folder, from + "--start @dawn --out r");
  CAPTURE(built_in.err);
  REQUIRE(built_in.code == 0);
  CHECK(skein_in(folder, from + "--start r/best.genome --out s").code == 0);
  const auto skull = reference_data("skull/genome.zip");
  if (skull) CHECK(skein_in(folder, from + "--start '" + skull->string() + "' --out t").code == 0);
}

TEST_CASE("evolve refuses what cannot be, with the value and what is allowed") {
  const TemporaryFolder folder;
  write_file(folder.path() / "cyclic.xml", cyclic_genome());
  struct Case {
    const char *arguments, *value, *allowed;
  };
  for (const Case& each : {
           Case{"--goal fame", "fame", "allowed: target:FILE, novelty"},
           Case{"--goal task:chess", "chess", "allowed:"},
           Case{"--goal novelty --preset magic", "magic", "allowed: neat, picbreeder, cppn"},
           Case{"--goal task:xor --add-link -0.1", "-0.1", "allowed: a probability, 0 to 1"},
           Case{"--goal task:xor --add-node 1.5", "1.5", "allowed: a probability, 0 to 1"},
           Case{"--goal task:xor --crossover nan", "nan", "allowed: a probability, 0 to 1"},
           Case{"--goal novelty --activations sin:0,cos:0", "0", "allowed: more than 0"},
           Case{"--goal novelty --activations sin:-1", "-1", "allowed: 0 or more"},
           Case{"--goal novelty --preset picbreeder --strength 2", "2", "allowed: 0 to 1"},
           Case{"--goal task:xor --population 1", "1", "allowed: 2 to"},
           Case{"--goal task:xor --population 100000000", "", "allowed: 2 to"},
           Case{"--goal novelty --size 4", "4", "allowed: 8 to 4096"},
           Case{"--goal map-elites --size 100000", "100000", "allowed: 8 to 4096"},
           Case{"--goal novelty --species 1000", "1000", "allowed: 0 (off) to the population"},
           Case{"--goal task:xor --threshold 0", "0", "allowed: more than 0"},
           Case{"--goal novelty --gradient-steps 3", "", "--goal target:FILE"},
           Case{"--goal novelty --seeds 3", "3", "allowed for this goal: 1"},
           Case{"--goal novelty --inheritance darwinian", "darwinian", "lamarckian"},
       }) {
    CAPTURE(each.arguments);
    const Finished run = skein_in(folder, std::string("evolve --out r ") + each.arguments);
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(is_one_line(run.err));
    CHECK(run.err.find(each.value) != std::string::npos);
    CHECK(run.err.find(each.allowed) != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path() / "r/metrics.jsonl"));
  }
  const Finished cyclic = skein_in(folder, "evolve --goal novelty --start cyclic.xml --out r");
  CAPTURE(cyclic.err);
  CHECK(cyclic.code != 0);
  CHECK(is_one_line(cyclic.err));
  CHECK(cyclic.err.find("cycle") != std::string::npos);
}

TEST_CASE("reach compares both searches on every target, the same on any number of threads") {
  const TemporaryFolder folder;
  const std::string reach = "reach --targets @disc,@dawn --evaluations 300 --seeds 2 --size 16 --json --out ";
  const Finished run = skein_in(folder, reach + "r --threads 1");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  REQUIRE(run.json()["arms"].size() == 2);
  for (const auto& arm : run.json()["arms"]) CHECK(arm["targets_x_seeds"] == 4);
  REQUIRE(run.json()["rows"].size() == 2);
  const auto rows = run.json()["rows"];
  for (const auto& row : rows)
    for (const char* search : {"target-driven", "open-ended"}) {
      const auto& error = row[search]["error"];
      CHECK(error["n"] == 2);
      CHECK(error["low"] <= error["median"]);
      CHECK(error["median"] <= error["high"]);
      CHECK(error["low"] > 0);
      CHECK(error["high"] < 1);
    }
  for (const char* file : {"reach.png", "nearest.png", "results.csv"})
    CHECK(fs::exists(folder.path() / "r" / file));
  CHECK(skein_in(folder, reach + "r").json() == run.json());
  CHECK(skein_in(folder, reach + "s --threads 2").json()["rows"] == run.json()["rows"]);
}

TEST_CASE("reach goes on after the last finished search when it was killed") {
  const TemporaryFolder folder;
  const std::string reach =
      "reach --targets @disc,@dawn --arms target-driven,open-ended,baldwinian,same-pixels --evaluations 600 "
      "--gradient-steps 2 --seeds 2 --size 16 --quiet";
  REQUIRE(skein_in(folder, reach + " --out whole").code == 0);
  CHECK(killed_at(folder, reach, "parts", "metrics.jsonl"));
  // A line that the kill tore, and one of a search that had not ended.
  append_to_file(folder.path() / "parts/metrics.jsonl", "{\"search\":");
  REQUIRE(skein_in(folder, reach + " --out parts").code == 0);
  same_files(folder, "whole", "parts", {"metrics.jsonl", "results.csv", "reach.png", "nearest.png"});
  CHECK(skein_in(folder, "reach --out r --arms walking").err.find("allowed: target-driven") !=
        std::string::npos);
}

TEST_CASE("reach counts what each arm draws, and judges what the fitted arms found") {
  const TemporaryFolder folder;
  const Finished run = skein_in(folder,
                                "reach --targets @disc --arms "
                                "target-driven,lamarckian,baldwinian,same-pixels,same-work --evaluations 150 "
                                "--gradient-steps 3 --seeds 1 --size 16 --score --json --out r");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  const std::vector<int> pictures{150, 600, 600, 600, 1500};
  for (std::size_t arm = 0; arm < pictures.size(); ++arm)
    CHECK(run.json()["arms"][arm]["pictures"] == pictures[arm]);
  const auto pairs = run.json()["pairs"];
  REQUIRE(pairs.size() == 10);
  CHECK(pairs[0]["against"] == "lamarckian");
  CHECK(pairs[0]["error_difference"]["mean"] >= 0);
  const auto row = run.json()["rows"][0];
  for (const char* arm : {"lamarckian", "baldwinian"}) {
    CHECK(row[arm]["error"]["median"] <= row["target-driven"]["error"]["median"]);
    CHECK(row[arm]["compositional_score"]["n"] == 1);
    // What is kept draws the picture that was judged.
    const auto scored = skein_in(folder, std::string("score r/genomes/0-disc-") + arm +
                                             "-s0.genome --size 16 --weights 2 --resamples 0 "
                                             "--target @disc --json --quiet");
    CAPTURE(scored.err);
    CHECK(std::sqrt(scored.json()["loss"].get<double>()) ==
          doctest::Approx(row[arm]["error"]["median"].get<double>()).epsilon(1e-4));
  }
}
