#include "lib/network/samples.hpp"

#include <utility>

namespace skein {

std::size_t sample_count(const SampleSource& source) {
  struct Count {
    std::size_t operator()(const Grid& grid) const { return grid.pixels(); }
    std::size_t operator()(const PixelSubset& subset) const { return subset.pixels.size(); }
    std::size_t operator()(const SampleTable& table) const { return table.count; }
    std::size_t operator()(const TableSubset& subset) const { return subset.samples.size(); }
  };
  return std::visit(Count{}, source);
}

bool is_subset(const SampleSource& source) {
  return std::holds_alternative<PixelSubset>(source) || std::holds_alternative<TableSubset>(source);
}

std::size_t whole_count(const SampleSource& source) {
  if (const auto* subset = std::get_if<PixelSubset>(&source)) return subset->grid.pixels();
  if (const auto* subset = std::get_if<TableSubset>(&source)) return subset->table ? subset->table->count : 0;
  return sample_count(source);
}

SampleSource subset_of(const SampleSource& source, std::vector<std::uint32_t> samples) {
  struct Subset {
    std::vector<std::uint32_t> samples;
    SampleSource operator()(const Grid& grid) { return PixelSubset{grid, std::move(samples)}; }
    SampleSource operator()(const PixelSubset& subset) {
      return PixelSubset{subset.grid, std::move(samples)};
    }
    SampleSource operator()(const SampleTable& table) {
      return TableSubset{std::make_shared<const SampleTable>(table), std::move(samples)};
    }
    SampleSource operator()(const TableSubset& subset) {
      return TableSubset{subset.table, std::move(samples)};
    }
  };
  return std::visit(Subset{std::move(samples)}, source);
}

}  // namespace skein
