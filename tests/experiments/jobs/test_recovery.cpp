// The claim that similarity-based pruning finds a hidden wiring back, where the wiring is known.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "bridge/compare_wirings.hpp"
#include "bridge/layerize.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/engine/engine.hpp"
#include "neat/files/picbreeder.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/prune/prune_magnitude.hpp"
#include "sgd/prune/prune_random.hpp"
#include "sgd/prune/prune_similarity.hpp"
#include "sgd/prune/prune_wanda.hpp"
#include "sgd/twins/hide.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;

namespace {

using Scores = std::map<std::string, std::vector<double>>;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Edge F1 of every method against the wiring of `genome`, hidden in a network that is twice as wide and
/// dense, with SP's largest change of RGB beside it.
Scores recover(const neat::Genome& genome, std::uint64_t hidings) {
  const sgd::Mlp wiring = bridge::layerize(genome);
  const bridge::PlainWiring reference = bridge::plain_wiring(wiring);
  const Grid grid{64, 64};
  const Picture target = draw(Plan(sgd::lower(wiring.wiring).network), wiring.weights, grid);
  const auto inputs = sgd::sample_inputs(wiring.wiring.signature, grid);
  const auto colours_of = [&](const sgd::Mlp& mlp) {
    return sgd::colours(sgd::outputs_of(sgd::to_matrices(mlp), inputs));
  };
  Scores scores;
  for (std::uint64_t seed = 1; seed <= hidings; ++seed) {
    const sgd::Mlp hidden = sgd::hide(wiring, seed);
    const sgd::Mlp found = sgd::simplify(hidden, Grid{target.width, target.height});
    const std::int64_t count = found.wiring.weight_count();
    const auto score = [&](const std::string& method, const sgd::Mlp& mlp) {
      const auto compared =
          bridge::compare_wirings(reference, bridge::plain_wiring(mlp), {.null_samples = 0});
      scores[method].push_back(compared.f1.value);
    };
    score("sp", found);
    scores["change"].push_back((colours_of(found) - colours_of(wiring)).cwiseAbs().maxCoeff());
    score("magnitude", sgd::restrict_to(hidden, sgd::keep_largest(hidden.weights, count)));
    score("wanda", sgd::restrict_to(hidden, sgd::keep_wanda(hidden, grid, count)));
    score("random", sgd::restrict_to(hidden, sgd::keep_random(hidden.wiring, count, seed)));
  }
  return scores;
}

void check_recovery(const Scores& scores, double most_change) {
  for (const auto& [method, values] : scores) {
    std::string line = method + ":";
    for (const double value : values) line += " " + std::to_string(value);
    MESSAGE(line);
    if (method == "sp") CHECK(median(values) >= 0.95);
    else if (method == "change") CHECK(*std::ranges::max_element(values) < most_change);
    else CHECK(median(values) < 0.6);
  }
}

}  // namespace

TEST_CASE("SP finds back a wiring that was hidden by splits, cancelling pairs, useless units and rotations") {
  check_recovery(recover(experiments::sunset().genome, 1), 1e-4);
}

TEST_CASE("slow: SP finds hidden wirings back, in the median of five hidings, and nothing else does") {
  for (const auto& drawing : {experiments::face(), experiments::flower(), experiments::sunset()})
    check_recovery(recover(drawing.genome, 5), 1e-4);
}

TEST_CASE("slow: SP finds hidden evolved wirings back") {
  for (const auto* name : {"skull/genome.zip", "butterfly/genome.zip"})
    if (const auto file = test::reference_data(name))
      check_recovery(recover(neat::read_picbreeder(*file).at(0).genome, 3), 1e-2);
}
