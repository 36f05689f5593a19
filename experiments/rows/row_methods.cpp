#include "experiments/rows/row_methods.hpp"

#include <algorithm>
#include <iterator>

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
      transferred_row(),       //
      shuffled_transferred_row(),
  };
  for (const sgd::PruneMethod& method : sgd::prune_methods())
    if (!method.row_name.empty()) methods.push_back(cut_row(method));
  methods.push_back(weight_sparse_row());
  for (const RecursionArm arm : {RecursionArm::tied, RecursionArm::untied, RecursionArm::untied_deep})
    methods.push_back(recursion_row(arm));
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

bool uses_option(const RowMethod& method, std::string_view option) {
  if (option == "recursion") return method.arm.has_value();
  if (option == "wiring") return method.transferred;
  if (option == "rounds") return method.in_rounds;
  if (option == "parent-part") return method.is_cut && method.from_parent;
  return !method.arm ||
         (option != "arch" && option != "widths" && option != "rewind-step" && option != "penalty");
}

Variant used_options(const RowMethod& method, const Variant& variant) {
  Variant used;
  std::ranges::copy_if(variant, std::back_inserter(used),
                       [&](const auto& option) { return uses_option(method, option.first); });
  return used;
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
