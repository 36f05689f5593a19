// Summaries by axis: what rows differ in, and the medians that stand on the page.
#include <doctest/doctest.h>

#include "experiments/report/report_axes.hpp"
#include "experiments/report/report_tables.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

CompareRow row_of(const std::string& target, const std::string& method, std::int64_t count, Variant variant,
                  std::uint64_t seed, double loss) {
  CompareRow row;
  row.key = {target, method, count, 0, std::move(variant), seed};
  row.status = RowStatus::done;
  row.network = "network.mlp";
  row.nonzero = 10;
  row.loss = loss;
  return row;
}

ReportRun run_of(const std::string& target, double times) {
  ReportRun run;
  run.results.about.by_target = true;
  run.results.about.title = target;
  for (const char* rate : {"0.003", "1e-3", "0.01"})
    for (const std::uint64_t seed : {0, 1, 2})
      for (const auto& [method, count] : {std::pair{"dense-adam", 0}, {"sp", 40}, {"sp", 20}})
        run.results.rows.push_back(row_of(target, method, count, {{"lr", rate}}, seed,
                                          times * (1 + static_cast<double>(seed)) * (count == 20 ? 7 : 1)));
  return run;
}

}  // namespace

TEST_CASE("axes are what rows differ in: numbers rise, and rows without a value stand aside") {
  const std::vector<ReportRun> runs{run_of("@face", 0.25), run_of("@sunset", 0.5)};
  const auto axes = axes_of(runs);
  REQUIRE(axes.size() == 4);
  CHECK(axes[0].name == "target");
  CHECK(axes[0].values.size() == 2);
  CHECK(axes[0].values[1].rows.size() == 27);
  CHECK(axes[1].name == "method");
  CHECK(axes[2].name == "weights kept");
  CHECK(axes[2].values[0].text == "20");
  CHECK(axes[2].values[0].rows.size() == 18);
  CHECK(axes[3].name == "lr");
  CHECK(axes[3].numeric);
  REQUIRE(axes[3].values.size() == 3);
  CHECK(axes[3].values[0].text == "1e-3");
  CHECK(axes[3].values[2].text == "0.01");
  const std::string table = axis_table(axes[0], 200).html();
  CHECK(table.find(">@face<") != std::string::npos);
  CHECK(table.find("data-value=\"0.75\">0.75<small>0.25 to 5.25</small>") != std::string::npos);
  CHECK(axis_table(axes[0], 1).html().find("@sunset") == std::string::npos);
}

TEST_CASE("every axis has its table, and those beside target and method a figure") {
  const std::vector<ReportRun> runs{run_of("@face", 0.25), run_of("@sunset", 0.5)};
  const std::string html = axis_section(runs).html();
  for (const char* head : {"By target", "By method", "By weights kept", "By lr"})
    CHECK_MESSAGE(html.find(head) != std::string::npos, head);
  std::size_t figures = 0;
  for (std::size_t at = html.find("<figure"); at != std::string::npos; at = html.find("<figure", at + 1))
    ++figures;
  CHECK(figures == 2);
  ReportRun plain;
  plain.results.rows = {row_of("@face", "dense-adam", 0, {}, 0, 1), row_of("@face", "sp", 9, {}, 0, 1)};
  CHECK(axis_section(std::span(&plain, 1)).empty());
}
