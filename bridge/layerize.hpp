#pragma once

#include "neat/genome.hpp"
#include "sgd/mlp.hpp"

namespace skein::bridge {

/// Genome to masked MLP, exactly (the construction of Kumar, Clune, Lehman and Stanley 2025): a node sits one
/// layer above its highest source; a value needed further up is carried by weight-1 identity copies
/// ("cache"); every layer gets, per kind, as many columns as the fullest layer needs. A greyscale genome gets
/// two zero-weight links from ink to synthetic hue and saturation nodes; they are not trainable and count in
/// the depth. Origins tell which node each unit is. Throws as neat::validate does.
sgd::Mlp layerize(const neat::Genome& genome);

/// Masked MLP to genome: copies contracted, units that no input reaches or that reach no output removed
/// unless `keep_dead`, markings taken from the origins and new ones given (branch 0) where there are none.
neat::AnnotatedGenome lift(const sgd::Mlp& mlp, bool keep_dead = false);

}  // namespace skein::bridge
