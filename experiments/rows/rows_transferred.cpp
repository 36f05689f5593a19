// The rows that learn their picture in a wiring that was evolved for another one.
#include "experiments/nets/load_net.hpp"
#include "experiments/rows/row_methods.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/mask_null.hpp"

namespace skein::experiments {
namespace {

std::optional<MadeRow> train_transferred(const RowWork& work, bool shuffled) {
  const std::uint64_t seed = work.key.seed.value_or(0);
  sgd::Wiring wiring = transferred_wiring(work.options);
  if (shuffled) wiring = sgd::shuffle_degrees(wiring, seed);
  const Weights start = sgd::initial_weights(wiring, {.seed = seed, .scale = work.options.initial_scale});
  return train_from(work, wiring, start);
}

}  // namespace

sgd::Wiring transferred_wiring(const RowOptions& options) {
  const std::string& name = options.wiring;
  if (name.empty()) throw ConfigError("which wiring is transferred must be said: transferred:wiring=@NAME");
  // A file's name would not say what is in it, and rows are known by their names.
  if (!name.starts_with('@')) throw ConfigError("option wiring=" + name + ": a built-in genome, @NAME");
  const Net net = load_net(name);
  if (!net.genome) throw ConfigError("option wiring=" + name + ": it is no genome");
  return as_mlp(net).wiring;
}

RowMethod transferred_row() {
  return {.name = "transferred",
          .label = "another picture's wiring",
          .note =
              "The wiring of a genome that was evolved for another picture (option wiring=@NAME), trained on "
              "this one from random weights.",
          .family = RowFamily::retrained,
          .transferred = true,
          .only_named = true,
          .against = {"dense-adam", "shuffle-transferred"},
          .make = [](const RowWork& work) { return train_transferred(work, false); }};
}

RowMethod shuffled_transferred_row() {
  return {.name = "shuffle-transferred",
          .label = "another picture's wiring shuffled",
          .note =
              "The control of another picture's wiring: its partners exchanged at random, layer by layer, "
              "copies too. Trained from random weights.",
          .family = RowFamily::control,
          .transferred = true,
          .only_named = true,
          .make = [](const RowWork& work) { return train_transferred(work, true); }};
}

}  // namespace skein::experiments
