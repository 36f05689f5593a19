// The rows that are trained from a start of their own: dense networks, and the evolved wiring.
#include <algorithm>

#include "experiments/jobs/training_job.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "experiments/rows/row_methods.hpp"
#include "experiments/rows/trained_row.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/mask_null.hpp"

namespace skein::experiments {
namespace {

std::optional<MadeRow> train_dense(const RowWork& work, bool relu) {
  const sgd::Mlp start =
      dense_start(work.target, work.options, work.key.depth, work.key.seed.value_or(0), relu);
  return train_from(work, start.wiring, start.weights);
}

RowMethod dense_row(const char* name, const char* label, const char* note, const char* optimizer, bool relu) {
  RowMethod method{.name = name,
                   .label = label,
                   .note = note,
                   .optimizer = optimizer,
                   .at_depths = !relu,
                   .rectified = relu};
  method.make = [relu](const RowWork& work) { return train_dense(work, relu); };
  return method;
}

/// The evolved wiring, or a shuffle of it, from random weights.
std::optional<MadeRow> train_evolved(const RowWork& work, bool frozen, bool shuffled) {
  const std::uint64_t seed = work.key.seed.value_or(0);
  sgd::Wiring wiring = work.target.evolved->wiring;
  if (shuffled) wiring = sgd::shuffle_degrees(wiring, seed);
  const Weights start = sgd::initial_weights(
      wiring, {.seed = seed, .scale = work.options.initial_scale, .copies_at_one = frozen});
  return train_from(work, wiring, start, frozen);
}

}  // namespace

sgd::Mlp without_zeros(const sgd::Mlp& mlp) {
  std::vector<std::uint8_t> kept(mlp.weights.size());
  std::ranges::transform(mlp.weights, kept.begin(), [](float weight) { return weight != 0.0f; });
  return restrict_to(mlp, kept);
}

std::optional<MadeRow> train_from(const RowWork& work, const sgd::Wiring& wiring, const Weights& start,
                                  bool freeze_copies) {
  TrainingJob job{wiring, start, freeze_copies, work.settings, {}, work.options.bar};
  if (work.begun) job.from = work.begun();
  if (job.from && job.crossed(*job.from)) job.from.reset();  // it passed by the network that is wanted
  const auto trained = run_training(job, work.target.picture, checkpoints_of(work), work.listener);
  if (!trained) return std::nullopt;
  const sgd::Mlp mlp = job.settings.penalty.active() ? without_zeros(trained->mlp) : trained->mlp;
  return trained_row(net_of(mlp, work.key.method, NetSource::run), *trained);
}

sgd::Mlp dense_start(const RowTarget& target, const RowOptions& options, int depth, std::uint64_t seed,
                     bool relu) {
  sgd::Architecture architecture =
      sgd::parse_architecture(options.architecture.empty() ? target.architecture : options.architecture);
  architecture = at_offset(architecture, depth, width_rule(options.widths));
  if (relu) architecture.columns = {{{Activation::relu, false}, architecture.width()}};
  sgd::Mlp start;
  start.wiring = sgd::dense_wiring(architecture, picture_signature());
  start.weights = sgd::initial_weights(start.wiring, {.seed = seed, .scale = options.initial_scale});
  return start;
}

RowMethod dense_adam_row() {
  RowMethod method = dense_row("dense-adam", "dense, Adam",
                               "A dense network, in which every unit reads the whole layer below, from "
                               "random weights; its architecture is "
                               "the evolved network's, or for a plain picture the one in the configuration.",
                               "adam", false);
  method.in_quick = true;
  return method;
}

RowMethod dense_muon_row() {
  RowMethod method =
      dense_row("dense-muon", "dense, Muon",
                "As the dense network trained with Adam, but with Muon (orthogonalised momentum; "
                "first and last layer by Adam).",
                "muon", false);
  method.against = {"dense-adam"};
  return method;
}

RowMethod dense_relu_row() {
  RowMethod method =
      dense_row("dense-relu", "dense, ReLU units",
                "A dense network of rectified linear units of the same depth and width, from random weights.",
                "adam", true);
  method.against = {"dense-adam"};
  return method;
}

RowMethod retrained_row() {
  return {
      .name = "retrained",
      .label = "evolved wiring retrained",
      .note =
          "The evolved wiring with random weights, trained by gradient descent; the weights of copies are "
          "trained too.",
      .family = RowFamily::retrained,
      .in_quick = true,
      .needs_genome = true,
      .against = {"dense-adam", "shuffle-evolved"},
      .make = [](const RowWork& work) { return train_evolved(work, false, false); }};
}

RowMethod retrained_frozen_row() {
  return {
      .name = "retrained-frozen",
      .label = "evolved wiring retrained, copies frozen",
      .note =
          "The evolved wiring with random weights trained by gradient descent; copies stay at weight 1, so "
          "that it is the raw topology of the genome.",
      .family = RowFamily::retrained,
      .needs_genome = true,
      .against = {"dense-adam"},
      .make = [](const RowWork& work) { return train_evolved(work, true, false); }};
}

RowMethod shuffled_evolved_row() {
  return {.name = "shuffle-evolved",
          .label = "evolved wiring shuffled",
          .note =
              "The evolved wiring with its partners exchanged at random, layer by layer, copies too: every "
              "unit keeps how many links go in and out, and nothing else of the wiring is left. Trained from "
              "random weights.",
          .family = RowFamily::control,
          .in_quick = true,
          .needs_genome = true,
          .against = {"dense-adam"},
          .make = [](const RowWork& work) { return train_evolved(work, false, true); }};
}

}  // namespace skein::experiments
