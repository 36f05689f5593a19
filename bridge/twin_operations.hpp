#pragma once

#include "bridge/layer_surgery.hpp"
#include "lib/random.hpp"

namespace skein::bridge {

/// The steps of which twins are made, in place; see bridge/twins.hpp for what each means. None changes the
/// function.
void split(sgd::MatrixMlp& mlp, std::size_t layer, Eigen::Index unit, int parts, RandomStream& random);
void useless(sgd::MatrixMlp& mlp, std::size_t layer, sgd::UnitKind kind, RandomStream& random);
void cancelling_pair(sgd::MatrixMlp& mlp, std::size_t layer, sgd::UnitKind kind, RandomStream& random);
void flip(sgd::MatrixMlp& mlp, RandomStream& random);
void permute(sgd::MatrixMlp& mlp, RandomStream& random);

bool is_linear(const sgd::MlpUnit& unit);
bool is_cache(const sgd::MlpUnit& unit);

/// Rotates the units of a layer that `chooses` names, all of them linear.
void rotate(sgd::MatrixMlp& mlp, std::size_t layer, bool (*chooses)(const sgd::MlpUnit&),
            RandomStream& random);

}  // namespace skein::bridge
