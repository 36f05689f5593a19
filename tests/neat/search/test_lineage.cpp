#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "neat/operators/start.hpp"
#include "neat/search/evolution.hpp"
#include "neat/search/lineage.hpp"
#include "neat/search/task.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

/// 0 and 1 begin; 2 = 0 x 1; 3 from 2; 4 from 3; 5 from 1, extinct.
Lineage family() {
  Lineage lineage(6);
  for (std::size_t i = 0; i < lineage.size(); ++i) lineage[i].fitness = static_cast<double>(i);
  lineage[2] = {.generation = 1, .mother = 0, .father = 1, .fitness = 2};
  lineage[2].operators.insert(Operator::multipoint);
  lineage[3] = {.generation = 2, .mother = 2, .fitness = 3};
  lineage[3].operators.insert(Operator::add_node);
  lineage[4] = {.generation = 3, .mother = 3, .fitness = 4};
  lineage[4].operators.insert(Operator::weights);
  lineage[5] = {.generation = 1, .mother = 1, .fitness = 5};
  return lineage;
}

}  // namespace

TEST_CASE("ancestry holds every ancestor once, oldest first") {
  const Lineage lineage = family();
  CHECK(ancestry(lineage, std::array<BirthNumber, 1>{4}) == std::vector<BirthNumber>{0, 1, 2, 3, 4});
  CHECK(ancestry(lineage, std::array<BirthNumber, 2>{3, 5}) == std::vector<BirthNumber>{0, 1, 2, 3, 5});
  CHECK(maternal_line(lineage, 4) == std::vector<BirthNumber>{0, 2, 3, 4});
}

TEST_CASE("the phylogeny as JSON tells parents and operators") {
  const auto json = nlohmann::json::parse(phylogeny_json(family(), std::array<BirthNumber, 1>{4}));
  CHECK(json["format"] == "skein-phylogeny");
  CHECK(json["births"].size() == 5);
  CHECK(json["births"][2]["parents"] == nlohmann::json{0, 1});
  CHECK(json["births"][3]["operators"] == nlohmann::json{"add-node"});
  CHECK(json["births"][4]["generation"] == 3);
}

TEST_CASE("the phylogeny as a graph draws a line of single descent as one edge") {
  const std::string dot = phylogeny_dot(family(), std::array<BirthNumber, 1>{4});
  CHECK(dot.find("b2 -> b4 [label=\"2 steps\"]") != std::string::npos);
  CHECK(dot.find("b3") == std::string::npos);
  CHECK(dot.find("b5") == std::string::npos);
}

TEST_CASE("in a run, parents are born before their children and every organism is in the lineage") {
  const Task task = xor_task();
  const Settings settings = neat_preset();
  Evolution evolution = begin(settings, task.start, true, 1);
  run(evolution, settings, {task.evaluate, {}, {}, {}},
      {.seed = 1, .generations = 20, .stop_when_solved = false});
  for (BirthNumber birth = 0; birth < evolution.lineage.size(); ++birth)
    for (const BirthNumber parent : {evolution.lineage[birth].mother, evolution.lineage[birth].father})
      if (parent != no_parent) {
        CHECK(parent < birth);
        CHECK(evolution.lineage[parent].generation < evolution.lineage[birth].generation);
      }
  for (const Organism& organism : evolution.population)
    CHECK(evolution.lineage.at(organism.birth).fitness == organism.fitness);
}
