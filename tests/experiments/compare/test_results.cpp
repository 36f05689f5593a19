#include "experiments/compare/results.hpp"

#include <doctest/doctest.h>

#include "experiments/compare/method_summary.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/records/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/fuzz.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

CompareResults two_rows() {
  CompareResults results;
  results.about = {"skull, \"the\" one", "quick", "skein compare skull.zip --out run", 256, 128, false};
  CompareRow evolved;
  evolved.key.method = "evolved";
  evolved.nonzero = 147;
  evolved.loss = 0;
  evolved.measures = {{"compositional_score", 0.75, 0.5, 1.0, "share"}, {"dimension", 3.5, 3.0, 4.0, "axes"}};
  CompareRow dense;
  dense.key.method = "dense-adam";
  dense.key.seed = 3;
  dense.status = RowStatus::diverged;
  dense.note = "loss is not finite at step 7, layer 2";
  results.rows = {evolved, dense};
  return results;
}

}  // namespace

TEST_CASE("results come back from disk as they were written") {
  const test::TemporaryFolder folder;
  write_results(folder.path(), two_rows());
  const CompareResults read = read_results(folder.path());
  CHECK(to_json(read, analyse(read.rows)) == to_json(two_rows(), analyse(two_rows().rows)));
  CHECK(read.rows[1].key.seed == 3);
  CHECK(std::isnan(read.rows[1].loss));
  REQUIRE(read.rows[0].measure("dimension"));
  CHECK(read.rows[0].measure("dimension")->high == 4.0);
  CHECK(read.rows[1].measure("dimension") == nullptr);
}

TEST_CASE("results are streamed to the bytes that the whole would have") {
  const test::TemporaryFolder folder;
  for (const std::size_t rows : {0u, 1u, 2u}) {
    CompareResults results = two_rows();
    results.rows.resize(rows);
    const Analysis analysis = write_results(folder.path(), results);
    CHECK(read_file(folder.path() / "results.json") == to_json(results, analysis).dump(1) + "\n");
    CHECK(read_file(folder.path() / "results.csv") == to_csv(results));
  }
}

TEST_CASE("the results of several targets name the target of each row") {
  CompareResults results = two_rows();
  results.about.by_target = true;
  results.rows[0].key.target = "skull";
  CHECK(to_csv(results).starts_with("target,id,name,"));
  CHECK(to_csv(results).find("\nskull,evolved,evolved,") != std::string::npos);
}

TEST_CASE("results of the version before are refused in one line") {
  const test::TemporaryFolder folder;
  auto json = to_json(two_rows(), {});
  json["version"] = 1;
  write_file(folder.path() / "results.json", json.dump());
  CHECK_THROWS_WITH_AS(read_results(folder.path()), doctest::Contains("results of version 1, 2 is read"),
                       FormatError);
}

TEST_CASE("a measure stands in a row by its name") {
  const auto json = to_json(two_rows(), {});
  CHECK(json["rows"][0]["compositional_score"] == 0.75);
  CHECK(json["rows"][0]["measures"]["compositional_score"]["low"] == 0.5);
  CHECK(json["rows"][1]["loss"].is_null());
}

TEST_CASE("the table of results has one line per row and leaves blank what was not measured") {
  const std::string csv = to_csv(two_rows());
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(csv.find(",dimension") != std::string::npos);
  CHECK(csv.find("\"loss is not finite at step 7, layer 2\"") != std::string::npos);
}

TEST_CASE("the table of methods has one line per method, with n, median and range over its seeds") {
  CompareResults results = two_rows();
  for (const double loss : {0.5, 0.125}) {
    CompareRow row = results.rows[0];
    row.key = {"", "sp", 90, 0, {}, results.rows.size()}, row.steps = 100, row.loss = loss;
    results.rows.push_back(row);
  }
  const std::string csv = method_csv(analyse(results.rows)), text = method_text(analyse(results.rows));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 3);
  CHECK(csv.find("\nsp-90,2,90,100,") != std::string::npos);
  CHECK(csv.find(",0.3125,0.125,0.5,") != std::string::npos);
  CHECK(csv.find("\ndense-adam,0,") != std::string::npos);
  CHECK(text.find("0.125 to 0.5") != std::string::npos);
  CHECK(text.find("1 without a network") != std::string::npos);
}

TEST_CASE("damaged results are read or refused") {
  const test::TemporaryFolder folder;
  const std::string bytes = to_json(two_rows(), {}).dump();
  CHECK(test::refuses_or_reads(bytes, 200, [&](const std::string& b) {
          write_file(folder.path() / "results.json", b);
          read_results(folder.path());
        }) > 100);
  write_file(folder.path() / "results.json", std::string(100000, '['));
  CHECK_THROWS_AS(read_results(folder.path()), FormatError);
}

TEST_CASE("a loss curve is read, a damaged one refused") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "loss.csv";
  write_file(file, "step,loss\n1,0.5\n10,1e-3\n");
  CHECK(read_loss_curve(file) == std::vector<std::pair<std::int64_t, double>>{{1, 0.5}, {10, 1e-3}});
  write_file(file, "step,loss\n1;0.5\n");
  CHECK_THROWS_AS(read_loss_curve(file), FormatError);
}

TEST_CASE("fuzz: results of a comparison") {
  CompareResults results = two_rows();
  CompareRow cut;
  cut.key.method = "sp";
  cut.key.count = 150;
  cut.key.seed = 0;
  cut.rounds = {{1, 0.25, 0.25, 100, "0123"}, {2, 0.5, 0.5, 100, "4567"}};
  results.rows.push_back(cut);
  results.rows.push_back(results.rows[0]);
  results.rows.back().key.method = "dense-adam";
  results.rows.back().key.seed = 1;
  const std::string text = json_text(to_json(results, analyse(results.rows)), 1);
  test::fuzz({text, json_text(to_json(two_rows(), analyse(two_rows().rows)))}, [](const std::string& bytes) {
    const CompareResults read = results_from_json(json_of_text(bytes, "fuzzed"), "fuzzed");
    to_csv(read);
    const Analysis analysis = analyse(read.rows);
    method_csv(analysis);
    to_json(read, analysis);
  });
}
