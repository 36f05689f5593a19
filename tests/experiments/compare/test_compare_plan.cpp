#include "experiments/compare/compare_plan.hpp"

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
  made.architecture = default_architecture;
  return made;
}

bool has(const std::vector<PlannedRow>& rows, const std::string& id) {
  return std::ranges::find(rows, id, &PlannedRow::id) != rows.end();
}

}  // namespace

TEST_CASE("a plan has one evolved row, one row per seed of the others, each id once") {
  const auto rows = plan_rows(settings("standard"), true);
  std::set<std::string> ids;
  for (const PlannedRow& row : rows) CHECK(ids.insert(row.id).second);
  CHECK(has(rows, "evolved"));
  for (const char* id : {"dense-adam-s0", "dense-adam-s2", "retrained-s1", "shuffle-evolved-s2"})
    CHECK(has(rows, id));
  CHECK_FALSE(has(rows, "dense-adam-s3"));
}

TEST_CASE("a plain picture has no rows that need a genome") {
  for (const PlannedRow& row : plan_rows(settings("standard"), false)) {
    CHECK(row.method.kind != RowKind::evolved);
    CHECK(row.method.kind != RowKind::retrained);
  }
}

TEST_CASE("another seed or depth adds rows and changes none") {
  const auto before = plan_rows(settings(), true);
  auto more = settings();
  more.seeds = 4;
  more.depth_offsets = {1};
  const auto after = plan_rows(more, true);
  for (const PlannedRow& row : before) CHECK(has(after, row.id));
  CHECK(has(after, "dense-adam-s3"));
  CHECK(has(after, "dense-adam-depth+1-s0"));
}

TEST_CASE("cut rows stand at every count asked for, a fraction being one of the dense weights") {
  auto asked = settings("standard");
  asked.keep = {"1404", "0.086", "471"};
  const auto rows = plan_rows(asked, true);
  for (const char* method : {"sp", "lottery", "wanda", "llm-pruner", "magnitude", "random", "shuffle"})
    for (const char* count : {"-1404-s0", "-471-s2"}) {
      CAPTURE(method);
      CHECK(std::ranges::count(rows, std::string(method) + count, &PlannedRow::id) == 1);
    }
  const auto shuffle = std::ranges::find(rows, "shuffle-471-s1", &PlannedRow::id);
  CHECK(shuffle->count == 471);
  CHECK(shuffle->base == "dense-adam-s1");
  CHECK(shuffle->like == "sp-471-s1");
  CHECK(base_of(*shuffle).id == shuffle->base);
  CHECK(std::ranges::find(rows, "sp-1404-s0", &PlannedRow::id)->like.empty());
}

TEST_CASE("a control brings the rows that it needs; another count adds rows and changes none") {
  auto asked = settings();
  asked.methods = {"random"};
  asked.keep = {"100"};
  asked.seeds = 1;
  auto ids = [&] {
    std::vector<std::string> all;
    for (const PlannedRow& row : plan_rows(asked, true)) all.push_back(row.id);
    return all;
  };
  CHECK(ids() == std::vector<std::string>{"sp-100-s0", "random-100-s0"});
  asked.keep = {"100", "300"};
  CHECK(ids() == std::vector<std::string>{"sp-300-s0", "random-300-s0", "sp-100-s0", "random-100-s0"});
}

TEST_CASE("a method may carry options of its training, which name its rows and its parent's") {
  auto asked = settings();
  asked.methods = {"dense-adam", "dense-adam:lr=1e-3:schedule=cosine", "sp:init-scale=0.5"};
  asked.training.steps = 100;
  const auto rows = plan_rows(asked, true);
  REQUIRE(rows.size() == 9);
  const PlannedRow& plain = rows[0];
  const PlannedRow& varied = rows[3];
  CHECK(plain.id == "dense-adam-s0");
  CHECK(varied.id == "dense-adam:lr=1e-3:schedule=cosine-s0");
  const RowOptions options = row_options(asked, varied);
  CHECK(options.training.rate == 1e-3);
  CHECK(options.training.schedule == "cosine");
  CHECK(options.training.steps == 100);
  CHECK(row_options(asked, plain).training.schedule == "constant");
  CHECK(rows[6].base == "dense-adam:init-scale=0.5-s0");
  CHECK(row_options(asked, rows[6]).initial_scale == 0.5);
  for (const char* bad : {"dense-adam:lr", "dense-adam:lr=x", "sp:magic=1", "sp:schedule=wavy",
                          "sp:init-scale=0", "sp:normalize-gradient=maybe", "sp:lr=-1", "sp:lr=1e-3x"}) {
    CAPTURE(bad);
    asked.methods = {bad};
    CHECK_THROWS_AS(plan_rows(asked, true), ConfigError);
  }
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
  CHECK_THROWS_AS(plan_rows(bad, true), ConfigError);
  bad = settings();
  bad.seeds = 0;
  CHECK_THROWS_AS(plan_rows(bad, true), ConfigError);
  for (const char* keep : {"0", "6000", "1.5", "some"}) {
    CAPTURE(keep);
    bad = settings();
    bad.keep = {keep};
    CHECK_THROWS_AS(plan_rows(bad, true), ConfigError);
  }
  bad = settings();
  bad.depth_offsets = {-12};
  CHECK_THROWS_AS(plan_rows(bad, true), ConfigError);
}
