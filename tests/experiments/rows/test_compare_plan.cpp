#include "experiments/rows/compare_plan.hpp"
#include "experiments/rows/depth_axis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

CompareSettings settings(std::string budget = "quick") {
  CompareSettings made;
  made.budget = std::move(budget);
  made.options.architecture = default_architecture;
  made.seeds = seeds_from(0, 3);
  return made;
}

RowPlan plan_of(const CompareSettings& asked, bool has_genome = true) {
  return plan_rows(asked, {{"target", has_genome, asked.options.architecture}});
}

std::vector<std::string> ids_of(const RowPlan& plan) {
  std::vector<std::string> ids;
  for (const PlannedRow& row : plan.rows) ids.push_back(id_of(row.key));
  return ids;
}

bool has(const RowPlan& plan, const std::string& id) { return std::ranges::count(ids_of(plan), id) == 1; }

const PlannedRow& row_called(const RowPlan& plan, const std::string& id) {
  const auto found =
      std::ranges::find_if(plan.rows, [&](const PlannedRow& row) { return id_of(row.key) == id; });
  REQUIRE(found != plan.rows.end());
  return *found;
}

}  // namespace

TEST_CASE("a plan has one evolved row, one row per seed of the others, each id once") {
  const RowPlan rows = plan_of(settings("standard"));
  std::set<std::string> ids;
  for (const std::string& id : ids_of(rows)) CHECK(ids.insert(id).second);
  CHECK(has(rows, "evolved"));
  for (const char* id : {"dense-adam-s0", "dense-adam-s2", "retrained-s1", "shuffle-evolved-s2"})
    CHECK(has(rows, id));
  CHECK_FALSE(has(rows, "dense-adam-s3"));
}

TEST_CASE("a plain picture has no rows that need a genome") {
  const RowPlan plan = plan_of(settings("standard"), false);
  CHECK(plan.rows.size() > 10);
  for (const PlannedRow& row : plan.rows) CHECK_FALSE(find_method(row.key.method)->needs_genome);
}

TEST_CASE("another seed or depth adds rows and changes none") {
  const RowPlan before = plan_of(settings());
  auto more = settings();
  more.seeds = seeds_from(0, 4);
  more.depth_offsets = {1};
  const RowPlan after = plan_of(more);
  for (const std::string& id : ids_of(before)) CHECK(has(after, id));
  CHECK(has(after, "dense-adam-s3"));
  CHECK(has(after, "dense-adam-depth+1-s0"));
}

TEST_CASE("cut rows stand at every count asked for, a fraction being one of the dense weights") {
  auto asked = settings("standard");
  asked.keep = {"1404", "0.086", "471"};
  const RowPlan rows = plan_of(asked);
  for (const char* method : {"sp", "lottery", "wanda", "llm-pruner", "magnitude", "random", "shuffle"})
    for (const char* count : {"-1404-s0", "-471-s2"}) {
      CAPTURE(method);
      CHECK(has(rows, std::string(method) + count));
    }
  const PlannedRow& shuffle = row_called(rows, "shuffle-471-s1");
  CHECK(shuffle.key.count == 471);
  CHECK(id_of(rows.parents.at(static_cast<std::size_t>(shuffle.parent)).key) == "dense-adam-s1");
  CHECK(id_of(rows.rows.at(static_cast<std::size_t>(shuffle.like)).key) == "sp-471-s1");
  CHECK(row_called(rows, "sp-1404-s0").like == no_row);
  CHECK(rows.parents.size() == 3);
}

TEST_CASE("a control brings the rows that it needs; another count adds rows and changes none") {
  auto asked = settings();
  asked.methods = {"random"};
  asked.keep = {"100"};
  asked.seeds = {0};
  auto ids = [&] { return ids_of(plan_of(asked)); };
  CHECK(ids() == std::vector<std::string>{"sp-100-s0", "random-100-s0"});
  asked.keep = {"100", "300"};
  CHECK(ids() == std::vector<std::string>{"sp-300-s0", "random-300-s0", "sp-100-s0", "random-100-s0"});
}

TEST_CASE("a method may carry options of its training, which name its rows and its parent's") {
  auto asked = settings();
  asked.methods = {"dense-adam", "dense-adam:lr=1e-3:schedule=cosine", "sp:init-scale=0.5"};
  asked.options.training.steps = 100;
  const RowPlan plan = plan_of(asked);
  REQUIRE(plan.rows.size() == 9);
  const RowKey& plain = plan.rows[0].key;
  const RowKey& varied = plan.rows[3].key;
  CHECK(id_of(plain) == "dense-adam-s0");
  CHECK(id_of(varied) == "dense-adam:lr=1e-3:schedule=cosine-s0");
  const RowOptions options = options_of(asked, varied);
  CHECK(options.training.rate == 1e-3);
  CHECK(options.training.schedule == "cosine");
  CHECK(options.training.steps == 100);
  CHECK(options_of(asked, plain).training.schedule == "constant");
  const RowKey& parent = plan.parents.at(static_cast<std::size_t>(plan.rows[6].parent)).key;
  CHECK(id_of(parent) == "dense-adam:init-scale=0.5-s0");
  CHECK(options_of(asked, plan.rows[6].key).initial_scale == 0.5);

  asked.methods = {"dense-muon", "sp:optimizer=muon:newton-schulz=20", "sp:optimizer=adam"};
  const RowPlan by_muon = plan_of(asked);
  const RowKey& cut = by_muon.rows[3].key;
  const RowKey& dense = by_muon.parents.at(static_cast<std::size_t>(by_muon.rows[3].parent)).key;
  CHECK(id_of(dense) == "dense-muon:newton-schulz=20-s0");
  for (const RowKey* key : {&cut, &dense}) {
    CHECK(options_of(asked, *key).training.optimizer == "muon");
    CHECK(options_of(asked, *key).training.newton_schulz == 20);
  }
  const RowKey& by_adam = by_muon.parents.at(static_cast<std::size_t>(by_muon.rows[6].parent)).key;
  CHECK(by_adam.method == "dense-adam");

  for (const char* bad :
       {"dense-adam:lr", "dense-adam:lr=x", "sp:magic=1", "sp:schedule=wavy", "sp:init-scale=0",
        "sp:normalize-gradient=maybe", "sp:lr=-1", "sp:lr=1e-3x", "dense-muon:optimizer=sgd"}) {
    CAPTURE(bad);
    asked.methods = {bad};
    CHECK_THROWS_AS(plan_of(asked), ConfigError);
  }
}

TEST_CASE("every row of several targets is there for each, with variants and without what is excluded") {
  auto asked = settings();
  asked.methods = {"evolved", "dense-adam"};
  asked.variants = {{{"steps", "10"}}, {{"steps", "20"}}};
  asked.excluded = {{{"target", "b"}, {"steps", "20"}}, {{"seed", "2"}}};
  const RowPlan plan = plan_rows(asked, {{"a", true, "2;sin:3"}, {"b", false, "2;sin:3"}}, true);
  std::vector<std::string> folders;
  for (const PlannedRow& row : plan.rows) folders.push_back(plan.folder_of(row));
  CHECK(folders == std::vector<std::string>{"rows/a/evolved", "rows/a/dense-adam:steps=10-s0",
                                            "rows/a/dense-adam:steps=10-s1", "rows/a/dense-adam:steps=20-s0",
                                            "rows/a/dense-adam:steps=20-s1", "rows/b/dense-adam:steps=10-s0",
                                            "rows/b/dense-adam:steps=10-s1"});
  CHECK(options_of(asked, plan.rows[3].key).training.steps == 20);
}

TEST_CASE("keys differ in their hashes, and names of files are safe and different") {
  const RowKey key{"t", "sp", 90, 1, {{"arch", "2;sin:3/4"}}, 7};
  CHECK(id_of(key) == "sp-90-depth+1:arch=2;sin:3/4-s7");
  CHECK(row_folder(key, false).find("3/4") == std::string::npos);
  RowKey other = key;
  other.variant = {{"arch", "2;sin:3_4"}};
  CHECK(row_folder(key, false) != row_folder(other, false));
  std::set<std::string> hashes{hash_of(key, 1), hash_of(key, 2), hash_of(other, 1),
                               hash_of(without_seed(key), 1)};
  CHECK(hashes.size() == 4);
  CHECK(file_name("..").find('.') != 0);
  CHECK(file_name(std::string(400, 'x')).size() < 200);
  const auto json = to_json(RowKey{"t", "sp", 0, -2, {}, ~std::uint64_t{0}});
  CHECK(row_key_from_json(nlohmann::ordered_json::parse(json.dump()), "f") ==
        RowKey{"t", "sp", 0, -2, {}, ~std::uint64_t{0}});
}

TEST_CASE("depth offsets are read as a range or a list, 0 left out") {
  CHECK(parse_offsets("-2..2") == std::vector<int>{-2, -1, 1, 2});
  CHECK(parse_offsets("-1,+3") == std::vector<int>{-1, 3});
  CHECK(parse_offsets("").empty());
  for (const char* bad : {"x", "1..", "1,,2", "99", "-2..x"})
    CHECK_THROWS_AS(parse_offsets(bad), ConfigError);
}

TEST_CASE("impossible comparisons are refused") {
  auto bad = settings();
  bad.methods = {"magic"};
  CHECK_THROWS_AS(plan_of(bad), ConfigError);
  bad = settings();
  bad.seeds.clear();
  CHECK_THROWS_AS(plan_of(bad), ConfigError);
  CHECK_THROWS_AS(seeds_from(0, 0), ConfigError);
  CHECK_THROWS_AS(seeds_from(~std::uint64_t{0}, 2), ConfigError);
  for (const char* keep : {"0", "6000", "1.5", "some"}) {
    CAPTURE(keep);
    bad = settings();
    bad.keep = {keep};
    CHECK_THROWS_AS(plan_of(bad), ConfigError);
  }
  bad = settings();
  bad.depth_offsets = {-12};
  CHECK_THROWS_AS(plan_of(bad), ConfigError);
}

TEST_CASE("a weight-sparse row ends at a count and takes all of the steps itself, without a parent") {
  auto asked = settings("standard");
  asked.keep = {"471"};
  asked.options.training.steps = 1000;
  const RowPlan plan = plan_of(asked);
  const PlannedRow& sparse = row_called(plan, "weight-sparse-471-s1");
  CHECK(sparse.parent == no_row);
  CHECK(sparse.like == no_row);
  CHECK(steps_of(asked, sparse.key) == 1000);
  CHECK(steps_of(asked, row_called(plan, "sp-471-s1").key) == 500);
  asked.methods = {"weight-sparse"};
  CHECK(plan_of(asked).parents.empty());
}

TEST_CASE(
    "a part of the steps for the parent, rounds and another wiring are options of the rows that use them") {
  CompareSettings asked = settings();
  asked.methods = {"sp:rounds=9:parent-part=0.1", "sp", "transferred:wiring=@sunset"};
  asked.keep = {"0.086"};
  asked.options.training.steps = 1000;
  const RowPlan plan = plan_of(asked);
  const PlannedRow& early = row_called(plan, "sp-471:rounds=9:parent-part=0.1-s0");
  const RowKey& parent = plan.parents[static_cast<std::size_t>(early.parent)].key;
  CHECK(id_of(parent) == "dense-adam:parent-part=0.1-s0");  // rounds make no other parent
  CHECK(parent_steps(options_of(asked, parent)) == 100);
  CHECK(steps_of(asked, early.key) == 900);
  CHECK(steps_of(asked, row_called(plan, "sp-471-s0").key) == 500);
  CHECK(has(plan, "transferred:wiring=@sunset-s2"));
  for (const char* bad :
       {"dense-adam:rounds=9", "dense-adam:parent-part=0.1", "weight-sparse:rounds=2", "snip:parent-part=2",
        "sp:wiring=@face", "transferred", "transferred:wiring=face.xml", "transferred:wiring=@cat",
        "sp:penalty=l2:1", "tied:penalty=l1:1"}) {
    CAPTURE(bad);
    asked.methods = {bad};
    CHECK_THROWS_AS(plan_of(asked), ConfigError);
  }
}
