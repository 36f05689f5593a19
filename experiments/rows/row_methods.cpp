#include "experiments/rows/row_methods.hpp"

#include <algorithm>

namespace skein::experiments {
namespace {

std::vector<RowMethod> table_of_methods() {
  std::vector<RowMethod> methods{
      evolved_row(),           //
      dense_adam_row(),        //
      dense_muon_row(),        //
      dense_relu_row(),        //
      retrained_row(),         //
      retrained_frozen_row(),  //
      shuffled_evolved_row(),  //
  };
  for (const sgd::PruneMethod& method : sgd::prune_methods())
    if (!method.row_name.empty()) methods.push_back(cut_row(method));
  methods.push_back(weight_sparse_row());
  return methods;
}

}  // namespace

std::span<const RowMethod> row_methods() {
  static const std::vector<RowMethod> methods = table_of_methods();
  return methods;
}

const RowMethod* find_method(std::string_view name) {
  const auto found = std::ranges::find(row_methods(), name, &RowMethod::name);
  return found == row_methods().end() ? nullptr : &*found;
}

std::string label_of(const RowKey& key) {
  const RowMethod* method = find_method(key.method);
  return (method ? method->label : key.method) + label_end(key);
}

RowFamily family_of(const RowKey& key) {
  const RowMethod* method = find_method(key.method);
  return method ? method->family : RowFamily::dense;
}

}  // namespace skein::experiments
