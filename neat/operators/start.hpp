#pragma once

#include "lib/base/random.hpp"
#include "neat/genome/genome.hpp"

namespace skein::neat {

/// The smallest genome: every input linked to every output, no hidden nodes, weights 0. Markings are (0, n)
/// in the order inputs, outputs; links by source, then target.
Genome minimal_genome(const Signature& signature, Activation output);

/// The genome with every weight drawn from U(-range, range).
Genome with_random_weights(Genome genome, double range, RandomStream& random);

/// A genome made elsewhere as a run can begin with it: in gene order. Disabled links that would close a cycle
/// when enabled are left out, since they could never be used. Throws ConfigError when it is not valid or its
/// enabled links close a cycle.
Genome as_start(const Genome& genome);

}  // namespace skein::neat
