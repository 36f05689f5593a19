#include "experiments/parts/circuits.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "experiments/parts/mean_bias.hpp"
#include "experiments/parts/piece_statistics.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

using Kept = std::vector<std::uint8_t>;

/// Mean squared deviation of the pixels from their mean colour, and those pixels.
double region_variance(const Picture& picture, const std::vector<std::uint32_t>& pixels) {
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    double mean = 0, squares = 0;
    for (const std::uint32_t p : pixels) mean += static_cast<double>(picture.channel(c)[p]);
    mean /= static_cast<double>(pixels.size());
    for (const std::uint32_t p : pixels) {
      const double off = static_cast<double>(picture.channel(c)[p]) - mean;
      squares += off * off;
    }
    sum += squares / static_cast<double>(pixels.size()) / 3;
  }
  return sum;
}

/// One part's task: the error within its region as a function of the units' gates.
class CircuitTask {
 public:
  /// `ask` is called before every look at the network, and throws to stop.
  CircuitTask(const MaskedNet& net, const WithBiases& biased, const Plan& biased_plan,
              const PartRegions& regions, std::size_t part, const Picture& whole,
              const std::function<void()>& ask)
      : net_(net), biased_(biased), ask_(ask) {
    Kept marked(regions.pixels(), 0);
    std::vector<std::uint32_t> pixels;
    for (std::size_t p = 0; p < marked.size(); ++p)
      if (regions.owner[p] == part) {
        marked[p] = 1;
        pixels.push_back(static_cast<std::uint32_t>(p));
      }
    const Grid grid{regions.width, regions.height};
    constexpr double least = 1e-5;  // a flat region's: what is not seen
    variance_ = std::max(least, region_variance(whole, pixels));
    Weights weights = net.weights;
    weights.resize(static_cast<std::size_t>(biased.network.slot_count()), 0.0f);
    means_ = mean_values(biased_plan, weights, grid, marked);
    loss_.emplace(biased_plan, PixelSubset{grid, std::move(pixels)}, whole);
    weights_ = weights;
    gradient_.resize(weights.size());
  }

  /// Of the variance; infinite when it is not a number.
  double error(const Kept& kept) {
    std::vector<double> gates(kept.begin(), kept.end());
    set(gates);
    const double value = loss_->value(weights_) / variance_;
    return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
  }

  double error_and_gradient(std::span<const double> gates, std::span<double> by_gate) {
    set(gates);
    const double value = loss_->value_and_gradient(weights_, gradient_);
    std::ranges::fill(by_gate, 0.0);
    each_edge([&](int unit, const Edge& edge, int source) {
      const double weight = static_cast<double>(net_.weights[edge.slot]);
      by_gate[static_cast<std::size_t>(source)] +=
          weight *
          (static_cast<double>(gradient_[edge.slot]) -
           static_cast<double>(gradient_[biased_.bias[static_cast<std::size_t>(unit)]]) *
               means_[edge.source]) /
          variance_;
    });
    return value / variance_;
  }

 private:
  template <class Body>
  void each_edge(const Body& body) const {
    const Network& network = net_.network;
    for (int u = 0; u < network.unit_count(); ++u)
      for (const Edge& edge : network.edges_of(u))
        if (const int source = static_cast<int>(edge.source) - network.input_count(); source >= 0)
          body(u, edge, source);
  }

  void set(std::span<const double> gates) {
    ask_();
    std::copy(net_.weights.begin(), net_.weights.end(), weights_.begin());
    std::fill(weights_.begin() + static_cast<std::ptrdiff_t>(net_.weights.size()), weights_.end(), 0.0f);
    each_edge([&](int unit, const Edge& edge, int source) {
      const double gate = gates[static_cast<std::size_t>(source)],
                   weight = static_cast<double>(net_.weights[edge.slot]);
      weights_[edge.slot] = static_cast<float>(gate * weight);
      if (gate < 1)
        weights_[biased_.bias[static_cast<std::size_t>(unit)]] +=
            static_cast<float>((1 - gate) * weight * means_[edge.source]);
    });
  }

  const MaskedNet& net_;
  const WithBiases& biased_;
  const std::function<void()>& ask_;
  double variance_ = 1;
  std::vector<double> means_;
  std::optional<Loss> loss_;
  Weights weights_, gradient_;
};

/// Units that are never left out: outputs, and those that base labels alone feed.
Kept always_kept(const MaskedNet& net) {
  Kept always(static_cast<std::size_t>(net.network.unit_count()), 0);
  for (const ValueIndex output : net.network.outputs())
    if (output >= static_cast<ValueIndex>(net.network.input_count()))
      always[output - static_cast<ValueIndex>(net.network.input_count())] = 1;
  if (net.label.empty()) return always;
  for (int u = 0; u < net.network.unit_count(); ++u)
    if (std::ranges::all_of(net.network.edges_of(u),
                            [&](const Edge& edge) { return net.label[edge.slot] == MaskedNet::base; }))
      always[static_cast<std::size_t>(u)] = 1;
  return always;
}

/// Per slot: a weight other than 0 that leads from an input or a kept unit into a kept one.
Kept edges_between(const MaskedNet& net, const Kept& kept) {
  Kept edges(net.weights.size(), 0);
  for (int u = 0; u < net.network.unit_count(); ++u)
    for (const Edge& edge : net.network.edges_of(u)) {
      const int source = static_cast<int>(edge.source) - net.network.input_count();
      if (kept[static_cast<std::size_t>(u)] && (source < 0 || kept[static_cast<std::size_t>(source)]) &&
          net.weights[edge.slot] != 0)
        edges[edge.slot] = 1;
    }
  return edges;
}

/// The units in the order in which they should stay, those never left out not among them.
std::vector<std::size_t> ranked_units(CircuitTask& task, const Kept& always,
                                      const CircuitSettings& settings) {
  MaskSettings mask = settings.mask;
  mask.seed = settings.seed;
  const auto scores = learn_mask(
      always.size(), always,
      [&](std::span<const double> gates, std::span<double> gradient) {
        return task.error_and_gradient(gates, gradient);
      },
      mask);
  std::vector<std::size_t> order;
  for (std::size_t u = 0; u < always.size(); ++u)
    if (!always[u]) order.push_back(u);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

Kept first_of(const Kept& always, const std::vector<std::size_t>& order, std::size_t count) {
  Kept kept = always;
  for (std::size_t i = 0; i < count; ++i) kept[order[i]] = 1;
  return kept;
}

/// How the circuit's edges agree with those that the part's label names; those of base labels do not count.
void compare_with_labels(Circuit& circuit, const MaskedNet& net, const Kept& edges, int part) {
  std::size_t hit = 0, found = 0, wanted = 0;
  for (std::size_t s = 0; s < edges.size(); ++s) {
    const bool own = net.label[s] == part && net.weights[s] != 0;
    hit += edges[s] && own;
    found += edges[s] && net.label[s] != MaskedNet::base;
    wanted += own;
  }
  const auto share = [](std::size_t of, std::size_t all) {
    return all == 0 ? 1 : static_cast<double>(of) / static_cast<double>(all);
  };
  circuit.edge_f1 = share(2 * hit, found + wanted);
  circuit.edge_recall = share(hit, wanted);
}

Circuit circuit_of(const MaskedNet& net, CircuitTask& task, const Kept& always, int part,
                   const CircuitSettings& settings) {
  Circuit result;
  const Kept everything(always.size(), 1);
  result.kept = everything;
  result.error = task.error(everything);
  result.reached = result.error <= settings.tolerance;
  const auto order = ranked_units(task, always, settings);
  std::size_t count = order.size();
  if (result.reached) {
    // Step 1. The fewest of the best, by bisection: `count` always meets the tolerance.
    for (std::size_t low = 0; low < count;) {
      const std::size_t middle = low + (count - low) / 2;
      if (task.error(first_of(always, order, middle)) <= settings.tolerance) count = middle;
      else low = middle + 1;
    }
    result.kept = first_of(always, order, count);
    // Step 2. Each of them, the least first, tried without.
    for (std::size_t i = count; i-- > 0;) {
      result.kept[order[i]] = 0;
      if (task.error(result.kept) > settings.tolerance) result.kept[order[i]] = 1;
    }
    result.error = task.error(result.kept);
  }
  Kept rest = always;
  count = 0;
  for (const std::size_t u : order) {
    rest[u] = !result.kept[u];
    count += result.kept[u];
  }
  result.units = static_cast<int>(count);
  const Kept edges = edges_between(net, result.kept);
  result.edges = static_cast<int>(std::accumulate(edges.begin(), edges.end(), 0));
  result.sufficient = std::clamp(1 - result.error, 0.0, 1.0);
  result.necessary = std::clamp(task.error(rest), 0.0, 1.0);
  constexpr std::uint64_t draws = 5;
  for (std::uint64_t i = 0; i < draws; ++i) {
    auto random_order = order;
    RandomStream(settings.seed, "random circuits", i).shuffle(std::span(random_order));
    result.random_sufficient +=
        std::clamp(1 - task.error(first_of(always, random_order, count)), 0.0, 1.0) / draws;
  }
  if (!net.label.empty()) compare_with_labels(result, net, edges, part);
  return result;
}

}  // namespace

void CircuitSettings::validate() const {
  if (!(tolerance > 0 && tolerance < 1))
    throw ConfigError("tolerance " + std::to_string(tolerance) + ": must lie between 0 and 1");
  mask.validate();
}

Circuits find_circuits(const MaskedNet& net, const PictureParts& parts, const Picture& whole,
                       const CircuitSettings& settings, const ProgressListener& listener) {
  settings.validate();
  std::vector<std::size_t> own;
  for (std::size_t p = 0; p < parts.parts.size(); ++p)
    if (parts.parts[p].name != outside_name) own.push_back(p);
  if (own.empty()) throw ConfigError("circuits need a part that does not cover the picture; there is none");
  std::atomic<std::int64_t> done = 0;
  const std::function<void()> ask = [&] {
    if (listener && !listener({"circuits", done.load(), std::ssize(own), {}}))
      throw Error("stopped after " + std::to_string(done.load()) + " of " + std::to_string(own.size()) +
                  " circuits");
  };
  const WithBiases biased = with_biases(net.network);
  const Plan plan(biased.network);
  const Kept always = always_kept(net);
  Circuits result;
  result.parts.resize(own.size());
  parallel_for(own.size(), [&](std::size_t i) {
    CircuitTask task(net, biased, plan, parts.regions, own[i], whole, ask);
    result.parts[i] = circuit_of(net, task, always, static_cast<int>(own[i]), settings);
    result.parts[i].name = parts.parts[own[i]].name;
    ++done;
  });
  double logs = 0, overlap = 0;
  int reached = 0, pairs = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Circuit& circuit = result.parts[i];
    if (circuit.reached) logs += std::log(std::max(1, circuit.edges)), ++reached;
    for (std::size_t k = 0; k < i; ++k, ++pairs)
      overlap += jaccard(edges_between(net, circuit.kept), edges_between(net, result.parts[k].kept));
  }
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  result.edges = reached > 0 ? std::exp(logs / reached) : none;
  result.overlap = pairs > 0 ? overlap / pairs : none;
  if (listener) listener({"circuits", std::ssize(own), std::ssize(own), {}});
  return result;
}

}  // namespace skein::experiments
