#pragma once

#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

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

/// Masked MLP to genome, drawing the same picture up to the rounding of folded weights. Works for layerised,
/// trained, pruned and dense MLPs.
///
/// - Copies are contracted: an identity unit that computes no genome node and has one weight vanishes, its
/// weight
///   multiplied into those it feeds (unless a product of trained copies leaves [1e-6, 1e6]; then it stays).
///   Links between the same two nodes become one. Units that can only be zero vanish too.
/// - A unit that reaches no output is removed unless it is a genome's node (see sgd::restrict_to) or
/// `keep_dead`.
///   Other weights of zero stay links.
/// - An output that reads one unit with weight 1 is that unit; any other becomes an identity node.
/// - Nodes keep the marking of their origin; other nodes and all links get new ones in branch 0.
/// - Where hue and saturation read only a greyscale genome's synthetic units, the genome has the one output
/// ink.
neat::AnnotatedGenome lift(const sgd::Mlp& mlp, bool keep_dead = false);

}  // namespace skein::bridge
