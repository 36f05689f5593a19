#include "experiments/rows/compare_plan.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>

#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::experiments {
namespace {

/// In the order of tables, variants of a method as they are named; with the rows that a control matches.
std::vector<NamedMethod> wanted_methods(const CompareSettings& settings) {
  std::vector<NamedMethod> named, wanted;
  for (const std::string& text : settings.methods) {
    named.push_back(named_method(text));
    if (!named.back().method->like.empty())
      named.push_back({find_method(named.back().method->like), named.back().variant});
  }
  const bool every = budget_called(settings.budget).every_method;
  for (const RowMethod& method : row_methods()) {
    if (settings.methods.empty() && !method.only_named && (every || method.in_quick))
      wanted.push_back({&method, {}});
    for (const NamedMethod& one : named)
      if (one.method == &method && std::ranges::find(wanted, one) == wanted.end()) wanted.push_back(one);
  }
  return wanted;
}

/// The weights that each --keep leaves of the dense network of that architecture, falling, each once.
class Counts {
 public:
  explicit Counts(const CompareSettings& settings) : settings_(settings) {}
  /// Of all methods together.
  const std::vector<std::int64_t>& of(const RowOptions& options, int offset) {
    auto& counts = known_[{options.architecture, options.widths, offset}];
    if (!counts.empty()) return counts;
    add(counts, keep(), options, offset);
    for (const auto& [method, own] : settings_.keep_of) add(counts, own, options, offset);
    std::ranges::sort(counts, std::greater<>{});
    counts.erase(std::ranges::unique(counts).begin(), counts.end());
    return counts;
  }

  /// Whether rows of a method are cut to that count.
  bool has(const std::string& method, std::int64_t count, const RowOptions& options, int offset) const {
    const auto own = settings_.keep_of.find(method);
    std::vector<std::int64_t> counts;
    add(counts, own == settings_.keep_of.end() ? keep() : own->second, options, offset);
    return std::ranges::find(counts, count) != counts.end();
  }

 private:
  const std::vector<std::string>& keep() const {
    return settings_.keep.empty() ? budget_called(settings_.budget).keep : settings_.keep;
  }

  static void add(std::vector<std::int64_t>& counts, const std::vector<std::string>& keep,
                  const RowOptions& options, int offset) {
    const sgd::Architecture own = sgd::parse_architecture(options.architecture);
    const std::int64_t dense = dense_weights(at_offset(own, offset, width_rule(options.widths)));
    for (const std::string& one : keep) counts.push_back(sgd::keep_count(sgd::parse_keep(one), dense));
  }

  const CompareSettings& settings_;
  std::map<std::tuple<std::string, std::string, int>, std::vector<std::int64_t>> known_;
};

/// The value of a key's part, as an exclusion names it; nothing for an option that the key has not.
std::optional<std::string> part_of(const RowKey& key, const std::string& name) {
  if (name == "target" || name == "targets") return key.target;
  if (name == "method" || name == "methods") return key.method;
  if (name == "keep") return std::to_string(key.count);
  if (name == "depth-offset" || name == "depth-offsets") return std::to_string(key.depth);
  if (name == "seed" || name == "seeds") return key.seed ? std::to_string(*key.seed) : "";
  for (const auto& [option, value] : key.variant)
    if (option == name) return value;
  return std::nullopt;
}

bool is_excluded(const CompareSettings& settings, const RowKey& key) {
  return std::ranges::any_of(settings.excluded, [&](const Variant& all) {
    return std::ranges::all_of(all,
                               [&](const auto& part) { return part_of(key, part.first) == part.second; });
  });
}

/// The depths of a target's rows, as layers more than its architecture has; its own first, where it has rows there.
std::vector<int> offsets_of(const CompareSettings& settings, bool has_genome,
                            const std::string& architecture) {
  std::vector<int> offsets{0};
  if (settings.depths.empty()) {
    offsets.insert(offsets.end(), settings.depth_offsets.begin(), settings.depth_offsets.end());
    return offsets;
  }
  const int own = sgd::parse_architecture(architecture).depth;
  if (!has_genome && std::ranges::find(settings.depths, own) == settings.depths.end()) offsets.clear();
  for (const int depth : settings.depths)
    if (depth != own) offsets.push_back(depth - own);
  return offsets;
}

class Planner {
 public:
  Planner(const CompareSettings& settings, const std::vector<PlannedTarget>& targets)
      : settings_(settings), targets_(targets), wanted_(wanted_methods(settings)), counts_(settings) {}

  RowPlan plan() {
    for (std::uint32_t target = 0; target < targets_.size(); ++target)
      for (const Variant& variant : settings_.variants) add_block(target, variant);
    // A control that waits for a row that was left out brings it along.
    for (std::size_t i = 0; i < plan_.rows.size(); ++i) connect(i);
    return std::move(plan_);
  }

 private:
  /// All rows of a target with the same options.
  void add_block(std::uint32_t target, const Variant& variant) {
    const PlannedTarget& about = targets_[target];
    const RowOptions options = options_with(about, variant);
    const std::vector<int> offsets = offsets_of(settings_, about.has_genome, options.architecture);
    for (const auto& [method, own] : wanted_) {
      if (method->is_cut || (method->needs_genome && !about.has_genome)) continue;
      if (!method->trains && !variant.empty() && variant != settings_.variants.front()) continue;
      for (const int offset : offsets)
        if (offset == 0 || is_at_depths(*method)) add(target, *method, own, variant, offset, 0);
    }
    // Cut rows stand together by count, so that what is to be compared stands side by side.
    const bool cuts = std::ranges::any_of(wanted_, [](const NamedMethod& one) { return one.method->is_cut; });
    for (const int offset : cuts ? offsets : std::vector<int>{})
      for (const std::int64_t count : counts_.of(options, offset))
        for (const auto& [method, own] : wanted_)
          if (method->is_cut && (offset == 0 || is_at_depths(*method)) &&
              counts_.has(method->name, count, options, offset))
            add(target, *method, own, variant, offset, count);
  }

  bool is_at_depths(const RowMethod& method) const {
    return method.at_depths || (settings_.all_at_depths && !method.needs_genome && !method.arm);
  }

  RowOptions options_with(const PlannedTarget& target, const Variant& variant) const {
    RowOptions options = with_variant(base(), variant);
    if (options.architecture.empty()) options.architecture = target.architecture;
    return options;
  }

  RowOptions base() const {
    RowOptions options = settings_.options;
    if (options.training.steps == 0) options.training.steps = budget_called(settings_.budget).steps;
    return options;
  }

  void add(std::uint32_t target, const RowMethod& method, const Variant& own, const Variant& variant,
           int offset, std::int64_t count) {
    RowKey key{targets_[target].name, method.name, count, offset, method.trains ? own : Variant{}, {}};
    const Variant used = method.trains ? used_options(method, variant) : Variant{};
    key.variant.insert(key.variant.end(), used.begin(), used.end());
    if (method.trains) options_of(settings_, key);  // refuses what cannot be
    for (const auto& [name, value] : own)
      if (!uses_option(method, name))
        throw ConfigError("option " + name + "=" + value + ": " + method.name + " does not use it");
    if (method.transferred) transferred_wiring(options_of(settings_, key));
    if (!method.seeded) {
      add_row({key, target, no_row, no_row});
      return;
    }
    for (const std::uint64_t seed : settings_.seeds) {
      key.seed = seed;
      add_row({key, target, no_row, no_row});
    }
  }

  void add_row(PlannedRow row) {
    if (is_excluded(settings_, row.key)) return;
    if (places_.emplace(number_of(row.key, 0), static_cast<std::int32_t>(plan_.rows.size())).second)
      plan_.rows.push_back(std::move(row));
  }

  /// What a cut row needs: its dense parent, and the row that it matches.
  void connect(std::size_t index) {
    const RowMethod& method = *find_method(plan_.rows[index].key.method);
    if (!method.is_cut || !method.from_parent) return;
    const PlannedRow parent{parent_of(plan_.rows[index].key), plan_.rows[index].target, no_row, no_row};
    const auto [found, is_new] =
        parents_.emplace(number_of(parent.key, 0), static_cast<std::int32_t>(plan_.parents.size()));
    plan_.rows[index].parent = found->second;
    if (is_new) plan_.parents.push_back(parent);
    if (method.like.empty()) return;
    PlannedRow like{plan_.rows[index].key, plan_.rows[index].target, no_row, no_row};
    like.key.method = method.like;
    auto place = places_.find(number_of(like.key, 0));
    if (place == places_.end()) {
      place = places_.emplace(number_of(like.key, 0), static_cast<std::int32_t>(plan_.rows.size())).first;
      plan_.rows.push_back(std::move(like));
    }
    plan_.rows[index].like = place->second;
  }

  const CompareSettings& settings_;
  const std::vector<PlannedTarget>& targets_;
  const std::vector<NamedMethod> wanted_;
  Counts counts_;
  RowPlan plan_;
  std::unordered_map<std::uint64_t, std::int32_t> places_, parents_;  ///< by `number_of` their keys
};

}  // namespace

RowPlan plan_rows(const CompareSettings& settings, const std::vector<PlannedTarget>& targets,
                  bool by_target) {
  settings.validate();
  for (const PlannedTarget& target : targets) {
    const std::string& text =
        settings.options.architecture.empty() ? target.architecture : settings.options.architecture;
    const int depth = sgd::parse_architecture(text).depth;
    for (const int offset : settings.depth_offsets)
      if (depth + offset < 1)
        throw ConfigError("depth offset " + std::to_string(offset) + " leaves no layer of " +
                          std::to_string(depth));
  }
  RowPlan plan = Planner(settings, targets).plan();
  plan.by_target = by_target;
  return plan;
}

}  // namespace skein::experiments
