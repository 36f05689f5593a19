#include "sgd/mlp/packed_weights.hpp"

#include <algorithm>

#include "lib/kernels/kernels.hpp"

namespace skein::sgd {

PackedWeights::PackedWeights(const Eigen::MatrixXd& weights) : units_(weights.rows()) {
  for (Eigen::Index u = 0; u < units_; u += together) {
    const Eigen::Index here = std::min(together, units_ - u);
    for (Eigen::Index s = 0; s < weights.cols(); ++s) {
      const auto shared = weights.col(s).segment(u, here);
      if ((shared.array() == 0).all()) continue;
      sources_.push_back(s);
      factors_.insert(factors_.end(), shared.begin(), shared.end());
    }
    ends_.push_back(sources_.size());
  }
}

void PackedWeights::apply(const Eigen::MatrixXd& maps, Eigen::Index first, Eigen::Index count,
                          Eigen::MatrixXd& into, Eigen::Index into_first) const {
  static const Kernels& machine = kernels(best_instruction_set());
  std::vector<const double*> places;
  places.reserve(sources_.size());
  for (const Eigen::Index source : sources_) places.push_back(maps.col(source).data() + first);
  const double* factors = factors_.data();
  std::size_t begin = 0;
  for (std::size_t group = 0; group < ends_.size(); ++group) {
    const Eigen::Index u = static_cast<Eigen::Index>(group) * together;
    const auto here = static_cast<std::size_t>(std::min(together, units_ - u));
    const std::size_t terms = ends_[group] - begin;
    double* out[together];
    for (std::size_t r = 0; r < here; ++r)
      out[r] = into.col(u + static_cast<Eigen::Index>(r)).data() + into_first;
    machine.map_sums(places.data() + begin, terms, factors, here, out, static_cast<std::size_t>(count));
    begin = ends_[group];
    factors += terms * here;
  }
}

}  // namespace skein::sgd
