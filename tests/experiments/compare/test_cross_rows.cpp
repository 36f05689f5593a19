#include "experiments/compare/cross_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/error.hpp"
#include "tests/experiments/report/report_run_fixture.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

RowSource source_of(const std::vector<CompareRow>& rows) {
  return [&rows](const std::function<void(const CompareRow&)>& each) {
    for (const CompareRow& row : rows) each(row);
  };
}

/// Every row told which network it has.
void sign(MadeUpRun& run) {
  for (CompareRow& row : run.results.rows)
    row.network_digest = digest_of(read_file(run.folder / row.network));
}

CrossValues values_of(MadeUpRun& run, const CrossSettings& settings = {.weights = 12}) {
  sign(run);
  measure_across(run.folder, false, source_of(run.results.rows), settings, {});
  return read_cross_book(run.folder).values;
}

}  // namespace

TEST_CASE("networks of a run judge each other, whatever the order of the rows, and the results carry it") {
  MadeUpRun run("@made-up");
  const CrossValues values = values_of(run);
  CHECK(values.size() == run.results.rows.size());
  for (const auto& [key, value] : values) {
    CHECK(value.value > 0);
    CHECK(value.value <= 1);
  }
  std::ranges::reverse(run.results.rows);
  const CrossValues again = values_of(run);
  for (const auto& [key, value] : values) CHECK(again.at(key).value == value.value);
  for (const CompareRow& row : run.results.rows) CHECK(values.at(row.key).digest == row.network_digest);
  const Analysis analysis =
      write_results(run.folder, run.results.about, with_cross_values(source_of(run.results.rows), values));
  CHECK(std::ranges::count(analysis.measures, cross_name) == 1);
  for (const CompareRow& row : read_results(run.folder).rows) {
    REQUIRE(row.measure(cross_name) != nullptr);
    CHECK(row.measure(cross_name)->value == values.at(row.key).value);
  }
}

TEST_CASE("a network more changes what the others are told, one that is damaged is passed over") {
  MadeUpRun run("@made-up", 1);
  const CrossValues before = values_of(run);
  run.add("dense-adam", 7, "3;sigmoid:4");
  const CrossValues more = values_of(run);
  CHECK(more.size() == before.size() + 1);
  CHECK(more.at(run.results.rows.front().key).value != before.at(run.results.rows.front().key).value);
  write_file(run.folder / run.results.rows.back().network, "damaged");
  std::filesystem::remove(run.folder / "cross_participation.json");
  measure_across(run.folder, false, source_of(run.results.rows), {.weights = 12}, {});
  const CrossValues without = read_cross_book(run.folder).values;
  for (const auto& [key, value] : before) CHECK(without.at(key).value == value.value);
  CHECK_FALSE(without.contains(run.results.rows.back().key));
  // A value belongs to the network that was judged.
  CompareRow other = run.results.rows.front();
  other.network_digest = "another";
  add_cross_value(other, before);
  CHECK(other.measure(cross_name) == nullptr);
}

TEST_CASE("of more networks than may judge, some judge all; of too many nobody does") {
  MadeUpRun run("@made-up", 3);
  const CrossValues two = values_of(run, {.weights = 12, .judges = 2});
  CHECK(two.size() == run.results.rows.size());
  const CrossValues all = values_of(run);
  CHECK(
      std::ranges::any_of(all, [&](const auto& one) { return two.at(one.first).value != one.second.value; }));
  CHECK(values_of(run, {.weights = 12, .most_rows = 3}).empty());
}

TEST_CASE("a stop asked for while networks judge each other is heard, a damaged file of numbers named") {
  MadeUpRun run("@made-up", 1);
  sign(run);
  CHECK_THROWS_AS(measure_across(run.folder, false, source_of(run.results.rows), {.weights = 12},
                                 [](const Progress&) { return false; }),
                  Error);
  CHECK(read_cross_book(run.folder).values.empty());
  write_file(run.folder / "cross_participation.json",
             R"({"format":"skein-cross-participation","version":2,"judged":{},"rows":[{}]})");
  CHECK_THROWS_AS(read_cross_book(run.folder), FormatError);
}

TEST_CASE("targets that were judged are not judged again until one of their networks is another") {
  MadeUpRun run("@made-up");
  const CrossValues first = values_of(run);
  std::int64_t looked_at = 0;
  const ProgressListener count = [&](const Progress&) { return ++looked_at > 0; };
  const auto again = [&] {
    looked_at = 0;
    measure_across(run.folder, false, source_of(run.results.rows), {.weights = 12}, count);
    return read_cross_book(run.folder).values;
  };
  const CrossValues kept = again();
  CHECK(looked_at == 0);
  for (const auto& [key, value] : first) CHECK(kept.at(key).value == value.value);
  run.add("dense-adam", 7, "3;sigmoid:4");
  sign(run);
  const CrossValues more = again();
  CHECK(looked_at > 0);
  CHECK(more.size() == first.size() + 1);
}

TEST_CASE("a target of which nobody can be told anything is judged once and not again") {
  MadeUpRun run("@made-up", 0);                        // a single network,
  std::filesystem::remove(run.folder / "target.png");  // and no picture to judge by
  CHECK(values_of(run).empty());
  CHECK(read_cross_book(run.folder).judged.size() == 1);
  int looked_at = 0;
  measure_across(run.folder, false, source_of(run.results.rows), {.weights = 12},
                 [&](const Progress&) { return ++looked_at > 0; });
  CHECK(looked_at == 0);
}
