// Rows whose network is a recursion: which there are, what they can have, and how their networks are kept and read.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>

#include "experiments/compare/analysis.hpp"
#include "experiments/compare/paired_tests.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/rows/compare_plan.hpp"
#include "experiments/rows/make_row.hpp"
#include "experiments/rows/row_measures.hpp"
#include "experiments/rows/row_network.hpp"
#include "experiments/rows/rows_recursive.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/recursion/recursion_file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

CompareSettings recursion_settings(std::vector<std::string> methods) {
  CompareSettings made;
  made.budget = "quick";
  made.options.architecture = "2;tanh:4";
  made.seeds = {0, 1};
  made.methods = std::move(methods);
  return made;
}

std::vector<std::string> recursion_ids(const CompareSettings& asked) {
  std::vector<std::string> ids;
  for (const PlannedRow& row : plan_rows(asked, {{"target", true, asked.options.architecture}}).rows)
    ids.push_back(id_of(row.key));
  return ids;
}

sgd::RecursiveNet small_recursion(const std::string& text) {
  sgd::RecursiveNet net{sgd::parse_recursion(text), picture_signature(), {}, {}};
  net.weights = net.initial = sgd::initial_weights(net.recursion, net.signature, 3);
  net.weights.front() = 0.25f;
  net.weights.back() = 0;
  return net;
}

const RowMeasure& measure_called(const std::vector<RowMeasure>& measures, const std::string& name) {
  const auto found = std::ranges::find(measures, name, &RowMeasure::name);
  REQUIRE(found != measures.end());
  return *found;
}

}  // namespace

TEST_CASE("rows of recursions are made where they are named, in no budget") {
  for (const char* budget : {"quick", "standard", "paper"}) {
    CompareSettings all = recursion_settings({});
    all.budget = budget;
    for (const std::string& id : recursion_ids(all)) CHECK(id.find("tied") == std::string::npos);
  }
  CHECK(recursion_ids(recursion_settings({"untied-deep", "tied", "dense-adam", "untied"})) ==
        std::vector<std::string>{"dense-adam-s0", "dense-adam-s1", "tied-s0", "tied-s1", "untied-s0",
                                 "untied-s1", "untied-deep-s0", "untied-deep-s1"});
  CompareSettings deeper = recursion_settings({"tied", "dense-adam"});
  deeper.depth_offsets = {1};
  for (const std::string& id : recursion_ids(deeper))
    CHECK((!id.starts_with("tied") || id.find("depth") == std::string::npos));
}

TEST_CASE("a recursion as an option of rows, with colons and commas in it") {
  CHECK(rejoined_brackets({"dense-adam", "tied:recursion=rec:2(4;relu:4", "tanh:2)", "untied"}) ==
        std::vector<std::string>{"dense-adam", "tied:recursion=rec:2(4;relu:4,tanh:2)", "untied"});
  CHECK(parse_variant("lr=1e-3:recursion=rec:2(4;relu:4,tanh:2):steps=9") ==
        Variant{{"lr", "1e-3"}, {"recursion", "rec:2(4;relu:4,tanh:2)"}, {"steps", "9"}});
  CHECK_THROWS_AS(parse_variant("lr"), ConfigError);
  const CompareSettings asked =
      recursion_settings({"tied:recursion=rec:2(4;relu:4,tanh:2):lr=1e-3", "untied", "untied-deep"});
  const RowPlan plan = plan_rows(asked, {{"target", true, asked.options.architecture}});
  REQUIRE(plan.rows.size() == 6);
  const RowOptions own = options_of(asked, plan.rows[0].key);
  CHECK(own.training.rate == 1e-3);
  CHECK(recursion_of_row(RecursionArm::tied, own).text() == "rec:2(4;relu:4,tanh:2)");
  const RowOptions usual = options_of(asked, plan.rows[2].key);
  CHECK(recursion_of_row(RecursionArm::untied, usual).text() == "untied:3(6;relu:5,tanh:3;steep-sigmoid:4)");
  CHECK(recursion_of_row(RecursionArm::untied_deep, usual).text() ==
        "untied:3(6;relu:16,tanh:8;steep-sigmoid:4)");
}

TEST_CASE("what a recursion's row cannot have is refused when rows are planned") {
  for (const char* bad :
       {"tied:recursion=12;tanh:4", "tied:recursion=rec:0(4;relu:4)", "tied:recursion=untied:2(4;relu:4)",
        "untied:recursion=rec:3(4;relu:8,tanh:2)", "tied:batch-pixels=5", "tied:rewind-step=5",
        "tied:arch=2;tanh:3", "tied:widths=weights", "dense-adam:recursion=rec:2(4;relu:4)"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(recursion_ids(recursion_settings({bad})), ConfigError);
  }
  // As many units as rounds will do, and arms that divide nothing need not have so many.
  CHECK(recursion_ids(recursion_settings({"untied:recursion=rec:3(4;relu:3)"})).size() == 2);
  CHECK(recursion_ids(recursion_settings({"tied:recursion=rec:3(4;tanh:2)"})).size() == 2);
  CompareSettings all = recursion_settings({"tied"});
  all.options.training.batch_pixels = 5;
  CHECK_THROWS_AS(recursion_ids(all), ConfigError);
  // What others of the run are rewound to is nothing to a recursion.
  all = recursion_settings({"tied", "dense-adam"});
  all.options.training.rewind_step = 7;
  const RowPlan plan = plan_rows(all, {{"target", true, "2;tanh:4"}});
  CHECK(options_of(all, plan.rows.front().key).training.rewind_step == 7);
  CHECK(options_of(all, plan.rows.back().key).training.rewind_step == 0);
  all = recursion_settings({"tied"});
  all.all_at_depths = true;
  CHECK_THROWS_AS(recursion_ids(all), ConfigError);
  all = recursion_settings({"tied"});
  all.depths = {2, 3};
  CHECK_THROWS_AS(recursion_ids(all), ConfigError);
}

TEST_CASE(
    "of a grid's options rows differ by those that they use, and are held against partners without others") {
  CompareSettings grid = recursion_settings({"dense-adam", "tied", "untied"});
  grid.seeds = {0, 1};
  grid.variants = {{{"recursion", "rec:2(4;relu:4)"}, {"arch", "1;tanh:3"}},
                   {{"recursion", "rec:2(4;relu:6)"}, {"arch", "1;tanh:3"}}};
  const std::vector<std::string> ids = recursion_ids(grid);
  CHECK(ids.size() == 2 + 2 * 2 * 2);
  CHECK(std::ranges::count(ids, "dense-adam:arch=1;tanh:3-s0") == 1);
  CHECK(std::ranges::count(ids, "tied:recursion=rec:2(4;relu:6)-s1") == 1);
  grid.variants = {{{"recursion", "rec:2(4;relu:4)"}}, {{"recursion", "rec:2(4;relu:6)"}}};
  std::vector<CompareRow> rows;
  for (const PlannedRow& planned : plan_rows(grid, {{"target", true, "2;tanh:4"}}).rows) {
    rows.emplace_back().key = planned.key;
    rows.back().loss = 0.1 * static_cast<double>(rows.size());
  }
  std::vector<std::string> tested;
  for (const PairedTest& test : analyse(rows).tests)
    tested.push_back(name_of(test.a) + " " + name_of(test.b));
  CHECK(tested == std::vector<std::string>{"tied:recursion=rec:2(4;relu:4) untied:recursion=rec:2(4;relu:4)",
                                           "tied:recursion=rec:2(4;relu:4) dense-adam",
                                           "tied:recursion=rec:2(4;relu:6) untied:recursion=rec:2(4;relu:6)",
                                           "tied:recursion=rec:2(4;relu:6) dense-adam"});
}

TEST_CASE("the default adds nothing to what identifies rows, another recursion does") {
  const RowOption* option = &*std::ranges::find(row_option_table(), "recursion", &RowOption::name);
  CHECK(option->later);
  RowOptions options;
  CHECK(option->get(options) == default_recursion);
  option->set(options, default_recursion);
  CHECK(option->get(options) == default_recursion);
  option->set(options, "rec:2(4;relu:4)");
  CHECK(option->get(options) == "rec:2(4;relu:4)");
}

TEST_CASE("a row's network is read back as what it was, and as nothing else") {
  const test::TemporaryFolder folder;
  for (const char* text : {"rec:3(4;tanh:6;sigmoid:2)", "untied:3(4;tanh:6;sigmoid:2)"}) {
    const Net net = net_of(small_recursion(text), "row", NetSource::run);
    CHECK(std::string(file_of_network(net)) == "network.recursion");
    CompareRow row;
    row.network = "network.recursion";
    const std::string bytes = encode_row_network(net);
    row.network_digest = digest_of(bytes);
    write_file(folder.path() / row.network, bytes);
    const Net read = network_of_row(folder.path(), row);
    REQUIRE(read.recursion);
    CHECK(*read.recursion == *net.recursion);
    const NetworkCounts counts = counts_of(read);
    CHECK(counts.arch == text);
    CHECK(counts.weights == static_cast<std::int64_t>(net.weights.size()) - 1);
    CHECK(counts.nonzero == counts.weights - 1);
    row.network_digest = digest_of("another");
    CHECK_THROWS_AS(network_of_row(folder.path(), row), FormatError);
    CHECK_THROWS_AS(decode_row_network(bytes.substr(0, bytes.size() - 3), "cut"), FormatError);
  }
  CHECK_THROWS_AS(decode_row_network("no network", "text"), FormatError);
  sgd::Mlp mlp;
  mlp.wiring = sgd::dense_wiring(sgd::parse_architecture("2;tanh:3"), picture_signature());
  mlp.weights.assign(static_cast<std::size_t>(mlp.wiring.weight_count()), 0.5f);
  const Net layers = net_of(mlp, "row", NetSource::run);
  CHECK(std::string(file_of_network(layers)) == "network.mlp");
  CHECK(encode_row_network(layers) == sgd::encode_mlp(mlp));
  CHECK(*decode_row_network(encode_row_network(layers), "mlp").mlp == mlp);
  CHECK(counts_of(layers).nonzero == mlp.wiring.weight_count());
}

TEST_CASE("of a recursion what asks for a weight's place is absent with its reason, the rest is measured") {
  const auto measures = [](const std::string& text) {
    return measures_of_row(net_of(small_recursion(text), "row", NetSource::run), nullptr, nullptr, "quick", 0,
                           {});
  };
  const auto tied = measures("rec:2(4;tanh:8;sigmoid:2)"), untied = measures("untied:2(4;tanh:8;sigmoid:2)");
  for (const auto* found : {&tied, &untied}) {
    CHECK(std::isfinite(measure_called(*found, "compositional_score").value));
    CHECK(measure_called(*found, "compositional_score").reason.empty());
    for (const char* name : {"units_alive", "depth_used"}) {
      CHECK(std::isnan(measure_called(*found, name).value));
      CHECK(measure_called(*found, name).reason.find("no layers") != std::string::npos);
    }
  }
  for (const MeasureDefinition& definition : measure_table()) {
    if (!definition.by_place) continue;
    const RowMeasure& shared = measure_called(tied, std::string(definition.name));
    CHECK(std::isnan(shared.value));
    CHECK(shared.reason.find("share their weights") != std::string::npos);
    const RowMeasure& own = measure_called(untied, std::string(definition.name));
    CHECK(own.reason.find("share their weights") == std::string::npos);
  }
  CompareRow row;
  row.measures = tied;
  const CompareRow again = row_from_json(to_json(row), "file");
  REQUIRE(again.measures.size() == tied.size());
  for (std::size_t i = 0; i < tied.size(); ++i) CHECK(again.measures[i].reason == tied[i].reason);
}

TEST_CASE("a recursion's row that is asked for circuits says why it has none") {
  const test::TemporaryFolder folder;
  TargetShelf targets(12, 12);
  const RowTarget& face = targets.at(targets.add("@face"));
  CompareSettings asked = recursion_settings({"tied"});
  asked.options.recursion = "rec:2(3;tanh:4)";
  asked.options.training.steps = 5;
  asked.options.circuits = "edges";
  const RowContext context = context_of(asked, folder.path(), targets, false);
  const RowPlan plan = plan_rows(asked, {{face.name, true, asked.options.architecture}});
  const auto row = make_row(context, plan, plan.rows.front(), [] { return true; }, {});
  REQUIRE(row);
  CHECK(row->status == RowStatus::done);
  for (const char* name : {"circuit_edges", "circuit_parts", "circuit_necessary"}) {
    const RowMeasure& measure = measure_called(row->measures, name);
    CHECK(std::isnan(measure.value));
    CHECK(measure.reason == "a recursion, whose weights are in every round");
  }
  CHECK(row->measure("d_abl") == nullptr);
  const auto again = finished_row(context, plan.rows.front().key);
  REQUIRE(again);
  CHECK(measure_called(again->measures, "circuit_edges").reason ==
        measure_called(row->measures, "circuit_edges").reason);
}

TEST_CASE("a recursion's training ends at a bar with what a longer one has there") {
  RowOptions options;
  options.recursion = "rec:2(4;tanh:6;sigmoid:2)";
  options.training.steps = 60;
  const sgd::TrainSettings settings = options.training.settings(5);
  const Picture target = load_target("@disc", 16).picture;
  const auto whole =
      run_recursion_training(recursion_job(RecursionArm::tied, options, settings, target), {}, {});
  REQUIRE(whole);
  CHECK_FALSE(whole->crossed);
  CHECK(whole->steps == 60);
  options.bar = static_cast<double>(whole->losses[29]) * 1.0001;
  RecursionJob job = recursion_job(RecursionArm::tied, options, settings, target);
  const auto barred = run_recursion_training(job, {}, {});
  REQUIRE(barred);
  CHECK(barred->crossed);
  CHECK(barred->steps <= 30);
  CHECK(barred->best_loss < options.bar);
  CHECK(barred->told_loss(10) == barred->best_loss);
  CHECK(std::ranges::equal(barred->losses,
                           std::span(whole->losses).first(static_cast<std::size_t>(barred->steps))));
  job.ema = 0.5;
  CHECK_THROWS_AS(job.validate(), ConfigError);
  // A checkpoint of another training, or damaged, counts as none where a row says so.
  const test::TemporaryFolder folder;
  write_file(folder.path() / "checkpoint", "no checkpoint");
  CheckpointPlan plan{.file = folder.path() / "checkpoint", .pass_over_foreign = true};
  CHECK(run_recursion_training(recursion_job(RecursionArm::tied, options, settings, target), plan, {})->net ==
        barred->net);
  plan.pass_over_foreign = false;
  CHECK_THROWS_AS(
      run_recursion_training(recursion_job(RecursionArm::tied, options, settings, target), plan, {}),
      FormatError);
  // Whoever lost the right to write stops without writing.
  std::filesystem::remove(plan.file);
  plan.may_write = [] { return false; };
  plan.every = 10;
  options.bar = 0;
  CHECK_FALSE(run_recursion_training(recursion_job(RecursionArm::tied, options, settings, target), plan, {}));
  CHECK_FALSE(std::filesystem::exists(plan.file));
}
