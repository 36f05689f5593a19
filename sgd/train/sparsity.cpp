#include "sgd/train/sparsity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::sgd {

std::string_view name(SparsitySchedule schedule) {
  return schedule == SparsitySchedule::linear ? "linear" : "constant";
}

SparsitySchedule parse_sparsity_schedule(std::string_view text) {
  for (const auto schedule : {SparsitySchedule::linear, SparsitySchedule::constant})
    if (text == name(schedule)) return schedule;
  throw ConfigError("sparsity schedule '" + std::string(text) + "': linear or constant");
}

void Sparsity::validate() const {
  if (!(keep > 0 && keep <= 1))
    throw ConfigError("sparsity is " + std::to_string(keep) +
                      "; the fraction of weights that stay must be above 0, at most 1");
}

double Sparsity::at(std::int64_t steps_taken, std::int64_t steps) const {
  const std::int64_t fall = steps / 2;
  if (schedule == SparsitySchedule::constant || steps_taken >= fall) return keep;
  return 1 - (1 - keep) * static_cast<double>(steps_taken) / static_cast<double>(fall);
}

SparseProjection::SparseProjection(const WeightLayout& layout, std::size_t slots,
                                   const std::vector<std::uint8_t>& trainable) {
  if (!layout.places.empty() && layout.places.size() != slots)
    throw ConfigError("a layout of " + std::to_string(layout.places.size()) + " weights for " +
                      std::to_string(slots));
  matrices_.resize(layout.places.empty() ? 1 : layout.layers.size());
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if (!trainable.empty() && !trainable[slot]) continue;
    const WeightPlace place = layout.places.empty() ? WeightPlace{} : layout.places[slot];
    Matrix& matrix = matrices_[static_cast<std::size_t>(place.layer)];
    matrix.slots.push_back(static_cast<std::uint32_t>(slot));
    matrix.rows.push_back(place.row);
    ++total_;
  }
}

std::size_t SparseProjection::count(double keep) const {
  return static_cast<std::size_t>(std::llround(keep * static_cast<double>(total_)));
}

std::vector<std::size_t> SparseProjection::shares(std::size_t count) const {
  std::vector<std::size_t> shares(matrices_.size()), order(matrices_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t given = 0;
  for (std::size_t m = 0; m < matrices_.size() && total_ > 0; ++m) {
    shares[m] = count * matrices_[m].slots.size() / total_;
    given += shares[m];
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return count * matrices_[a].slots.size() % total_ > count * matrices_[b].slots.size() % total_;
  });
  for (std::size_t i = 0; given < count; ++i, ++given) ++shares[order[i]];
  return shares;
}

void SparseProjection::apply(double keep, std::span<float> weights) const {
  if (total_ == 0 || keep >= 1) return;
  const auto shares = this->shares(count(keep));
  for (std::size_t m = 0; m < matrices_.size(); ++m) {
    const Matrix& matrix = matrices_[m];
    std::vector<std::size_t> order(matrix.slots.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto size = [&](std::size_t i) { return std::abs(weights[matrix.slots[i]]); };
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
    // The largest weight into each unit goes first.
    std::vector<std::uint8_t> fed(
        matrix.rows.empty() ? 0 : static_cast<std::size_t>(std::ranges::max(matrix.rows)) + 1, 0);
    std::ranges::stable_partition(order, [&](std::size_t i) {
      return !std::exchange(fed[static_cast<std::size_t>(matrix.rows[i])], 1);
    });
    for (std::size_t i = shares[m]; i < order.size(); ++i) weights[matrix.slots[order[i]]] = 0;
  }
}

}  // namespace skein::sgd
