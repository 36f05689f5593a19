#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/kernels/kernels.hpp"
#include "lib/network/network.hpp"

namespace skein {

/// How hard to look for linear units that can be folded away.
enum class ContractionEffort : std::uint8_t {
  none,    ///< every unit an output depends on is computed
  chains,  ///< copies and other linear units of one source vanish; tens of microseconds
  search   ///< also whole layers of linear units, where that leaves less work
};

/// A network with linear units folded away *in weight space*, exactly: a value that is linear in values
/// computed anyway need not be computed, because its row of coefficients over those values can be. Chains of
/// copies become one edge whose weight is their product, parallel paths add up, and a whole layer of linear
/// units disappears where the edges that replace it are fewer. Units that reach no output vanish too. The
/// gradient by the original weights follows by the chain rule through the same coefficients, at a cost that
/// does not depend on the number of samples.
///
/// Kept values are numbered from 0: all inputs, then the kept units in topological order. `fold.terms`
/// compute the coefficients; the first `edge_count()` are the weights of the contracted edges.
struct Contraction {
  int input_count = 0;
  std::vector<ValueIndex> kept;               ///< the original value of each kept one
  std::vector<Activation> activations;        ///< per kept unit
  std::vector<std::uint32_t> first_edge{0};   ///< per kept unit: its range of edges
  std::vector<std::uint32_t> sources;         ///< per edge: a kept value
  std::vector<std::uint8_t> edge_trainable;   ///< per edge: whether a trainable weight has part in it
  std::vector<std::uint32_t> outputs;         ///< the kept value of each output asked for
  std::vector<std::uint8_t> start_trainable;  ///< per kept unit, or empty: whether the gradient by what its
                                              ///< sum starts with is wanted (see lib/plan/grid_programs.hpp)
  std::vector<FoldTerm> terms;
  std::vector<std::uint32_t> places;
  std::uint32_t coefficient_count = 0;

  int unit_count() const { return static_cast<int>(activations.size()); }
  std::size_t edge_count() const { return sources.size(); }
  std::span<const std::uint32_t> sources_of(int unit) const {
    const auto u = static_cast<std::size_t>(unit);
    return std::span(sources).subspan(first_edge[u], first_edge[u + 1] - first_edge[u]);
  }
  FoldView fold() const { return {terms.data(), terms.size(), places.data()}; }
};

/// Contracts a network to what the values `outputs` need. `trainable`: one flag per slot, or empty for all.
Contraction contract(const Network& network, std::span<const ValueIndex> outputs,
                     std::span<const std::uint8_t> trainable, ContractionEffort effort);

}  // namespace skein
