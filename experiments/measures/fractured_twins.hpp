#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// The three ways in which a network is fractured on purpose, everywhere at once. What is drawn stays.
enum class Fracture : std::uint8_t {
  split,  ///< every unit that computes something becomes three that must agree
  cancel,  ///< three pairs of units per layer that cancel: gaussian, sin, tanh; one draw of sources, readers, weights
  rotate,  ///< above every layer a random rotation of its units, undone by what reads them
};
inline constexpr std::array fractures{Fracture::split, Fracture::cancel, Fracture::rotate};
std::string_view name(Fracture fracture);

/// The twin of a layerised genome, or of any MLP (units of one incoming weight 1 count as copies then). A
/// pure function of (mlp, fracture, seed).
sgd::Mlp fractured_twin(const sgd::Mlp& mlp, Fracture fracture, std::uint64_t seed);

}  // namespace skein::experiments
