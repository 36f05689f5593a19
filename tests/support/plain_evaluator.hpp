#pragma once

#include <map>
#include <vector>

#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::test {

/// Hue, saturation and brightness of a genome of a picture at (x, y), straight from its definition in double precision: the
/// value of a node is its activation of the weighted sum over the enabled links into it, and nothing else is used
/// (no order, no network, no kernel of the library). Of a greyscale genome hue and saturation are 0. The oracle
/// (lib/network/oracle.hpp) evaluates a network and the library's own activations, so it cannot tell when a genome has been
/// made into the wrong network or an activation is not Picbreeder's; this shares neither, on purpose.
std::vector<double> plain_outputs(const neat::Genome& genome, double x, double y);

/// The same of a layered MLP: one matrix after the other, places that the masks leave out being 0.
std::vector<double> plain_outputs(const sgd::Mlp& mlp, double x, double y);

/// One more than the highest layer of what a node reads by enabled links; inputs are in layer 0, nodes that read nothing in 1.
std::map<neat::Marking, int> plain_layers(const neat::Genome& genome);

}  // namespace skein::test
