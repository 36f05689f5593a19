// `skein evolve` as a user meets it: results, refusals, kill and resume, threads.
#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "lib/picture/image.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

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
  const Finished one = done_in(folder, "evolve --goal task:xor --seed 3 --out one --json");
  has_keys(one.json(),
           {"solved", "generations", "evaluations", "best_fitness", "species", "archive", "best"});
  CHECK(one.json()["solved"] == true);
  for (const char* file :
       {"metrics.jsonl", "best.genome", "phylogeny.json", "phylogeny.svg", "statistics.png", "DONE"})
    CHECK(fs::exists(folder.path() / "one" / file));
  const Finished many = done_in(folder, "evolve --goal task:xor --seeds 4 --out many --json");
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
    const Finished run = done_in(folder, plain + tag + "1" + extra + " --threads 1");
    CHECK(run.json()["evaluations"] == 100);
    CHECK(run.json()["best_fitness"] > 0);
    for (const char* threads : {"2", "8"}) {
      done_in(folder, plain + tag + threads + extra + " --threads " + threads);
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
  const Finished one = done_in(folder, map + "one --seed 1");
  CHECK(one.json()["archive"] > 20);
  CHECK(one.json()["cells"] == 2000);
  for (const char* file : {"archive.map", "archive.png", "statistics.png", "report.html"})
    CHECK(fs::exists(folder.path() / "one" / file));
  const Finished two = done_in(folder, map + "two --seeds 2");
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
      done_in(folder, "evolve --goal novelty --population 12 --generations 4 --size 16 --json --out r");
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
    done_in(folder, arguments + " --threads 1 --out " + each.name);
    WARN(killed_at(folder, arguments, parts, "checkpoint"));
    done_in(folder, arguments + " --threads 2 --out " + parts);
    same_files(folder, each.name, parts, each.files);
  }
}

TEST_CASE("evolve goes on from a genome, a built-in one or another run's best") {
  const TemporaryFolder folder;
  const std::string from = "evolve --goal target:@disc --population 10 --generations 2 --size 16 --json ";
  done_in(folder, from + "--start @dawn --out r");
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
           Case{"--goal task:xor --add-link -0.1", "-0.1", "range 0.000000 to 1.000000"},
           Case{"--goal task:xor --add-node 1.5", "1.5", "range 0.000000 to 1.000000"},
           Case{"--goal task:xor --crossover nan", "nan", "not a finite number"},
           Case{"--goal novelty --activations sin:0,cos:0", "0", "allowed: more than 0"},
           Case{"--goal novelty --activations sin:-1", "-1", "allowed: 0 or more"},
           Case{"--goal novelty --preset picbreeder --strength 2", "2", "range 0.000000 to 1.000000"},
           Case{"--goal task:xor --population 1", "1", "range 2 to"},
           Case{"--goal task:xor --population 100000000", "", "range 2 to"},
           Case{"--goal novelty --size 4", "4", "allowed: 8 to 4096"},
           Case{"--goal map-elites --size 100000", "100000", "to 4096"},
           Case{"--goal novelty --species 1000", "1000", "at most the population"},
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
