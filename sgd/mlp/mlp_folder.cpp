#include "sgd/mlp/mlp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/npy.hpp"
#include "sgd/mlp/matrices.hpp"

namespace skein::sgd {

namespace {

constexpr std::size_t longest_architecture = 4096;  // bytes of an arch.txt

/// "layer_07".
std::string numbered(const char* stem, int layer) {
  const std::string digits = std::to_string(layer);
  return stem + std::string(digits.size() < 2 ? "0" : "") + digits;
}

std::filesystem::path numbered(const std::filesystem::path& folder, const char* stem, int layer) {
  return folder / (numbered(stem, layer) + ".npy");
}

/// A (in, out) array of the file as (out, in).
template <class T>
std::vector<T> transposed(const std::vector<T>& values, std::size_t rows, std::size_t columns) {
  std::vector<T> result(values.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = values[i * columns + j];
  return result;
}

/// The values as (out, in). `name` is what errors call the array.
std::vector<float> matrix_of(const Array& array, const std::string& name, MatrixShape shape) {
  const auto rows = static_cast<std::size_t>(shape.rows), columns = static_cast<std::size_t>(shape.columns);
  if (array.shape != std::vector<std::size_t>{columns, rows}) {
    std::string found;
    for (const std::size_t side : array.shape) found += (found.empty() ? "" : ", ") + std::to_string(side);
    throw FormatError(name + ": has the shape (" + found + "), the architecture wants (in, out) = (" +
                      std::to_string(columns) + ", " + std::to_string(rows) + ")");
  }
  std::vector<float> values = array.floats();
  if (!std::ranges::all_of(values, [](float w) { return std::isfinite(w); }))
    throw FormatError(name + ": has a value that is not finite");
  return transposed(values, columns, rows);
}

void set_mask(const std::vector<float>& places, const std::string& name, Wiring& wiring, std::size_t l,
              const std::vector<float>& weights) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != 0.0f && places[i] != 1.0f && places[i] != 2.0f)
      throw FormatError(name + ": has the value " + std::to_string(places[i]) + ", allowed are 0, 1 and 2");
    if (places[i] == 0.0f && weights[i] != 0.0f)
      throw FormatError(name + ": says that there is no weight where the layer has one that is not zero");
    wiring.masks[l][i] = places[i] != 0.0f ? 1 : 0;
    wiring.copies[l][i] = places[i] == 2.0f ? 1 : 0;
  }
}

/// Without a mask: weights exist where they are not zero; the only weight of a cache unit or an output is a
/// copy's when it is 1.
void infer_mask(Wiring& wiring, std::size_t l, const std::vector<float>& weights) {
  const MatrixShape shape = wiring.shape(static_cast<int>(l));
  const auto width = static_cast<std::size_t>(shape.columns);
  for (std::size_t row = 0; row < static_cast<std::size_t>(shape.rows); ++row) {
    const auto begin = weights.begin() + static_cast<std::ptrdiff_t>(row * width);
    const auto end = begin + static_cast<std::ptrdiff_t>(width);
    const bool carries = l + 1 == wiring.masks.size() || wiring.hidden[l][row].kind.cache;
    const bool copy = carries && std::count(begin, end, 0.0f) + 1 == static_cast<std::ptrdiff_t>(width) &&
                      std::find(begin, end, 1.0f) != end;
    for (std::size_t column = 0; column < width; ++column) {
      const std::size_t i = row * width + column;
      wiring.masks[l][i] = weights[i] != 0.0f ? 1 : 0;
      wiring.copies[l][i] = copy && weights[i] != 0.0f ? 1 : 0;
    }
  }
}

/// What finds the array of a layer; nothing where there is none, which `needed` may refuse.
using FindArray = std::function<std::optional<Array>(const char* stem, int layer, bool needed)>;

/// `name` says what errors call an array.
Mlp assembled(const Architecture& architecture, const Signature& signature, const FindArray& find,
              const std::function<std::string(const char* stem, int layer)>& name) {
  Mlp mlp;
  mlp.wiring = dense_wiring(architecture, signature);
  Matrices matrices;
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l) {
    const int layer = static_cast<int>(l);
    const MatrixShape shape = mlp.wiring.shape(layer);
    const auto weights = find("layer_", layer, true);
    if (!weights) throw FormatError(name("layer_", layer) + ": is missing");
    matrices.push_back(matrix_of(*weights, name("layer_", layer), shape));
    if (const auto mask = find("mask_", layer, false))
      set_mask(matrix_of(*mask, name("mask_", layer), shape), name("mask_", layer), mlp.wiring, l,
               matrices.back());
    else infer_mask(mlp.wiring, l, matrices.back());
  }
  mlp.weights = weights_of(mlp.wiring, matrices);
  return mlp;
}

}  // namespace

bool is_mlp_folder(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "arch.txt", none) &&
         std::filesystem::is_regular_file(numbered(folder, "layer_", 0), none);
}

Mlp read_mlp_folder(const std::filesystem::path& folder) {
  const auto arch_file = folder / "arch.txt";
  Architecture architecture;
  try {
    architecture = parse_architecture(read_file(arch_file, longest_architecture));
    dense_wiring(architecture, picture_signature());
  } catch (const ConfigError& error) {
    throw FormatError(arch_file.string() + ": " + error.what());
  }
  const auto find = [&](const char* stem, int layer, bool needed) -> std::optional<Array> {
    const auto file = numbered(folder, stem, layer);
    if (!needed && !std::filesystem::exists(file)) return std::nullopt;
    return read_npy(file);
  };
  Mlp mlp = assembled(architecture, picture_signature(), find,
                      [&](const char* stem, int layer) { return numbered(folder, stem, layer).string(); });
  const auto surplus = numbered(folder, "layer_", mlp.wiring.depth() + 1);
  if (std::filesystem::exists(surplus))
    throw FormatError(surplus.string() + ": is one layer more than arch.txt names");
  return mlp;
}

Mlp mlp_of_arrays(const ArrayMap& arrays, const Architecture& architecture, const Signature& signature) {
  const auto find = [&](const char* stem, int layer, bool) -> std::optional<Array> {
    const auto found = arrays.find(numbered(stem, layer));
    return found == arrays.end() ? std::nullopt : std::optional(found->second);
  };
  const auto name = [](const char* stem, int layer) { return numbered(stem, layer); };
  Mlp mlp = assembled(architecture, signature, find, name);
  if (const int surplus = mlp.wiring.depth() + 1; arrays.contains(name("layer_", surplus)))
    throw FormatError(name("layer_", surplus) + ": is one layer more than the architecture names");
  return mlp;
}

void write_mlp_folder(const std::filesystem::path& folder, const Mlp& mlp) {
  validate(mlp);
  if (mlp.wiring.signature != picture_signature())
    throw ConfigError(
        "a folder of layers is for networks that draw: inputs x, y, d, bias; outputs hue, saturation, "
        "brightness");
  const auto uniform = uniform_architecture(mlp.wiring);
  const Architecture architecture = uniform ? *uniform : architecture_of(mlp.wiring);
  const Mlp arranged = uniform ? mlp : arrange(mlp, architecture);
  const Wiring& wiring = arranged.wiring;
  const Matrices matrices = matrices_of(wiring, arranged.weights);
  make_folder(folder);
  for (std::size_t l = 0; l < matrices.size(); ++l) {
    const int layer = static_cast<int>(l);
    const MatrixShape shape = wiring.shape(layer);
    const auto rows = static_cast<std::size_t>(shape.rows), columns = static_cast<std::size_t>(shape.columns);
    std::vector<std::uint8_t> places(matrices[l].size());
    for (std::size_t i = 0; i < places.size(); ++i)
      places[i] = static_cast<std::uint8_t>(wiring.masks[l][i] + wiring.copies[l][i]);
    write_npy(numbered(folder, "layer_", layer), {{columns, rows}, transposed(matrices[l], rows, columns)});
    write_npy(numbered(folder, "mask_", layer), {{columns, rows}, transposed(places, rows, columns)});
  }
  for (int layer = wiring.depth() + 1; layer <= deepest_mlp; ++layer)
    for (const char* stem : {"layer_", "mask_"}) std::filesystem::remove(numbered(folder, stem, layer));
  write_file(folder / "arch.txt", architecture.text() + "\n");
}

ArrayMap weight_arrays(const Mlp& mlp) {
  ArrayMap arrays;
  std::size_t slot = 0;
  for (int l = 0; l <= mlp.wiring.depth(); ++l) {
    const MatrixShape shape = mlp.wiring.shape(l);
    const auto rows = static_cast<std::size_t>(shape.rows), columns = static_cast<std::size_t>(shape.columns);
    const auto layer = static_cast<std::size_t>(l);
    std::vector<float> weights(rows * columns);
    std::vector<std::uint8_t> mask(rows * columns);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) {
        if (!mlp.wiring.masks[layer][r * columns + c]) continue;
        weights[c * rows + r] = mlp.weights[slot++];
        mask[c * rows + r] = mlp.wiring.copies[layer][r * columns + c] ? 2 : 1;
      }
    arrays[numbered("layer_", l)] = {{columns, rows}, std::move(weights)};
    arrays[numbered("mask_", l)] = {{columns, rows}, std::move(mask)};
  }
  return arrays;
}

}  // namespace skein::sgd
