#include "experiments/compare/circuit_ratios.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "experiments/rows/row_circuits.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// Rows with circuits made up, in a folder of their own.
class MadeUp {
 public:
  void add(const std::string& target, const std::string& method, std::int64_t count,
           std::optional<std::uint64_t> seed, double loss,
           const std::vector<std::pair<std::string, int>>& edges) {
    CompareRow row;
    row.key = {target, method, count, 0, {}, seed};
    row.loss = loss;
    row.weights = method == "dense-adam" ? 1000 : count;
    row.network = "rows/" + target + "-" + row.id() + "/network.mlp";
    std::string csv = "part,units,edges,reached,error,sufficient,necessary,random_sufficient\n";
    for (const auto& [part, number] : edges)
      csv += part + ",1," + std::to_string(std::abs(number)) + (number > 0 ? ",1" : ",0") + ",0,1,1,0\n";
    const auto folder = (folder_.path() / row.network).parent_path();
    std::filesystem::create_directories(folder);
    write_file(folder / circuits_file, csv);
    rows_.push_back(std::move(row));
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  RowSource source() const {
    return [this](const std::function<void(const CompareRow&)>& each) {
      for (const CompareRow& row : rows_) each(row);
    };
  }

 private:
  test::TemporaryFolder folder_;
  std::vector<CompareRow> rows_;
};

}  // namespace

TEST_CASE("ratios are geometric means over the parts of both rows and seeds, medians over targets") {
  MadeUp run;
  // Over two parts 1/4 and 1: one half. A part that one of them misses does not count.
  run.add("a", "dense-adam", 0, 0, 0.01, {{"eye", 100}, {"mouth", 50}, {"nose", 10}});
  run.add("a", "sp", 250, 0, 0.01, {{"eye", 25}, {"mouth", 50}, {"nose", -3}});
  // One half and 1/8 over two seeds: a quarter.
  run.add("b", "dense-adam", 0, 0, 0.01, {{"eye", 80}});
  run.add("b", "sp", 250, 0, 0.012, {{"eye", 40}});
  run.add("b", "dense-adam", 0, 1, 0.01, {{"eye", 80}});
  run.add("b", "sp", 251, 1, 0.005, {{"eye", 10}});
  run.add("c", "dense-adam", 0, 0, 0.01, {{"eye", 10}});
  run.add("c", "sp", 249, 0, 0.01, {{"eye", 20}});
  // Too high a loss, another seed, no dense row.
  run.add("c", "sp", 249, 1, 0.01, {{"eye", 1}});
  run.add("d", "dense-adam", 0, 0, 0.01, {{"eye", 10}});
  run.add("d", "sp", 250, 0, 0.013, {{"eye", 1}});
  // Evolved: against every dense row of its target.
  run.add("b", "evolved", 0, {}, 0, {{"eye", 8}});
  const auto ratios = circuit_ratios(run.path(), run.source());
  REQUIRE(ratios.size() == 2);
  CHECK(ratios[0].key.method == "sp");
  CHECK(ratios[0].keep == doctest::Approx(0.25));
  CHECK(ratios[0].targets == 3);
  CHECK(ratios[0].pairs == 4);
  CHECK(ratios[0].unmatched == 1);
  CHECK(ratios[0].ratio == doctest::Approx(0.5));
  CHECK(ratios[0].least == doctest::Approx(0.25));
  CHECK(ratios[0].greatest == doctest::Approx(2));
  CHECK(ratios[0].low <= ratios[0].ratio);
  CHECK(ratios[0].high >= ratios[0].ratio);
  CHECK(ratios[1].key.method == "evolved");
  CHECK(ratios[1].pairs == 2);
  CHECK(ratios[1].ratio == doctest::Approx(0.1));
  write_circuit_ratios(run.path(), run.source());
  CHECK(read_file(run.path() / "circuit_ratios.csv").find("sp,0.25,3,4,1,") != std::string::npos);
}

TEST_CASE("a run without circuits has no table of them, and a damaged one is named") {
  MadeUp run;
  write_circuit_ratios(run.path(), run.source());
  CHECK_FALSE(std::filesystem::exists(run.path() / "circuit_ratios.csv"));
  run.add("a", "dense-adam", 0, 0, 0.01, {{"eye", 100}});
  write_file(run.path() / "rows/a-dense-adam-s0/circuits.csv", "something else\n");
  CHECK_THROWS_AS(circuit_ratios(run.path(), run.source()), FormatError);
}
