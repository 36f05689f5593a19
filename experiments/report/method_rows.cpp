#include "experiments/report/method_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace skein::experiments {

std::vector<MethodRows> methods_of(const std::vector<CompareRow>& rows) {
  std::vector<MethodRows> methods;
  std::map<RowKey, std::size_t> places;
  for (const CompareRow& row : rows) {
    const auto [place, is_new] = places.emplace(without_seed(row.key), methods.size());
    if (is_new) methods.push_back({place->first, {}, nullptr});
    methods[place->second].rows.push_back(&row);
  }
  for (MethodRows& method : methods) {
    std::vector<const CompareRow*> able;
    std::ranges::copy_if(method.rows, std::back_inserter(able),
                         [](const CompareRow* r) { return !r->network.empty(); });
    std::ranges::stable_sort(able, {},
                             [](const CompareRow* r) { return std::isfinite(r->loss) ? r->loss : HUGE_VAL; });
    if (!able.empty()) method.shown = able[(able.size() - 1) / 2];
  }
  return methods;
}

}  // namespace skein::experiments
