// Depth as an axis of plans: by number of layers, at equal width or equal weights.
#include "experiments/rows/depth_axis.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "experiments/rows/compare_plan.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/prune/pruning.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

constexpr const char* skull = "12;cache:15,gaussian:4,identity:2,sin:1";

CompareSettings regime_like(std::vector<int> depths) {
  CompareSettings settings;
  settings.budget = "quick";
  settings.seeds = seeds_from(0, 2);
  settings.methods = {"evolved", "dense-adam", "retrained", "sp", "magnitude", "random", "shuffle"};
  settings.keep = {"0.256", "0.086"};
  settings.keep_of = {{"magnitude", {"0.086"}}, {"random", {"0.086"}}};
  settings.all_at_depths = true;
  settings.depths = std::move(depths);
  return settings;
}

/// How many rows a plan has of a method at an offset.
std::size_t rows_of(const RowPlan& plan, const std::string& method, int offset) {
  return static_cast<std::size_t>(std::ranges::count_if(
      plan.rows, [&](const PlannedRow& row) { return row.key.method == method && row.key.depth == offset; }));
}

}  // namespace

TEST_CASE("the dense count is that of the wiring, at any depth") {
  for (const int offset : {-11, -4, 0, 8}) {
    const sgd::Architecture other = at_offset(sgd::parse_architecture(skull), offset);
    CHECK(other.depth == 12 + offset);
    CHECK(dense_weights(other) == sgd::dense_wiring(other, picture_signature()).weight_count());
  }
}

TEST_CASE("at equal weights layers are widened or narrowed until the count is as near as it gets") {
  const sgd::Architecture own = sgd::parse_architecture(skull);
  const std::int64_t wanted = dense_weights(own);
  CHECK(wanted == 5478);
  for (const int offset : {-11, -10, -6, -1, 1, 8}) {
    const sgd::Architecture other = at_offset(own, offset, WidthRule::weights);
    REQUIRE(other.columns.size() == own.columns.size());
    for (std::size_t i = 0; i < own.columns.size(); ++i) {
      CHECK(other.columns[i].first == own.columns[i].first);
      CHECK(other.columns[i].second >= 1);
    }
    // One column more or fewer is no nearer.
    const std::int64_t off = std::abs(dense_weights(other) - wanted);
    for (const int change : {-1, 1}) {
      sgd::Architecture beside = other;
      beside.columns[0].second += change;
      CHECK(std::abs(dense_weights(beside) - wanted) >= off);
    }
  }
  CHECK(at_offset(own, 0, WidthRule::weights) == own);
  CHECK_THROWS_AS(at_offset(own, -12), ConfigError);
}

TEST_CASE("depths are read rising, each once, within bounds") {
  CHECK(parse_depths("2,3,8") == std::vector<int>{2, 3, 8});
  CHECK(parse_depths("2..5") == std::vector<int>{2, 3, 4, 5});
  CHECK(parse_depths("7") == std::vector<int>{7});
  for (const char* bad : {"", "8,4", "4,4", "0,2", "65", "2,x", "5..2", "2..", "..5", "-1", "2.5"})
    CHECK_THROWS_AS(parse_depths(bad), ConfigError);
  CHECK_THROWS_AS(width_rule("narrow"), ConfigError);
}

TEST_CASE("by depths a genome's own is always there, and a plain picture has only those that are named") {
  const RowPlan genome = plan_rows(regime_like({2, 4, 20}), {{"g", true, skull}});
  CHECK(rows_of(genome, "dense-adam", 0) == 2);
  CHECK(rows_of(genome, "dense-adam", -10) == 2);
  CHECK(rows_of(genome, "dense-adam", 8) == 2);
  CHECK(rows_of(genome, "evolved", 0) == 1);
  CHECK(rows_of(genome, "retrained", 0) == 2);
  CHECK(rows_of(genome, "retrained", -10) == 0);
  const RowPlan picture = plan_rows(regime_like({2, 4, 20}), {{"p", false, skull}});
  CHECK(rows_of(picture, "dense-adam", 0) == 0);
  CHECK(rows_of(picture, "dense-adam", -8) == 2);
  CHECK(rows_of(picture, "evolved", 0) == 0);
  const RowPlan named = plan_rows(regime_like({4, 12}), {{"p", false, skull}});
  CHECK(rows_of(named, "dense-adam", 0) == 2);
}

TEST_CASE(
    "every way of cutting has rows at every depth, at its own counts, each matching SP's of that count") {
  const RowPlan plan = plan_rows(regime_like({3, 6}), {{"g", true, skull}});
  for (const int offset : {-9, -6, 0}) {
    CHECK(rows_of(plan, "sp", offset) == 4);
    CHECK(rows_of(plan, "shuffle", offset) == 4);
    CHECK(rows_of(plan, "magnitude", offset) == 2);
    CHECK(rows_of(plan, "random", offset) == 2);
    const std::int64_t dense = dense_weights(at_offset(sgd::parse_architecture(skull), offset));
    for (const PlannedRow& row : plan.rows)
      if (row.key.method == "random" && row.key.depth == offset) {
        CHECK(row.key.count == sgd::keep_count(sgd::parse_keep("0.086"), dense));
        const PlannedRow& like = plan.rows.at(static_cast<std::size_t>(row.like));
        CHECK(like.key.method == "sp");
        CHECK(like.key.depth == offset);
        CHECK(like.key.count == row.key.count);
        CHECK(like.key.seed == row.key.seed);
      }
  }
}

TEST_CASE("a plan by offsets is what it was: few methods have rows at other depths") {
  CompareSettings settings = regime_like({});
  settings.all_at_depths = false;
  settings.keep_of.clear();
  settings.depth_offsets = {-1, 1};
  const RowPlan plan = plan_rows(settings, {{"g", true, skull}});
  CHECK(rows_of(plan, "sp", 1) == 4);
  CHECK(rows_of(plan, "shuffle", 1) == 0);
  CHECK(rows_of(plan, "shuffle", 0) == 4);
  settings.depths = {3};
  CHECK_THROWS_AS(plan_rows(settings, {{"g", true, skull}}), ConfigError);
}

TEST_CASE("two targets of other depths have the same depths, by other offsets") {
  const RowPlan plan =
      plan_rows(regime_like({4}), {{"shallow", true, "2;cache:3,sin:2"}, {"deep", true, skull}});
  std::set<std::pair<std::string, int>> found;
  for (const PlannedRow& row : plan.rows)
    if (row.key.method == "dense-adam") found.insert({row.key.target, row.key.depth});
  CHECK(found ==
        std::set<std::pair<std::string, int>>{{"shallow", 0}, {"shallow", 2}, {"deep", 0}, {"deep", -8}});
}
