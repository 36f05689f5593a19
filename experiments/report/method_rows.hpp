#pragma once

#include <string>
#include <vector>

#include "experiments/compare/results.hpp"

namespace skein::experiments {

/// The rows that differ in nothing but the seed.
struct MethodRows {
  RowKey key;  ///< without a seed
  std::vector<const CompareRow*> rows;
  /// The row whose pictures and insides are shown: of those with a network, the one of median loss.
  const CompareRow* shown = nullptr;

  std::string label() const { return rows.front()->label(); }
  RowFamily family() const { return rows.front()->family(); }
};

/// In order of appearance.
std::vector<MethodRows> methods_of(const std::vector<CompareRow>& rows);

}  // namespace skein::experiments
