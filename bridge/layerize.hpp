#pragma once

#include "neat/genome.hpp"
#include "sgd/mlp.hpp"

namespace skein::bridge {

/// Genome to masked MLP, exactly (the construction of Kumar, Clune, Lehman and Stanley 2025): a node sits one
/// layer above its highest source; a value needed further up, and every output up to the last layer, is
/// carried by weight-1 identity copies ("cache"); every layer gets, per kind, as many columns as the fullest
/// layer needs, kinds sorted by name, and within a kind the order in which a depth-first evaluation of the
/// outputs finishes the nodes. The last, linear matrix reads each output with weight 1. Columns that a layer
/// does not need have no weights and no origin.
///
/// A greyscale genome gets synthetic hue and saturation nodes, identities one layer above its ink. The study
/// links them to ink by two weights of zero; here they have no incoming weight at all, so nothing can train
/// it, and their origins are (-1, 0) and (-1, 1), by which `lift` knows them again. Nodes that reach no
/// output are kept and count like the others; disabled links are left out; links between the same two nodes
/// become one weight, their sum. Origins tell which node each unit is. Throws as neat::validate does, and
/// ConfigError when the wiring would be deeper than 1024 layers or have more than 2^26 places.
sgd::Mlp layerize(const neat::Genome& genome);

/// Masked MLP to genome: copies contracted, units that no input reaches or that reach no output removed
/// unless `keep_dead`, markings taken from the origins and new ones given (branch 0) where there are none.
neat::AnnotatedGenome lift(const sgd::Mlp& mlp, bool keep_dead = false);

}  // namespace skein::bridge
