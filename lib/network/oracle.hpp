#pragma once

#include <span>
#include <vector>

#include "lib/network/grid.hpp"
#include "lib/network/network.hpp"
#include "lib/picture/picture.hpp"

namespace skein {

/// The slow evaluator in double precision, written from the definitions and sharing no code with the engine.
/// All values (inputs, then units) of one sample. `inputs` in the signature's order; one weight per slot.
std::vector<double> oracle_values(const Network& network, std::span<const double> weights,
                                  std::span<const double> inputs);

/// The outputs of one sample.
std::vector<double> oracle_outputs(const Network& network, std::span<const double> weights,
                                   std::span<const double> inputs);

/// The grid's inputs at one pixel in the order of the network's signature.
std::vector<double> oracle_inputs(const Network& network, const Grid& grid, int row, int column);

/// Mean squared error on RGB of the drawn picture against a target of the grid's size.
double oracle_picture_loss(const Network& network, std::span<const double> weights, const Grid& grid,
                           const Picture& target);

}  // namespace skein
