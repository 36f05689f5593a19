#pragma once

#include <utility>
#include <vector>

namespace skein::experiments {

/// A graph whose nodes stand in layers and whose links join neighbouring layers only.
struct LayeredGraph {
  std::vector<int> layer;                  ///< one per node
  std::vector<std::pair<int, int>> links;  ///< from a lower layer to the next
};

/// How many pairs of links cross when each layer's nodes stand in the order of `position`.
long crossings(const LayeredGraph& graph, const std::vector<double>& position);

/// A place for each node across its layer, at least 1 apart within a layer, with few crossings (barycentre
/// sweeps, Sugiyama, Tagawa and Toda 1981; the best of all sweeps is kept) and links as straight as that
/// allows (least squares under the spacing, by pooling adjacent violators). Starts from the order of the
/// nodes' numbers. Depends on the graph alone.
std::vector<double> place_across(const LayeredGraph& graph);

}  // namespace skein::experiments
