#include "experiments/practice/volume_practice.hpp"

#include <algorithm>
#include <utility>

#include "experiments/measures/measures.hpp"
#include "experiments/practice/drawn_wiring.hpp"
#include "experiments/runs/shared_work.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/initial_weights.hpp"

namespace skein::experiments {
namespace {

constexpr int weights_moved = 64;

StartSource source_of(const PracticeSettings& settings, const BasinTarget& target, int width, int depth) {
  StartSource source;
  source.name = target.title + " " + std::to_string(width) + "x" + std::to_string(depth);
  source.make = [law = settings.practice_at(width, depth)](std::uint64_t seed) {
    sgd::Mlp mlp;
    mlp.wiring = drawn_wiring(law, seed);
    mlp.weights = sgd::initial_weights(mlp.wiring, {.seed = seed});
    return mlp;
  };
  return source;
}

/// One run, with what its steps share.
class Practice {
 public:
  Practice(const std::vector<BasinTarget>& targets, const PracticeSettings& settings, StartBook& book,
           const ProgressListener& listener)
      : targets_(targets), settings_(settings), book_(book), listener_(listener) {}

  std::optional<PracticeFindings> findings() {
    if (!count_wirings()) return std::nullopt;
    for (std::size_t t = 0; t < targets_.size(); ++t)
      if (!train(t)) return std::nullopt;
    for (PracticeCell& cell : found_.cells) judge(cell);
    found_.agreement = agreement_of(found_.cells, settings_.factored, settings_.seed);
    return std::move(found_);
  }

 private:
  bool count_wirings() {
    const auto total = static_cast<std::int64_t>(settings_.widths.size() * settings_.depths.size());
    for (const int width : settings_.widths)
      for (const int depth : settings_.depths) {
        const auto volume =
            sample_volume(settings_.theory_at(width, depth), settings_.levels, settings_.samples,
                          settings_.seed, [&](const Progress&) {
                            return !listener_ || listener_({"theory", std::ssize(found_.cells), total, {}});
                          });
        if (!volume) return false;
        found_.cells.push_back({width, depth, volume->compositional, {}, {}, {}, {}});
      }
    return true;
  }

  /// Every cell's starts on one target.
  bool train(std::size_t t) {
    const BasinTarget& target = targets_[t];
    if (!target.parts) throw ConfigError(target.title + ": its parts are not known");
    std::vector<StartSource> sources;
    for (const PracticeCell& cell : found_.cells)
      sources.push_back(source_of(settings_, target, cell.width, cell.depth));
    const double bar = settings_.bar_share * target.plain_loss;
    const std::int64_t a_target = std::ssize(sources) * settings_.starts;
    const auto census = run_census(
        sources, target.picture, {settings_.starts, bar, settings_.seed, settings_.fit}, book_,
        [&](const Progress& progress) {
          const auto before = static_cast<std::int64_t>(t) * a_target;
          return !listener_ ||
                 listener_({"starts", before + progress.done, a_target * std::ssize(targets_), {}});
        });
    if (!census) return false;
    std::vector<Arrival> arrivals;
    for (std::size_t c = 0; c < found_.cells.size(); ++c)
      for (const StartResult& start : (*census)[c].starts) {
        auto& starts = found_.cells[c].starts;
        if (start.arrived(bar)) arrivals.push_back({c, starts.size()});
        starts.push_back({target.title, start, start.arrived(bar), {}});
      }
    return look_inside_all(arrivals, sources, target);
  }

  /// Where a start that arrived stands: its cell, its place among that cell's starts.
  struct Arrival {
    std::size_t cell = 0, place = 0;
  };

  bool look_inside_all(const std::vector<Arrival>& arrivals, const std::vector<StartSource>& sources,
                       const BasinTarget& target) {
    ScoreSettings look{.seed = settings_.seed, .weights = weights_moved};
    look.parts = target.parts;
    SharedWork work("arrivals", std::ssize(arrivals), 0, listener_);
    return work.each(
        arrivals.size(),
        [&](std::size_t i) -> std::optional<std::optional<double>> {
          const std::uint64_t index = start_at(arrivals[i]).result.index;
          const auto again = fit(start_of(sources[arrivals[i].cell], settings_.seed, index), target.picture,
                                 settings_.fit, [&] { return work.go_on(); });
          if (!again) return std::nullopt;
          return participation_of(subject_of(again->mlp), look);
        },
        [&](std::size_t i, std::optional<double> participation) {
          start_at(arrivals[i]).participation = participation;
        });
  }

  PracticeStart& start_at(const Arrival& arrival) { return found_.cells[arrival.cell].starts[arrival.place]; }

  void judge(PracticeCell& cell) const {
    const auto share = [&](const auto& says) {
      return wilson_share(static_cast<std::uint64_t>(std::ranges::count_if(cell.starts, says)),
                          cell.starts.size());
    };
    cell.arrived = share([](const PracticeStart& start) { return start.arrived; });
    cell.factored = share([&](const PracticeStart& start) { return start.factored(settings_.factored); });
    cell.median_participation = median_participation(cell.starts);
  }

  const std::vector<BasinTarget>& targets_;
  const PracticeSettings& settings_;
  StartBook& book_;
  const ProgressListener& listener_;
  PracticeFindings found_;
};

}  // namespace

void PracticeSettings::validate() const {
  if (widths.empty() || depths.empty()) throw ConfigError("--widths and --depths: one of each at least");
  if (starts < 1) throw ConfigError("--starts " + std::to_string(starts) + ": at least 1 is needed");
  if (!(bar_share > 0 && bar_share < 1))
    throw ConfigError("--bar-share: a part of the plain colour's loss, above 0 and below 1");
  if (!(factored >= 1)) throw ConfigError("--factored: a step touches one part at least, so no less than 1");
  for (const int width : widths)
    for (const int depth : depths) {
      theory_at(width, depth).validate();
      const RandomWiring law = practice_at(width, depth);
      if (width < law.sources)
        throw ConfigError("--widths " + std::to_string(width) + ": a picture has " +
                          std::to_string(law.sources) +
                          " inputs, and layers that are trained need as many units");
      law.validate();
    }
}

RandomWiring PracticeSettings::theory_at(int width, int depth) const {
  RandomWiring wiring = law;
  wiring.width = width;
  wiring.depth = depth;
  return wiring;
}

RandomWiring PracticeSettings::practice_at(int width, int depth) const {
  RandomWiring wiring = theory_at(width, depth);
  wiring.sources = static_cast<int>(picture_signature().inputs.size());
  return wiring;
}

std::optional<PracticeFindings> practise(const std::vector<BasinTarget>& targets,
                                         const PracticeSettings& settings, StartBook& book,
                                         const ProgressListener& listener) {
  settings.validate();
  return Practice(targets, settings, book, listener).findings();
}

}  // namespace skein::experiments
