#include "sgd/mlp/sample_inputs.hpp"

#include <cmath>
#include <string>

#include "lib/base/error.hpp"

namespace skein::sgd {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

Eigen::MatrixXd grid_inputs(const Signature& signature, const Grid& grid) {
  validate(grid);
  Eigen::MatrixXd inputs(static_cast<Eigen::Index>(grid.pixels()),
                         static_cast<Eigen::Index>(signature.inputs.size()));
  for (std::size_t i = 0; i < signature.inputs.size(); ++i) {
    const auto& name = signature.inputs[i];
    if (name != "x" && name != "y" && name != "d" && name != "bias")
      throw ConfigError("a grid has no input \"" + name + "\"; there are x, y, d, bias");
    Eigen::Index p = 0;
    for (int row = 0; row < grid.height; ++row)
      for (int column = 0; column < grid.width; ++column, ++p) {
        const double x = grid.x(column), y = grid.y(row);
        inputs(p, static_cast<Eigen::Index>(i)) = name == "x"   ? x
                                                  : name == "y" ? y
                                                  : name == "d" ? distance_scale * std::sqrt(x * x + y * y)
                                                                : 1.0;
      }
  }
  return inputs;
}

MatrixXd rows_of(const MatrixXd& all, const std::vector<std::uint32_t>& chosen) {
  MatrixXd rows(std::ssize(chosen), all.cols());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= static_cast<std::size_t>(all.rows()))
      throw ConfigError("sample " + std::to_string(chosen[i]) + " of " + std::to_string(all.rows()));
    rows.row(static_cast<Index>(i)) = all.row(static_cast<Index>(chosen[i]));
  }
  return rows;
}

}  // namespace

Eigen::MatrixXd sample_inputs(const Signature& signature, const SampleSource& samples) {
  const auto columns = static_cast<Index>(signature.inputs.size());
  if (const auto* subset = std::get_if<PixelSubset>(&samples))
    return rows_of(grid_inputs(signature, subset->grid), subset->pixels);
  if (const auto* grid = std::get_if<Grid>(&samples)) return grid_inputs(signature, *grid);
  const auto* subset = std::get_if<TableSubset>(&samples);
  const auto* table = subset ? subset->table.get() : std::get_if<SampleTable>(&samples);
  if (!table || table->inputs != columns ||
      table->values.size() != table->count * static_cast<std::size_t>(table->inputs))
    throw ConfigError("a table of " + std::to_string(table ? table->inputs : 0) +
                      " inputs for a network of " + std::to_string(columns));
  const Eigen::Map<const Eigen::MatrixXf> values(table->values.data(), static_cast<Index>(table->count),
                                                 columns);
  MatrixXd inputs = values.cast<double>();
  return subset ? rows_of(inputs, subset->samples) : inputs;
}

}  // namespace skein::sgd
