#pragma once

#include "lib/base/random.hpp"
#include "sgd/twins/layer_surgery.hpp"

namespace skein::sgd {

/// The steps of which twins are made, in place; see sgd/twins/twins.hpp for what each means. None changes the
/// function.
void split(MatrixMlp& mlp, std::size_t layer, Eigen::Index unit, int parts, RandomStream& random);
void useless(MatrixMlp& mlp, std::size_t layer, UnitKind kind, RandomStream& random);
void cancelling_pair(MatrixMlp& mlp, std::size_t layer, UnitKind kind, RandomStream& random);
void flip(MatrixMlp& mlp, RandomStream& random);
void permute(MatrixMlp& mlp, RandomStream& random);

bool is_linear(const MlpUnit& unit);
bool is_cache(const MlpUnit& unit);

/// Rotates the units of a layer that `chooses` names, all of them linear.
void rotate(MatrixMlp& mlp, std::size_t layer, bool (*chooses)(const MlpUnit&), RandomStream& random);

}  // namespace skein::sgd
