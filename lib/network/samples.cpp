#include "lib/network/samples.hpp"

namespace skein {

std::size_t sample_count(const SampleSource& source) {
  struct Count {
    std::size_t operator()(const Grid& grid) const { return grid.pixels(); }
    std::size_t operator()(const PixelSubset& subset) const { return subset.pixels.size(); }
    std::size_t operator()(const SampleTable& table) const { return table.count; }
  };
  return std::visit(Count{}, source);
}

}  // namespace skein
