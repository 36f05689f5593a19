// What a campaign is expected to cost, judged by counted work and by costs that follow a law: no clock is asked.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "experiments/campaign/campaign.hpp"
#include "experiments/campaign/cost_model.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;
using doctest::Approx;

namespace {

const ProgressListener listener = [](const Progress&) { return true; };

Campaign campaign_of(const test::TemporaryFolder& folder, const std::string& keys) {
  write_file(folder.path() / "grid.toml", "[campaign]\nbudget = \"quick\"\n" + keys);
  return {read_campaign(folder.path() / "grid.toml", 0), folder.path() / "run"};
}

TrainingWork work_in(const Campaign& campaign, const PlannedRow& row, bool is_parent) {
  if (is_parent) return parent_work(campaign.context(), row);
  const bool has_own_parent = std::ranges::any_of(
      campaign.plan().parents, [&](const PlannedRow& parent) { return parent.key == row.key; });
  return training_work(campaign.context(), row, has_own_parent);
}

/// What things cost in a world without clocks: lines, other ones for each kind of row.
TimedRow by_law(const Campaign& campaign, const PlannedRow& row, bool is_parent) {
  const TrainingWork work = work_in(campaign, row, is_parent);
  const double kind = is_parent ? 1 : 1 + static_cast<double>(row.key.method.size() % 5);
  return {2e-5 + 3e-10 * kind * work.of_a_step(),
          0.05 * kind + 1e-5 * kind * static_cast<double>(work.dense_weights + work.weights), 5e4};
}

double by_law_for_all(const Campaign& campaign) {
  double seconds = 0;
  const auto add = [&](const PlannedRow& row, bool is_parent) {
    const TimedRow timed = by_law(campaign, row, is_parent);
    seconds += static_cast<double>(work_in(campaign, row, is_parent).steps) * timed.step + timed.rest;
  };
  for (const PlannedRow& row : campaign.plan().rows) add(row, false);
  for (const PlannedRow& parent : campaign.plan().parents) add(parent, true);
  return seconds;
}

/// Lets so many rows be timed.
RowTimer timer_for(const Campaign& campaign, int rows, int& timed) {
  return {[&campaign, &timed](const PlannedRow& row, bool is_parent) {
            ++timed;
            return by_law(campaign, row, is_parent);
          },
          [rows, &timed] { return timed < rows ? 1e9 : 0.0; }};
}

const char* small_grid =
    "targets = [\"@face\", \"@sunset\", \"@flower\"]\n"
    "methods = [\"evolved\", \"dense-adam\", \"retrained\", \"sp\", \"magnitude\", \"lottery\"]\n"
    "keep = [\"0.25\", \"0.5\"]\nseeds = 3\nsteps = [40, 400]\nsize = [16, 32]\n";

}  // namespace

TEST_CASE("a line of costs goes through what lies on one, and no cost is below 0") {
  CostLine line;
  CHECK(line.at(5) == 0);
  for (const double size : {10.0, 1000.0, 30.0}) line.learn(size, 0.5 + 0.01 * size);
  CHECK(line.at(200) == Approx(2.5));
  CostLine falling;
  falling.learn(10, 4), falling.learn(1000, 1);
  CHECK(falling.at(1e9) > 0);
  CHECK(falling.at(0) > 0);
  CostLine one;
  one.learn(100, 3), one.learn(0, -1), one.learn(NAN, 1);
  CHECK(one.at(100) == Approx(3));
  CHECK(one.at(200) == Approx(4.5));
}

TEST_CASE("what is counted of a row's training is what its training does") {
  const test::TemporaryFolder folder;
  const Campaign campaign =
      campaign_of(folder,
                  "targets = [\"@face\"]\nmethods = [\"dense-adam\", \"sp\", \"lottery\", \"magnitude\", "
                  "\"retrained\"]\n"
                  "keep = [120]\nseeds = 1\nsteps = 40\nsize = 12\narch = \"3;cache:4,gaussian:3,sin:3\"\n");
  RunRowsOptions options;
  run_rows(campaign.context(), campaign.plan(), options, listener);
  std::size_t looked_at = 0;
  for (const PlannedRow& planned : campaign.plan().rows) {
    CAPTURE(id_of(planned.key));
    const TrainingWork work = work_in(campaign, planned, false);
    const auto row = finished_row(campaign.context(), planned.key);
    REQUIRE(row);
    if (row->status != RowStatus::done) continue;  // so few steps may leave a network dead
    const auto parent =
        static_cast<double>(parent_steps(options_of(campaign.context().settings, planned.key)));
    double steps = static_cast<double>(row->steps), edge_steps = 0;
    if (row->rounds.empty()) {
      if (planned.key.method == "dense-adam") steps -= parent;
      edge_steps = steps * static_cast<double>(row->weights);
    } else {
      steps -= parent;
      for (const RoundRecord& round : row->rounds) {
        const auto number = std::to_string(100 + round.round).substr(1);
        const auto file = campaign.context().record_of_row(planned.key).parent_path();
        const auto mlp = sgd::read_mlp(file / ("round_" + number + ".mlp"));
        edge_steps += static_cast<double>(round.steps * mlp.wiring.weight_count());
      }
    }
    CHECK(static_cast<double>(work.steps) == steps);
    CHECK(static_cast<double>(work.steps) * work.edges == Approx(edge_steps).epsilon(0.1));
    CHECK(work.samples == 144);
    CHECK(work.weights >= row->weights);
    ++looked_at;
  }
  CHECK(looked_at >= 4);
}

TEST_CASE("a grid of many shapes is estimated within a quarter from a few that were timed") {
  const test::TemporaryFolder folder;
  const Campaign campaign = campaign_of(folder, small_grid);
  const std::vector<std::uint8_t> none(campaign.plan().rows.size());
  const double truth = by_law_for_all(campaign);
  for (const int most : {7, 12, 30}) {
    int timed = 0;
    const CostEstimate estimate =
        estimate_cost(campaign.context(), campaign.plan(), none, {}, timer_for(campaign, most, timed));
    CAPTURE(most);
    CHECK(timed == most);
    CHECK(estimate.measured == static_cast<std::size_t>(most));
    CHECK(estimate.shapes > 100);
    CHECK(estimate.seconds / truth > (most > 7 ? 0.8 : 0.5));
    CHECK(estimate.seconds / truth < (most > 7 ? 1.25 : 2));
    CHECK(estimate.row_seconds.size() == campaign.plan().rows.size());
  }
}

TEST_CASE("what is done is not estimated, and what it took is believed and corrects the rest") {
  const test::TemporaryFolder folder;
  const Campaign campaign = campaign_of(folder, small_grid);
  std::vector<std::uint8_t> finished(campaign.plan().rows.size(), 1);
  int timed = 0;
  CHECK(estimate_cost(campaign.context(), campaign.plan(), finished, {}, timer_for(campaign, 9, timed))
            .seconds == 0);
  const std::vector<std::uint8_t> none(finished.size());
  timed = 0;
  const double before =
      estimate_cost(campaign.context(), campaign.plan(), none, {}, timer_for(campaign, 40, timed)).seconds;
  std::map<std::string, double> known;
  for (const PlannedRow& row : campaign.plan().rows)
    if (row.key.target == "@face") {
      const TimedRow law = by_law(campaign, row, false);
      known[cost_shape(row.key, false)] =
          3 * (static_cast<double>(work_in(campaign, row, false).steps) * law.step + law.rest);
    }
  timed = 0;
  const CostEstimate after =
      estimate_cost(campaign.context(), campaign.plan(), none, known, timer_for(campaign, 40, timed));
  CHECK(after.seconds / before == Approx(3).epsilon(0.1));
  for (std::size_t i = 0; i < after.row_seconds.size(); ++i)
    if (const auto found = known.find(cost_shape(campaign.plan().rows[i].key, false)); found != known.end())
      CHECK(after.row_seconds[i] == found->second);
}

TEST_CASE("a row that cannot be timed is estimated by the others") {
  const test::TemporaryFolder folder;
  const Campaign campaign = campaign_of(folder, small_grid);
  const std::vector<std::uint8_t> none(campaign.plan().rows.size());
  int timed = 0;
  const RowTimer able = timer_for(campaign, 12, timed);
  const RowTimer unable{[&](const PlannedRow& row, bool is_parent) {
                          const TimedRow known = able.time(row, is_parent);
                          return row.key.method == "lottery" ? TimedRow{} : known;
                        },
                        able.left};
  const CostEstimate estimate = estimate_cost(campaign.context(), campaign.plan(), none, {}, unable);
  CHECK(estimate.measured < 12);
  CHECK(estimate.seconds / by_law_for_all(campaign) > 0.5);
  CHECK(estimate.seconds / by_law_for_all(campaign) < 2);
}
