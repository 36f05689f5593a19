#pragma once

#include <span>
#include <vector>

namespace skein {

/// The assignment of rows to distinct columns of least total cost, by shortest augmenting paths (Jonker and
/// Volgenant 1987; Crouse 2016), O(min^2 * max). `cost` has the shape (rows, columns), row-major. Returns the
/// column of each row; -1 for rows left over when there are more rows than columns. Throws ConfigError when
/// the size does not fit or a cost is not finite.
std::vector<int> assign(std::span<const double> cost, int rows, int columns);

}  // namespace skein
