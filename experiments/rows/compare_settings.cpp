#include "experiments/rows/compare_settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::experiments {
namespace {

const std::array<Budget, 3>& budgets() {
  static const std::array<Budget, 3> all{{{"quick", 128, 1500, 3, false, {"0.256"}},
                                          {"standard", 192, 10'000, 3, true, {"0.256", "0.086"}},
                                          {"paper", 256, 100'000, 5, true, {"0.256", "0.086"}}}};
  return all;
}

constexpr std::int64_t most_seeds = 1'000'000;
constexpr std::size_t most_counts = 64;

/// Gives a recursion what it can have; throws ConfigError for what is asked of it and it cannot.
void fit_to_recursion(const RowMethod& method, const Variant& variant, RowOptions& options) {
  for (const auto& [name, value] : variant)
    if (!uses_option(method, name))
      throw ConfigError("option " + name + "=" + value + ": not of " + method.name +
                        ", a recursion; its option recursion says what it is");
  if (options.training.batch_pixels > 0)
    throw ConfigError("batch-pixels is not for " + method.name + ": recursions are fitted to all pixels");
  require_arm(*method.arm, parse_base_recursion(options.recursion));
  options.training.rewind_step = 0;
}

}  // namespace

NamedMethod named_method(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  NamedMethod wanted{find_method(text.substr(0, colon)),
                     parse_variant(text.substr(std::min(colon + 1, text.size())))};
  if (wanted.method) return wanted;
  std::string names;
  for (const RowMethod& known : row_methods()) names += (names.empty() ? "" : ", ") + known.name;
  throw ConfigError("method '" + text.substr(0, colon) + "' is unknown; there are " + names);
}

const Budget& budget_called(std::string_view name) {
  const auto found = std::ranges::find(budgets(), name, &Budget::name);
  if (found == budgets().end())
    throw ConfigError("budget '" + std::string(name) + "' is unknown; there are quick, standard, paper");
  return *found;
}

std::vector<std::uint64_t> seeds_from(std::uint64_t first, std::int64_t count) {
  if (count < 1 || count > most_seeds)
    throw ConfigError("seeds " + std::to_string(count) + ": must be between 1 and " +
                      std::to_string(most_seeds));
  if (first > std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(count - 1))
    throw ConfigError(std::to_string(count) + " seeds from " + std::to_string(first) +
                      " on go beyond the largest seed");
  std::vector<std::uint64_t> seeds(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = first + i;
  return seeds;
}

void CompareSettings::validate() const {
  budget_called(budget);
  if (seeds.empty()) throw ConfigError("seeds: there must be one or more");
  if (static_cast<std::int64_t>(seeds.size()) > most_seeds)
    throw ConfigError("seeds " + std::to_string(seeds.size()) + ": at most " + std::to_string(most_seeds));
  for (const std::string& text : methods)
    if (named_method(text).method->arm && (all_at_depths || !depths.empty()))
      throw ConfigError("method '" + text + "': a recursion has no number of layers that could be another");
  if (keep.size() > most_counts)
    throw ConfigError("--keep takes at most " + std::to_string(most_counts) + " counts");
  for (const std::string& one : keep) sgd::parse_keep(one);
  for (const int offset : depth_offsets)
    if (std::abs(offset) > deepest_offset)
      throw ConfigError("depth offset " + std::to_string(offset) + ": at most 16 either way");
  if (!depths.empty() && !depth_offsets.empty())
    throw ConfigError("depths and depth offsets exclude each other");
}

RowOptions options_of(const CompareSettings& settings, const RowKey& key) {
  RowOptions options = settings.options;
  if (options.training.steps == 0) options.training.steps = budget_called(settings.budget).steps;
  const RowMethod* method = find_method(key.method);
  if (method && !method->optimizer.empty()) options.training.optimizer = method->optimizer;
  if (method && !method->optimizer.empty())
    for (const auto& [name, value] : key.variant)
      if (name == "optimizer" && value != method->optimizer)
        throw ConfigError("option optimizer=" + value + ": " + key.method + " is trained with " +
                          method->optimizer);
  options = with_variant(options, key.variant);
  if (method && method->arm) fit_to_recursion(*method, key.variant, options);
  else if (method)
    for (const auto& [name, value] : key.variant)
      if (name == "recursion")
        throw ConfigError("option " + name + "=" + value + ": " + key.method + " is no recursion");
  return options;
}

RowKey parent_of(const RowKey& cut) {
  RowKey parent = cut;
  parent.method = "dense-adam";
  parent.count = 0;
  // How often rows are cut makes no other parent.
  std::erase_if(parent.variant, [](const auto& option) { return option.first == "rounds"; });
  const auto by_muon = [](const auto& option) {
    return option.first == "optimizer" && option.second == "muon";
  };
  if (std::erase_if(parent.variant, by_muon) > 0) parent.method = "dense-muon";
  return parent;
}

std::int64_t parent_steps(const RowOptions& options) {
  return static_cast<std::int64_t>(options.parent_part * static_cast<double>(options.training.steps));
}

std::int64_t steps_of(const CompareSettings& settings, const RowKey& key) {
  const RowMethod* method = find_method(key.method);
  if (!method || !method->trains) return 0;
  const RowOptions options = options_of(settings, key);
  const std::int64_t total = options.training.steps;
  return method->is_cut && method->from_parent ? total - parent_steps(options) : total;
}

}  // namespace skein::experiments
