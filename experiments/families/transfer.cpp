#include "experiments/families/transfer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "experiments/parts/role_swap.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {
namespace {

constexpr std::array edits{Edit::removed, Edit::moved, Edit::recoloured};

struct Fit {
  std::optional<std::int64_t> steps;
  double least = std::numeric_limits<double>::infinity();
};

/// Steps until the loss is at the bar. A training that leaves the finite numbers does not get there.
Fit fit(const sgd::Wiring& wiring, const Weights& start, const Picture& wanted, double bar,
        const TransferSettings& settings, const ProgressListener& listener) {
  sgd::TrainSettings training;
  training.steps = settings.steps + 1;  // a loss is known before its step
  training.learning_rate = settings.rate;
  sgd::Trainer trainer(sgd::picture_problem(wiring, wanted), training, start);
  Fit result;
  try {
    while (!trainer.done() && !result.steps) {
      if (!listener({"transfer", 0, 0, {}}))
        throw Error("stopped while networks are fitted to edited pictures");
      trainer.step();
      const double loss = static_cast<double>(trainer.state().losses.back());
      result.least = std::min(result.least, loss);
      if (loss <= bar) result.steps = trainer.state().step - 1;
    }
  } catch (const NumericError&) {
  }
  return result;
}

/// The genome's own links of a part, one flag per slot.
std::vector<std::uint8_t> links_of(const neat::Phenotype& phenotype, const Part& part) {
  std::vector<std::uint8_t> own(phenotype.weights.size());
  for (std::size_t slot = 0; slot < own.size(); ++slot)
    own[slot] = std::ranges::binary_search(part.links, phenotype.link_of_slot[slot]);
  return own;
}

}  // namespace

std::string_view name(Edit edit) {
  constexpr std::array<std::string_view, edit_kinds> names{"removed", "moved", "recoloured"};
  return names.at(static_cast<std::size_t>(edit));
}

void TransferSettings::validate() const {
  if (steps < 1 || steps > 10'000'000)
    throw ConfigError("steps " + std::to_string(steps) + ": must be 1 to 10000000");
  if (size < 8 || size > 1024) throw ConfigError("size " + std::to_string(size) + ": must be 8 to 1024");
  if (!(rate > 0) || !std::isfinite(rate)) throw ConfigError("the rate must be above 0");
  if (!(bar > 0 && bar < 1)) throw ConfigError("bar " + std::to_string(bar) + ": must lie between 0 and 1");
}

std::optional<Picture> edited_picture(const PartsTarget& target, const Part& part, Edit edit, int size) {
  if (!target.genome || part.links.empty()) return {};
  const neat::Phenotype phenotype = neat::express(*target.genome);
  const std::vector<std::uint8_t> own = links_of(phenotype, part);
  const Plan plan(phenotype.network, {.one_shot = true});
  const Grid grid{size, size};
  Picture picture;
  if (edit == Edit::moved) {
    picture = with_piece_moved({phenotype.network, phenotype.weights, own}, role_shift, 0, size);
  } else {
    Weights weights = phenotype.weights;
    for (const ValueIndex output : phenotype.network.outputs())
      if (const int unit = static_cast<int>(output) - phenotype.network.input_count(); unit >= 0)
        for (const Edge& edge : phenotype.network.edges_of(unit))
          if (own[edge.slot] && edit == Edit::recoloured) weights[edge.slot] = -phenotype.weights[edge.slot];
    for (std::size_t slot = 0; slot < weights.size(); ++slot)
      if (own[slot] && edit == Edit::removed) weights[slot] = 0;
    picture = draw(plan, weights, grid);
  }
  constexpr double visible = 1e-6;  // of squared error
  if (!(mean_squared_error(picture, draw(plan, phenotype.weights, grid)) > visible)) return {};
  return picture;
}

std::vector<Transfer> find_transfer(const sgd::Mlp& network, const PartsTarget& target,
                                    const TransferSettings& settings, const ProgressListener& listener) {
  settings.validate();
  if (!target.genome)
    throw ConfigError(target.title +
                      ": an edit needs parts that can be switched, from the labels of a genome");
  const neat::Phenotype phenotype = neat::express(*target.genome);
  const Picture whole =
      draw(Plan(phenotype.network, {.one_shot = true}), phenotype.weights, {settings.size, settings.size});
  std::vector<Transfer> result;
  std::vector<Picture> pictures;
  for (const Part& part : target.parts.parts)
    for (const Edit edit : edits)
      if (auto picture = edited_picture(target, part, edit, settings.size)) {
        result.push_back({part.name, edit, settings.bar * mean_squared_error(*picture, whole), {}, {}, 0, 0});
        pictures.push_back(std::move(*picture));
      }
  if (result.empty()) throw ConfigError(target.title + ": no edit of a part shows");
  const Weights fresh = sgd::initial_weights(network.wiring, {.seed = settings.seed});
  std::atomic<std::int64_t> done = 0;
  const ProgressListener tell = [&](const Progress&) {
    return !listener || listener({"edits", done.load(), std::ssize(result), {}});
  };
  parallel_for(result.size(), [&](std::size_t i) {
    const Fit own = fit(network.wiring, network.weights, pictures[i], result[i].bar, settings, tell);
    const Fit anew = fit(network.wiring, fresh, pictures[i], result[i].bar, settings, tell);
    result[i].steps = own.steps, result[i].least = own.least;
    result[i].fresh = anew.steps, result[i].fresh_least = anew.least;
    ++done;
  });
  return result;
}

}  // namespace skein::experiments
