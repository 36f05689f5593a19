#include "sgd/prune/prune_similarity.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/mlp/matrix_mlp.hpp"
#include "sgd/mlp/sample_inputs.hpp"
#include "sgd/mlp/sensitivities.hpp"
#include "sgd/prune/methods.hpp"
#include "sgd/simplify/direct_wiring.hpp"
#include "sgd/simplify/explained_edges.hpp"
#include "sgd/simplify/linear_carriers.hpp"
#include "sgd/simplify/similar_effects.hpp"
#include "sgd/simplify/similar_units.hpp"

namespace skein::sgd {

namespace {

constexpr int least_grid = 8;  ///< pixels along the longer side

/// Where the maps are compared: of a grid on no more pixels than it has.
SampleSource calibration_samples(const SampleSource& samples, int side) {
  if (const auto* grid = std::get_if<Grid>(&samples)) {
    const int longer = std::max(grid->width, grid->height);
    const double scale = static_cast<double>(std::min(side, std::max(least_grid, longer))) / longer;
    return Grid{std::max(2, static_cast<int>(std::lround(scale * grid->width))),
                std::max(2, static_cast<int>(std::lround(scale * grid->height)))};
  }
  const std::size_t count = sample_count(samples);
  const std::size_t most = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  if (count == 0) throw ConfigError("sp: there are no samples to compare maps on");
  if (count <= most) return samples;
  const auto* pixels = std::get_if<PixelSubset>(&samples);
  const auto* rows = std::get_if<TableSubset>(&samples);
  std::vector<std::uint32_t> chosen;
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t at = i * count / most;
    chosen.push_back(pixels ? pixels->pixels[at] : rows ? rows->samples[at] : static_cast<std::uint32_t>(at));
  }
  return subset_of(samples, std::move(chosen));
}

/// Price of a weight that is dropped because it cannot be told from nothing; damped less than when weights
/// are really given up, so that exact copies of what is already there cost nothing.
constexpr double exact_damping = 1e-9;

/// Weights that add less than this part to their unit's sum are none. tuned: over single-precision noise.
constexpr double zero_share = 1e-6;

/// Cosine from which maps are the same but for single-precision noise.
constexpr double same = 1 - 1e-6;

/// Returns how many units went.
int merge_units(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& reference,
                const MergeSettings& settings) {
  int merged = 0;
  Eigen::MatrixXd values = inputs;
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer) {
    values = layer_values(mlp, layer, values);
    merged += merge_similar_units(mlp, layer, values, reference, settings);
  }
  return merged;
}

/// The same by what units do to the picture.
int merge_by_effects(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& reference,
                     const MergeSettings& settings) {
  int merged = 0;
  Maps maps = maps_of(mlp, inputs);
  auto effects = unit_effects(mlp, maps);
  for (std::size_t layer = 0; layer < mlp.depth(); ++layer) {
    const int here =
        merge_alike_effects(mlp, layer, effects[layer], maps.values[layer + 1], reference, settings);
    if (here == 0) continue;  // what was seen of the network still holds
    merged += here;
    maps = maps_of(mlp, inputs);
    effects = unit_effects(mlp, maps);
  }
  return merged;
}

void drop_unfelt(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const SimilaritySettings& settings,
                 std::int64_t least) {
  drop_explained_edges(mlp, inputs,
                       {.damping = exact_damping,
                        .dearest = settings.negligible,
                        .most_change = 1e-7,
                        .least_weights = least});
  MatrixMlp pruned = mlp;
  drop_dead_edges(pruned);
  if (pruned.weight_count() >= least) mlp = std::move(pruned);
}

/// One sweep. Returns whether anything went. Nothing that costs precision comes before the carriers are
/// straightened, because that tells rounding from weights.
bool sweep(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const Eigen::MatrixXd& reference,
           const SimilaritySettings& settings, std::int64_t least) {
  const std::int64_t before = mlp.weight_count();
  drop_zero_edges(mlp, inputs, 0, least);
  merge_units(mlp, inputs, reference, {same, settings.negligible, least});
  straighten_carriers(mlp, inputs, {settings.negligible, least});
  drop_zero_edges(mlp, inputs, zero_share, least);
  if (settings.scope != SimilarityScope::units) drop_unfelt(mlp, inputs, settings, least);
  return mlp.weight_count() < before;
}

/// Returns whether the network is another now in any bit.
bool simplify(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, const SimilaritySettings& settings,
              std::int64_t least) {
  constexpr int most_sweeps = 8;
  const MatrixMlp before = mlp;
  const Eigen::MatrixXd reference = outputs_of(mlp, inputs);
  for (int i = 0; i < most_sweeps && mlp.weight_count() > least; ++i)
    if (!sweep(mlp, inputs, reference, settings, least)) break;
  return before.weights != mlp.weights || before.masks != mlp.masks || before.copies != mlp.copies;
}

/// Cuts to `count` weights: carriers combined while that helps, then the cheapest weights.
void cut_to(MatrixMlp& mlp, const Eigen::MatrixXd& inputs, std::int64_t count) {
  for (std::size_t layer = mlp.depth(); layer-- > 0 && mlp.weight_count() > count;)
    combine_carriers(mlp, layer, inputs, {.least_weights = count});
  drop_explained_edges(mlp, inputs, {.least_weights = count});
  if (mlp.weight_count() > count)
    throw ConfigError("sp at " + std::to_string(count) +
                      " weights cuts every output off from the inputs; the least is " +
                      std::to_string(mlp.weight_count()));
}

/// What one round makes of a network before it is retrained.
Mlp round_of(const Mlp& mlp, const Eigen::MatrixXd& inputs, std::int64_t count,
             const SimilaritySettings& settings) {
  MatrixMlp work = to_matrices(mlp);
  if (settings.scope != SimilarityScope::edges) {
    const bool simplified = simplify(work, inputs, settings, count);
    const Eigen::MatrixXd reference = outputs_of(work, inputs);
    const MergeSettings merging{settings.similarity, settings.most_change, count};
    const int merged = settings.similar == SimilarityOf::effects
                           ? merge_by_effects(work, inputs, reference, merging)
                           : merge_units(work, inputs, reference, merging);
    if (simplified || merged > 0) simplify(work, inputs, settings, count);
  }
  if (settings.scope != SimilarityScope::units) cut_to(work, inputs, count);
  normalize_copies(work);
  return to_mlp(work);
}

}  // namespace

std::string_view name(SimilarityScope scope) {
  constexpr std::string_view names[] = {"units", "edges", "both"};
  return names[static_cast<std::size_t>(scope)];
}

SimilarityScope parse_scope(std::string_view text) {
  for (const auto scope : {SimilarityScope::units, SimilarityScope::edges, SimilarityScope::both})
    if (name(scope) == text) return scope;
  throw ConfigError("what SP prunes is \"" + std::string(text) + "\"; there are units, edges, both");
}

void SimilaritySettings::validate() const {
  if (!(similarity > 0 && similarity <= 1))
    throw ConfigError("similarity is " + std::to_string(similarity) + "; it must be over 0 and at most 1");
  if (!(most_change >= 0) || !(negligible >= 0))
    throw ConfigError("what a change may cost must be 0 or more");
  if (grid < 8 || grid > 512)
    throw ConfigError("the grid that maps are compared on is " + std::to_string(grid) +
                      "; it must lie between 8 and 512");
  if (rounds < 0 || rounds > 1000 || most_rounds < 1 || most_rounds > 1000)
    throw ConfigError("rounds must lie between 1 and 1000");
  if (!(round_keeps > 0 && round_keeps < 1))
    throw ConfigError("the part each round keeps is " + std::to_string(round_keeps) +
                      "; it must lie between 0 and 1");
  if (!(most_loss >= 1)) throw ConfigError("the loss at which rounds end must be 1 or more times the first");
}

Mlp simplify(const Mlp& mlp, const SampleSource& samples, const SimilaritySettings& settings,
             std::int64_t least_weights) {
  settings.validate();
  MatrixMlp work = to_matrices(mlp);
  const auto inputs = sample_inputs(work.signature, calibration_samples(samples, settings.grid));
  simplify(work, inputs, settings, least_weights);
  normalize_copies(work);
  return to_mlp(work);
}

Pruned prune_similarity(const Mlp& mlp, const SampleSource& samples, std::optional<std::int64_t> count,
                        const SimilaritySettings& settings, const Retrain& retrain, const OnRound& on_round) {
  settings.validate();
  const std::int64_t total = mlp.wiring.weight_count();
  const auto inputs = sample_inputs(mlp.wiring.signature, calibration_samples(samples, settings.grid));
  if (count) keep_count(*count, total);
  const int rounds = !count                ? settings.most_rounds
                     : settings.rounds > 0 ? settings.rounds
                                           : rounds_to(total, *count, settings.round_keeps);
  const auto counts = count ? round_counts(total, *count, rounds) : std::vector<std::int64_t>{};
  Pruned result{mlp, {}};
  for (int round = 1; round <= rounds; ++round) {
    const std::int64_t left = result.mlp.wiring.weight_count();
    const std::int64_t asked =
        count ? counts[static_cast<std::size_t>(round - 1)]
        : round == 1
            ? 1
            : std::max<std::int64_t>(1, std::llround(settings.round_keeps * static_cast<double>(left)));
    // Without a count the first round takes what is free, and sets the loss that the others must recover.
    Mlp cut = !count && round == 1 ? simplify(result.mlp, samples, settings)
                                   : round_of(result.mlp, inputs, asked, settings);
    require_outputs(cut.wiring, "sp");
    Trained trained = retrain({std::move(cut), round, rounds, 0, {}});
    if (!count && round > 1 && trained.loss > settings.most_loss * result.rounds.front().loss) break;
    add_round(result, round, asked, std::move(trained), on_round);
    if (!count && result.mlp.wiring.weight_count() == left && round > 1) break;
  }
  return result;
}

PruneMethod similarity_method() {
  return {.name = "sp",
          .row_name = "sp",
          .label = "SP",
          .note =
              "Similarity-based pruning, skein's own definition, in rounds that keep 0.7 of the weights "
              "each, with "
              "retraining: units of a layer whose maps over the picture are alike are merged, their outgoing "
              "weights folded in by least squares; linear carriers are untangled; then the weights that the "
              "picture "
              "feels least, once the others are refitted, go until the round's count is left. Half of the "
              "retraining belongs to the last round.",
          .options = {"rounds", "similarity", "scope"},
          .in_quick = true,
          .chooses_count = true,
          .prune = [](const PruneRequest& request, const Retrain& retrain, const OnRound& on_round) {
            SimilaritySettings settings = request.similarity;
            if (request.rounds > 0) settings.rounds = settings.most_rounds = request.rounds;
            return prune_similarity(request.mlp, request.target.samples, request.count, settings, retrain,
                                    on_round);
          }};
}

}  // namespace skein::sgd
