#include "experiments/compare/equal_loss.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// Rows whose score and interference are made up.
class MadeUpRows {
 public:
  void add(const std::string& method, const Variant& variant, std::uint64_t seed, double loss, double score,
           double interference, std::int64_t count = 0) {
    CompareRow row;
    row.key = {"a", method, count, 0, variant, seed};
    row.best_loss = row.loss = loss;
    row.network = "rows/x/network.mlp";
    row.measures = {{.name = "compositional_score", .value = score, .unit = ""},
                    {.name = "unit_interference", .value = interference, .unit = ""}};
    rows_.push_back(std::move(row));
  }
  RowSource source() const {
    return [this](const std::function<void(const CompareRow&)>& each) {
      for (const CompareRow& row : rows_) each(row);
    };
  }

 private:
  std::vector<CompareRow> rows_;
};

/// Twelve dense networks: the score is 0.3 - 0.1 log10(loss), give or take 0.01 in turn.
MadeUpRows with_dense() {
  MadeUpRows rows;
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    for (int size = 1; size <= 3; ++size) {
      const double x = -size, off = (seed % 2 == 0 ? 0.01 : -0.01);
      const Variant bar{{"bar", std::to_string(size)}};
      rows.add("dense-adam", size == 3 ? Variant{} : bar, seed, std::pow(10, x), 0.3 - 0.1 * x + off,
               1 + off);
    }
  return rows;
}

const EqualLoss& find_way(const EqualLossTable& table, const std::string& id, const std::string& measure) {
  const auto found = std::ranges::find_if(
      table.ways, [&](const EqualLoss& one) { return id_of(one.key) == id && one.measure == measure; });
  REQUIRE(found != table.ways.end());
  return *found;
}

}  // namespace

TEST_CASE("networks are held against the line of dense ones at their own loss") {
  MadeUpRows rows = with_dense();
  // Standard deviation about the line: sqrt(12 * 1e-4 / 10) = 0.010954; at the mean loss a prediction's error is
  // sqrt(1 + 1/12) times that, 0.011402.
  const double error = std::sqrt(12e-4 / 10) * std::sqrt(1 + 1.0 / 12);
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    rows.add("sp", {}, seed, 0.01, 0.5 + 3 * error, 1 + 3 * error, 100);
    rows.add("shuffle", {}, seed, 0.01, 0.5 + error, 1, 100);
  }
  rows.add("sp", {}, 9, 0.2, 0.9, 1, 100);  // twice the loss of the worst dense network
  const EqualLossTable table = equal_loss(rows.source());
  const EqualLoss& sp = find_way(table, "sp-100", "compositional_score");
  CHECK(sp.dense == 12);
  CHECK(sp.networks == 4);
  CHECK(sp.outside == 1);
  CHECK(sp.beyond == 4);  // t of 10 degrees: 2.23
  CHECK(sp.excess == doctest::Approx(3));
  CHECK(sp.loss == doctest::Approx(0.01));
  // Less interference is the factored side.
  const EqualLoss& crossed = find_way(table, "sp-100", "unit_interference");
  CHECK(crossed.excess == doctest::Approx(-3));
  CHECK(crossed.beyond == 0);
  const EqualLoss& shuffle = find_way(table, "shuffle-100", "compositional_score");
  CHECK(shuffle.excess == doctest::Approx(1));
  CHECK(shuffle.beyond == 0);
  const auto control = std::ranges::find_if(table.controls, [](const EqualLossControl& one) {
    return one.measure == "compositional_score" && one.key.method == "sp";
  });
  REQUIRE(control != table.controls.end());
  CHECK(control->control == "shuffle");
  CHECK(control->pairs == 4);
  CHECK(control->difference == doctest::Approx(2));
  CHECK(control->p == doctest::Approx(0.125));
}

TEST_CASE(
    "other options than bar and steps make a way, no dense reference; a variant is beside plain controls") {
  MadeUpRows rows = with_dense();
  const Variant penalty{{"penalty", "l1:0.3"}};
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    rows.add("dense-adam", penalty, seed, 0.01, 0.9, 1);
    rows.add("sp", penalty, seed, 0.01, 0.6, 1, 100);
    rows.add("random", {}, seed, 0.01, 0.5, 1, 100);
  }
  const EqualLossTable table = equal_loss(rows.source());
  const EqualLoss& penalised = find_way(table, "dense-adam:penalty=l1:0.3", "compositional_score");
  CHECK(penalised.dense == 12);
  CHECK(penalised.beyond == 2);
  const auto control = std::ranges::find_if(
      table.controls, [](const EqualLossControl& one) { return one.measure == "compositional_score"; });
  REQUIRE(control != table.controls.end());
  CHECK(id_of(control->key) == "sp-100:penalty=l1:0.3");
  CHECK(control->control == "random");
  CHECK(control->pairs == 2);
}

TEST_CASE("with few dense networks, or all of one loss, there is no table") {
  MadeUpRows rows;
  for (std::uint64_t seed = 0; seed < 7; ++seed)
    rows.add("dense-adam", {}, seed, 0.01 * static_cast<double>(seed + 1),
             0.1 * static_cast<double>(seed % 3), 1);
  CHECK(equal_loss(rows.source()).ways.empty());
  MadeUpRows same;
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    same.add("dense-adam", {}, seed, 0.01, 0.1 * static_cast<double>(seed % 3), 1);
  CHECK(equal_loss(same.source()).ways.empty());
  const test::TemporaryFolder folder;
  write_equal_loss(folder.path(), same.source());
  CHECK_FALSE(std::filesystem::exists(folder.path() / "equal_loss.csv"));
  write_equal_loss(folder.path(), with_dense().source());
  CHECK(
      read_file(folder.path() / "equal_loss.csv").find("a,dense-adam:bar=1,compositional_score,12,4,0,0,") !=
      std::string::npos);
}
