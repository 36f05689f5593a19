#include "sgd/simplify/weighted_products.hpp"

#include <vector>

#include "lib/kernels/kernels.hpp"

namespace skein::sgd {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<const double*> places_of(const Eigen::MatrixXd& maps, std::span<const Eigen::Index> columns) {
  std::vector<const double*> places;
  places.reserve(columns.size() + 1);
  for (const Eigen::Index column : columns) places.push_back(maps.col(column).data());
  return places;
}

Eigen::MatrixXd products_of(const std::vector<const double*>& places, const Eigen::VectorXd& weights) {
  static const Kernels& machine = kernels(best_instruction_set());
  const auto count = static_cast<Eigen::Index>(places.size());
  RowMajor products(count, count);
  machine.products(places.data(), places.size(), weights.data(), static_cast<std::size_t>(weights.size()),
                   products.data());
  return products;
}

}  // namespace

Eigen::MatrixXd weighted_products(const Eigen::MatrixXd& maps, std::span<const Eigen::Index> columns,
                                  const Eigen::VectorXd& weights) {
  return products_of(places_of(maps, columns), weights);
}

Eigen::MatrixXd weighted_products(const Eigen::MatrixXd& maps, std::span<const Eigen::Index> columns,
                                  const Eigen::VectorXd& last, const Eigen::VectorXd& weights) {
  std::vector<const double*> places = places_of(maps, columns);
  places.push_back(last.data());
  return products_of(places, weights);
}

}  // namespace skein::sgd
