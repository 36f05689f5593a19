#include "experiments/polar/polar_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/statistics/spread.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, std::size(all_polar_sources)> source_names{"trained", "untrained",
                                                                                  "genome", "names", "table"};

/// A probe that is to be fitted.
struct Wanted {
  const PolarLayer* layer = nullptr;
  int rank = 0;
  std::string relations;
};

/// All ranks with the true relations, the greatest without any and with the others; a layer narrower than a rank has its own width.
std::vector<Wanted> wanted_probes(const std::vector<PolarLayer>& layers, const std::vector<int>& ranks) {
  std::vector<Wanted> wanted;
  for (const PolarLayer& layer : layers) {
    const auto units = static_cast<int>(layer.vectors.cols());
    int before = 0;
    for (const int rank : ranks) {
      const int possible = std::min(rank, units);
      if (possible != before) wanted.push_back({&layer, possible, "true"});
      before = possible;
    }
    for (const char* relations : {"none", "shuffled", "by-pair"})
      wanted.push_back({&layer, before, relations});
  }
  return wanted;
}

std::vector<CasePrediction> predictions_of(const Probe& probe, const Eigen::MatrixXd& vectors,
                                           const std::vector<ProbeCase>& cases, const CaseList& on) {
  std::vector<CasePrediction> predictions;
  for (const std::size_t c : on) predictions.push_back(predict(probe, vectors, cases[c]));
  return predictions;
}

/// Fits one probe to what it is told and judges it on what is held out.
std::optional<ProbeScore> judged(const Eigen::MatrixXd& vectors, const std::vector<ProbeCase>& told,
                                 const std::vector<ProbeCase>& truth, const PolarSplit& split,
                                 const ProbeSettings& settings, std::uint64_t seed,
                                 const ProgressListener& listener) {
  const auto probe = fit_probe(vectors, told, split.fitted, settings, seed, listener);
  if (!probe) return std::nullopt;
  return score_of(truth, split.fitted, split.held_out, predictions_of(*probe, vectors, truth, split.held_out),
                  seed);
}

/// Every probe of these layers. Nothing when the listener asked to stop.
std::optional<std::vector<PolarProbe>> probes_of(const std::vector<PolarLayer>& layers,
                                                 const PolarCases& cases, const PolarSplit& split,
                                                 const PolarPlan& plan, std::uint64_t seed,
                                                 const ProgressListener& listener) {
  const std::vector<ProbeCase> shuffled = shuffled_relations(cases.cases, split.fitted, seed);
  const std::vector<ProbeCase> by_pair = relations_by_pair(cases.cases, seed);
  const std::vector<Wanted> wanted = wanted_probes(layers, plan.ranks);
  std::vector<std::optional<PolarProbe>> made(wanted.size());
  parallel_for(wanted.size(), [&](std::size_t i) {
    const Wanted& w = wanted[i];
    ProbeSettings settings = plan.probe;
    settings.rank = w.rank;
    if (w.relations == "none") settings.lambda = 0;
    const auto& told = w.relations == "shuffled"  ? shuffled
                       : w.relations == "by-pair" ? by_pair
                                                  : cases.cases;
    const auto& truth = w.relations == "by-pair" ? by_pair : cases.cases;
    const auto score = judged(w.layer->vectors, told, truth, split, settings, seed, listener);
    if (score) made[i] = {w.layer->name, w.layer->vectors.cols(), w.rank, w.relations, *score};
  });
  std::vector<PolarProbe> probes;
  for (auto& probe : made) {
    if (!probe) return std::nullopt;
    probes.push_back(std::move(*probe));
  }
  return probes;
}

/// A split that sees everything: students are to draw the whole family.
CodeSplit everything(const PictureFamily& family) {
  CodeSplit split;
  split.seen = family.combinations();
  for (const Combination& one : split.seen) split.seen_codes.push_back(family.code(one));
  return split;
}

double fit_of(const PictureFamily& family, const sgd::Mlp& student, const CoverageSettings& settings,
              std::uint64_t seed) {
  const Plan plan(sgd::lower(student.wiring).network);
  return coverage_of(family, everything(family), plan, student.weights, {}, settings, seed).seen_r2;
}

}  // namespace

std::string_view name(PolarSource source) { return source_names.at(static_cast<std::size_t>(source)); }

std::string PolarRow::id() const { return std::string(name(source)) + "-s" + std::to_string(seed); }

void PolarPlan::validate() const {
  students.validate();
  if (!(held_out > 0 && held_out < 1))
    throw ConfigError("held out " + std::to_string(held_out) + ": must lie between 0 and 1");
  if (width < 3 || width > 1024) throw ConfigError("width " + std::to_string(width) + ": must be 3 to 1024");
  if (seeds < 1 || seeds > 1000) throw ConfigError("seeds " + std::to_string(seeds) + ": must be 1 to 1000");
  if (ranks.empty()) throw ConfigError("--ranks needs one value or more");
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] < 1 || ranks[i] > width)
      throw ConfigError("rank " + std::to_string(ranks[i]) + " of a probe: must be 1 to " +
                        std::to_string(width) + ", the width of a layer");
    if (i > 0 && ranks[i] <= ranks[i - 1]) throw ConfigError("the ranks of probes must ascend");
  }
  probe.validate();
}

std::optional<PolarRow> polar_row(const PictureFamily& family, const PolarCases& cases, const PolarPlan& plan,
                                  PolarSource source, std::uint64_t seed,
                                  const std::filesystem::path& network, const ProgressListener& listener) {
  const PolarSplit split = polar_split(cases, plan.held_out, seed);
  PolarRow row{.source = source, .seed = seed, .fit_r2 = std::nan(""), .probes = {}};
  if (source == PolarSource::table) {
    const auto said = table_predictions(cases.cases, split.fitted, split.held_out);
    row.probes.push_back({"names", std::ssize(cases.names), 0, "true",
                          score_of(cases.cases, split.fitted, split.held_out, said, seed)});
    return row;
  }
  std::vector<PolarLayer> layers;
  if (source == PolarSource::genome) {
    layers.push_back(genome_layer(family, cases));
    row.fit_r2 = 1;
  } else if (source == PolarSource::names) {
    layers.push_back(names_layer(cases));
  } else {
    std::optional<sgd::Mlp> student = new_student(family, plan.width, plan.students.layers, seed);
    if (source == PolarSource::trained) try {
        student = train_student(family, everything(family), plan.width, plan.students, seed, listener);
      } catch (const NumericError& error) {
        row.failed = error.what();
        return row;
      }
    if (!student) return std::nullopt;
    row.fit_r2 = fit_of(family, *student, plan.students, seed);
    layers = student_layers(family, cases, *student);
    if (source == PolarSource::trained)
      sgd::write_mlp(network, folded(*student, family.code(family.combinations().back())));
  }
  auto probes = probes_of(layers, cases, split, plan, seed, listener);
  if (!probes) return std::nullopt;
  row.probes = std::move(*probes);
  return row;
}

std::optional<nlohmann::ordered_json> polar_known_answers(const PolarCases& cases, const PolarPlan& plan,
                                                          const ProgressListener& listener) {
  constexpr std::uint64_t times = 10;
  nlohmann::ordered_json answers = nlohmann::ordered_json::object();
  struct Known {
    const char* called;
    bool planted, angles;
  };
  for (const Known& known : {Known{"planted", true, true}, Known{"planted_tree_alone", true, false},
                             Known{"noise", false, true}}) {
    std::vector<std::optional<ProbeScore>> scores(times);
    parallel_for(times, [&](std::size_t i) {
      const std::uint64_t seed = plan.first_seed + i;
      const PolarLayer layer =
          known.planted ? planted_layer(cases, seed) : noise_layer(cases, plan.width, seed);
      ProbeSettings settings = plan.probe;
      if (!known.angles) settings.lambda = 0;
      settings.rank = static_cast<int>(layer.vectors.cols());
      scores[i] = judged(layer.vectors, cases.cases, cases.cases, polar_split(cases, plan.held_out, seed),
                         settings, seed, listener);
    });
    if (std::ranges::any_of(scores, [](const auto& score) { return !score; })) return std::nullopt;
    const auto over = [&](double ProbeScore::*member) {
      std::vector<double> values;
      for (const auto& score : scores) values.push_back((*score).*member);
      return to_json(spread(std::move(values)));
    };
    answers[known.called] = {{"tree", over(&ProbeScore::tree)},
                             {"tree_chance", over(&ProbeScore::tree_chance)},
                             {"distance", over(&ProbeScore::distance)},
                             {"type_balanced", over(&ProbeScore::type_balanced)},
                             {"type_chance", over(&ProbeScore::type_chance)}};
  }
  return answers;
}

}  // namespace skein::experiments
