#pragma once

#include <cstdint>
#include <vector>

namespace skein {

/// Where a weight sits in its layer's matrix; rows are the outputs, columns the inputs.
struct WeightPlace {
  std::int32_t layer = 0;
  std::int32_t row = 0;
  std::int32_t column = 0;
  bool operator==(const WeightPlace&) const = default;
};

struct MatrixShape {
  std::int32_t rows = 0;
  std::int32_t columns = 0;
  bool operator==(const MatrixShape&) const = default;
};

/// Lets matrix-minded code (Muon, Wanda, array files, dense kernels) see a flat vector of weights as the
/// layers' matrices. A masked-out weight has no slot, so a matrix may be only partly covered.
struct WeightLayout {
  std::vector<MatrixShape> layers;
  std::vector<WeightPlace> places;  ///< one per slot, ordered by (layer, row, column)
  bool operator==(const WeightLayout&) const = default;
};

}  // namespace skein
