#include "experiments/compare_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "lib/error.hpp"

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
  bad = settings();
  bad.depth_offsets = {-12};
  CHECK_THROWS_AS(plan_rows(bad, true), ConfigError);
}
