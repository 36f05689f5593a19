// The figure of a polar run.
#include <cstdlib>
#include <optional>

#include "experiments/figures/plots.hpp"
#include "experiments/polar/polar_run.hpp"

namespace skein::experiments {
namespace {

/// Where a probe stands on an axis; nothing: it is not on it.
using Place = std::optional<double> (*)(const PolarProbe& probe);

std::optional<double> at_its_layer(const PolarProbe& probe) {
  if (probe.layer == "all") return {};
  return probe.layer == "inputs" ? 0 : std::atof(probe.layer.c_str());
}

std::optional<double> at_its_rank(const PolarProbe& probe) {
  if (probe.layer != "all") return {};
  return probe.rank;
}

/// Numbers of one kind of probe along an axis, over the seeds. Of several in one place the last is shown: of a layer's
/// probes that of the greatest rank.
Series along(Place place, const std::vector<PolarRow>& rows, PolarSource source, const std::string& relations,
             double ProbeScore::*member, int colour) {
  std::vector<Series> curves;
  for (const PolarRow& row : rows) {
    if (row.source != source) continue;
    Series curve;
    for (const PolarProbe& probe : row.probes) {
      const std::optional<double> at = place(probe);
      if (!at || probe.relations != relations) continue;
      if (!curve.x.empty() && curve.x.back() == *at) curve.x.pop_back(), curve.y.pop_back();
      curve.x.push_back(*at);
      curve.y.push_back(probe.score.*member);
    }
    if (!curve.x.empty()) curves.push_back(std::move(curve));
  }
  const std::string called =
      std::string(name(source)) + (relations == "true" ? "" : ", " + relations + " relations");
  return spread_of(called, curves, colour);
}

/// Each source and what its probes were told, of all layers together at the greatest rank: a dot a seed.
std::vector<DotRow> dots_of(const std::vector<PolarRow>& rows, double ProbeScore::*member) {
  std::vector<DotRow> dots;
  for (const PolarSource source : all_polar_sources)
    for (const std::string relations : {"true", "none", "shuffled", "by-pair"}) {
      const bool is_true = relations == "true";
      DotRow dot{std::string(name(source)) + (is_true ? "" : ", " + relations), {}, is_true ? 0 : 1};
      for (const PolarRow& row : rows) {
        if (row.source != source) continue;
        const PolarProbe* last = nullptr;
        for (const PolarProbe& probe : row.probes)
          if (probe.relations == relations && (probe.layer == "all" || probe.layer == "names")) last = &probe;
        if (last) dot.values.push_back(last->score.*member);
      }
      if (!dot.values.empty()) dots.push_back(std::move(dot));
    }
  return dots;
}

}  // namespace

Drawing polar_figure(const std::vector<PolarRow>& rows, const std::string& title) {
  const auto options = [](const std::string& head, const char* x, const char* y) {
    return PlotOptions{.title = head, .x_label = x, .y_label = y, .width = 560, .height = 340};
  };
  const auto by_layer = [&](double ProbeScore::*member, bool with_shuffled) {
    std::vector<Series> series{along(at_its_layer, rows, PolarSource::trained, "true", member, 0),
                               along(at_its_layer, rows, PolarSource::untrained, "true", member, 1)};
    if (with_shuffled)
      series.push_back(along(at_its_layer, rows, PolarSource::trained, "shuffled", member, 2));
    return series;
  };
  const std::vector<Series> by_rank{
      along(at_its_rank, rows, PolarSource::trained, "true", &ProbeScore::tree, 0),
      along(at_its_rank, rows, PolarSource::untrained, "true", &ProbeScore::tree, 1),
      along(at_its_rank, rows, PolarSource::genome, "true", &ProbeScore::tree, 2)};
  const auto dots = [&](const char* head, const char* x, double ProbeScore::*member, double reference) {
    return dot_plot(dots_of(rows, member),
                    {.title = head, .x_label = x, .width = 560, .reference = reference});
  };
  double tree_chance = std::nan(""), type_chance = tree_chance;
  for (const PolarRow& row : rows)
    if (!row.probes.empty())
      tree_chance = row.probes.front().score.tree_chance, type_chance = row.probes.front().score.type_chance;
  const char* tree_axis = "share of the tree's edges found";
  const char* type_axis = "share of relations right, mean over kinds";
  return small_multiples(
      {curve_plot(by_layer(&ProbeScore::tree, false),
                  options(title + ": trees read in held-out pictures", "layer (0: inputs)", tree_axis)),
       curve_plot(by_layer(&ProbeScore::type_balanced, true),
                  options("relations read from the direction", "layer (0: inputs)", type_axis)),
       dots("trees, all layers together; dashed: a random tree", tree_axis, &ProbeScore::tree, tree_chance),
       dots("relations, all layers together; dashed: chance", type_axis, &ProbeScore::type_balanced,
            type_chance),
       curve_plot(by_rank, options("trees by the rank of the probe, all layers together", "rank", tree_axis)),
       curve_plot({along(at_its_layer, rows, PolarSource::trained, "true", &ProbeScore::distance, 0),
                   along(at_its_layer, rows, PolarSource::untrained, "true", &ProbeScore::distance, 1)},
                  options("distances", "layer (0: inputs)", "rank correlation with tree distance"))},
      2);
}

}  // namespace skein::experiments
