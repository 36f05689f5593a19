#include "bridge/compare_wirings.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/engine/engine.hpp"
#include "lib/graph/assignment.hpp"
#include "lib/network/network_graph.hpp"

namespace skein::bridge {

namespace {

constexpr double same_activation_bonus =
    1e-3;  // ties only: far below differences of similarity that mean something
constexpr double same_depth_bonus = 1e-3;
constexpr double constant_map = 1e-10;  // variance relative to 1 + mean square

/// The units' maps, centred and of length 1, as rows; a constant map is a row of zeros.
struct CentredMaps {
  Eigen::MatrixXf rows;
  std::vector<std::uint8_t> constant;
};

SampleSource samples_for(const Network& network, const CompareWiringsSettings& settings) {
  if (network.signature().inputs == picture_signature().inputs)
    return Grid{settings.size, settings.size, 1.0};
  constexpr std::size_t count = 1024;
  SampleTable table{network.input_count(), count, {}};
  RandomStream random(settings.seed, "wiring samples");
  for (std::size_t i = 0; i < count * static_cast<std::size_t>(table.inputs); ++i)
    table.values.push_back(static_cast<float>(random.uniform(-1, 1)));
  return table;
}

CentredMaps centred_maps(const PlainWiring& wiring, const CompareWiringsSettings& settings) {
  const auto units = static_cast<std::size_t>(wiring.network.unit_count());
  const SampleSource samples = samples_for(wiring.network, settings);
  const std::size_t count = sample_count(samples);
  std::vector<ValueIndex> values(units);
  std::iota(values.begin(), values.end(), static_cast<ValueIndex>(wiring.network.input_count()));
  std::vector<float> raw(units * count);
  feature_maps(Plan(wiring.network), wiring.weights, samples, values, raw);
  CentredMaps maps{Eigen::MatrixXf::Zero(static_cast<Eigen::Index>(units), static_cast<Eigen::Index>(count)),
                   std::vector<std::uint8_t>(units, 0)};
  for (std::size_t u = 0; u < units; ++u) {
    const Eigen::VectorXd map =
        Eigen::Map<const Eigen::VectorXf>(raw.data() + u * count, static_cast<Eigen::Index>(count))
            .cast<double>();
    const double mean = map.mean();
    const Eigen::VectorXd centred = map.array() - mean;
    const double square = centred.squaredNorm() / static_cast<double>(count);
    if (!std::isfinite(square)) continue;
    if (square < constant_map * (1 + mean * mean)) maps.constant[u] = 1;
    else maps.rows.row(static_cast<Eigen::Index>(u)) = (centred / centred.norm()).cast<float>().transpose();
  }
  return maps;
}

/// The units' depth relative to the deepest.
double relative_depth(const Network& network, std::size_t unit) {
  return static_cast<double>(network.units()[unit].layer) / std::max(1, network.depth());
}

std::vector<UnitMatch> match_units(const PlainWiring& reference, const PlainWiring& candidate,
                                   const CompareWiringsSettings& settings) {
  const CentredMaps a = centred_maps(reference, settings), b = centred_maps(candidate, settings);
  const Eigen::MatrixXf correlation = a.rows * b.rows.transpose();
  const auto rows = a.constant.size(), columns = b.constant.size();
  const auto similarity = [&](std::size_t r, std::size_t c) {
    if (a.constant[r] != 0 && b.constant[c] != 0) return 1.0;
    const double found =
        static_cast<double>(correlation(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
    return std::min(1.0, std::abs(found));
  };
  std::vector<double> cost(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const bool same = reference.network.units()[r].activation == candidate.network.units()[c].activation;
      const double apart =
          std::abs(relative_depth(reference.network, r) - relative_depth(candidate.network, c));
      const double found = similarity(r, c);
      // Pairs that are no match all cost the same, so that they never outweigh one.
      cost[r * columns + c] =
          found < settings.least_similarity
              ? 0.0
              : -found - (same ? same_activation_bonus : 0.0) - same_depth_bonus * (1 - apart);
    }
  const auto column_of = assign(cost, static_cast<int>(rows), static_cast<int>(columns));
  std::vector<UnitMatch> matches;
  for (std::size_t r = 0; r < rows; ++r) {
    if (column_of[r] < 0) continue;
    const auto c = static_cast<std::size_t>(column_of[r]);
    const double found = similarity(r, c);
    if (found < settings.least_similarity) continue;
    const bool negative = correlation(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) < 0;
    matches.push_back({static_cast<ValueIndex>(static_cast<std::size_t>(reference.network.input_count()) + r),
                       static_cast<ValueIndex>(static_cast<std::size_t>(candidate.network.input_count()) + c),
                       found, negative ? -1 : 1});
  }
  return matches;
}

int shared(const std::vector<Arrow>& reference, const std::vector<Arrow>& candidate,
           const std::vector<std::optional<ValueIndex>>& counterpart) {
  const std::set<Arrow> present(candidate.begin(), candidate.end());
  int count = 0;
  for (const auto& [source, target] : reference)
    if (counterpart[source] && counterpart[target] &&
        present.contains({*counterpart[source], *counterpart[target]}))
      ++count;
  return count;
}

struct Rates {
  double precision = 0, recall = 0, f1 = 0;
};

Rates rates(int shared_edges, std::size_t reference, std::size_t candidate) {
  Rates result;
  if (candidate > 0) result.precision = shared_edges / static_cast<double>(candidate);
  if (reference > 0) result.recall = shared_edges / static_cast<double>(reference);
  if (reference + candidate > 0) result.f1 = 2.0 * shared_edges / static_cast<double>(reference + candidate);
  return result;
}

}  // namespace

void validate(const CompareWiringsSettings& settings) {
  const auto refuse = [](const std::string& what) { throw ConfigError("compare wirings: " + what); };
  if (settings.size < 2 || settings.size > 1024)
    refuse("size is " + std::to_string(settings.size) + ", allowed is 2 to 1024");
  if (!(settings.least_similarity >= 0 && settings.least_similarity <= 1))
    refuse("least similarity is " + std::to_string(settings.least_similarity) + ", allowed is 0 to 1");
  if (settings.null_samples < 0 || settings.null_samples > 100000)
    refuse("null samples are " + std::to_string(settings.null_samples) + ", allowed are 0 to 100000");
}

WiringComparison compare_wirings(const PlainWiring& reference, const PlainWiring& candidate,
                                 const CompareWiringsSettings& settings) {
  validate(settings);
  if (reference.network.signature() != candidate.network.signature())
    throw ConfigError("compare wirings: the two networks have different inputs or outputs");
  WiringComparison result;
  result.matches = match_units(reference, candidate, settings);
  std::vector<std::optional<ValueIndex>> counterpart(
      static_cast<std::size_t>(reference.network.value_count()));
  for (int i = 0; i < reference.network.input_count(); ++i)
    counterpart[static_cast<std::size_t>(i)] = static_cast<ValueIndex>(i);
  for (const UnitMatch& match : result.matches) {
    counterpart[match.reference] = match.candidate;
    result.mean_similarity += match.similarity / static_cast<double>(result.matches.size());
  }
  const auto reference_arrows = arrows_of(reference.network), candidate_arrows = arrows_of(candidate.network);
  result.reference_units = reference.network.unit_count();
  result.candidate_units = candidate.network.unit_count();
  result.reference_edges = static_cast<int>(reference_arrows.size());
  result.candidate_edges = static_cast<int>(candidate_arrows.size());
  result.shared_edges = shared(reference_arrows, candidate_arrows, counterpart);
  const auto rates_of = [&](int count) {
    return rates(count, reference_arrows.size(), candidate_arrows.size());
  };

  std::vector<double> precision, recall, f1;
  const auto layer = longest_path_layers(candidate.network);
  for (int sample = 0; sample < settings.null_samples; ++sample) {
    const auto null =
        shuffle_arrows(candidate_arrows, layer, settings.seed + static_cast<std::uint64_t>(sample));
    const Rates chance = rates_of(shared(reference_arrows, null, counterpart));
    precision.push_back(chance.precision);
    recall.push_back(chance.recall);
    f1.push_back(chance.f1);
  }
  const Rates found = rates_of(result.shared_edges);
  result.precision = against_null(found.precision, precision);
  result.recall = against_null(found.recall, recall);
  result.f1 = against_null(found.f1, f1);
  return result;
}

std::vector<std::pair<std::string, double>> named(const WiringComparison& c) {
  std::vector<std::pair<std::string, double>> result{{"reference_units", c.reference_units},
                                                     {"candidate_units", c.candidate_units},
                                                     {"matched_units", static_cast<double>(c.matches.size())},
                                                     {"mean_similarity", c.mean_similarity},
                                                     {"reference_edges", c.reference_edges},
                                                     {"candidate_edges", c.candidate_edges},
                                                     {"shared_edges", c.shared_edges}};
  const auto add = [&](const std::string& what, const AgainstNull& value) {
    result.emplace_back(what, value.value);
    result.emplace_back(what + "_null_mean", value.null_mean);
    result.emplace_back(what + "_null_sd", value.null_sd);
  };
  add("edge_precision", c.precision);
  add("edge_recall", c.recall);
  add("edge_f1", c.f1);
  return result;
}

}  // namespace skein::bridge
