#pragma once

#include <filesystem>

#include "lib/files/npy.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::sgd {

/// The layered MLP as NumPy has it: a folder with
///
///     arch.txt        the architecture, "12;cache:15,gaussian:4"
///     layer_NN.npy    weights, shape (in, out), so that features are row vectors times matrices; NN = 00 is
///     fed
///                     by the inputs x, y, d, bias, and the last gives hue, saturation, brightness
///     mask_NN.npy     optional, u1, same shape: 0 no weight, 1 a weight, 2 a copy's weight
///
/// Without masks, a weight exists where the array is not zero; so a folder without zeros is dense. A cache
/// unit or an output whose only weight is exactly 1 then carries a copy. Folders are recognised by arch.txt
/// beside layer_00.npy.
bool is_mlp_folder(const std::filesystem::path& folder);

/// Throws FormatError naming the file: missing or surplus layers, shapes that do not fit arch.txt, weights
/// that are not finite or not zero where the mask says that there are none.
Mlp read_mlp_folder(const std::filesystem::path& folder);

/// Writes arch.txt, layers and masks; initial weights and origins are not kept. Layers are float32. Throws
/// ConfigError when the signature is not that of pictures, FormatError when the folder cannot be written.
void write_mlp_folder(const std::filesystem::path& folder, const Mlp& mlp);

/// The weights as arrays: layer_NN of shape (in, out), float32, and mask_NN, u1 (0 no weight, 1 a weight, 2 a
/// copy's). NN = 00 is fed by the inputs.
ArrayMap weight_arrays(const Mlp& mlp);

/// The MLP of such arrays in memory: layer_NN of shape (in, out) for every layer of `architecture` and the linear one
/// after it, and mask_NN or no mask, as in a folder. Throws FormatError naming the array, as `read_mlp_folder` does.
Mlp mlp_of_arrays(const ArrayMap& arrays, const Architecture& architecture, const Signature& signature);

}  // namespace skein::sgd
