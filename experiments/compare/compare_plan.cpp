#include "experiments/compare/compare_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <sstream>

#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/prune/pruning.hpp"

namespace skein::experiments {
namespace {

const std::array<Budget, 3>& budgets() {
  static const std::array<Budget, 3> all{{{"quick", 128, 1500, 3, false, {"0.256"}},
                                          {"standard", 192, 10'000, 3, true, {"0.256", "0.086"}},
                                          {"paper", 256, 100'000, 5, true, {"0.256", "0.086"}}}};
  return all;
}

constexpr int most_seeds = 1000, deepest_offset = 16;
constexpr std::size_t most_counts = 16;

bool needs_genome(RowKind kind) {
  return kind == RowKind::evolved || kind == RowKind::retrained || kind == RowKind::frozen ||
         kind == RowKind::shuffled_evolved;
}

bool is_cut(RowKind kind) { return kind == RowKind::cut || kind == RowKind::cut_like; }

const CompareMethod* find_method(std::string_view name) {
  const auto found = std::ranges::find(compare_methods(), name, &CompareMethod::name);
  return found == compare_methods().end() ? nullptr : &*found;
}

/// A method with the options of its variant.
struct Wanted {
  const CompareMethod* method = nullptr;
  std::string variant;
  bool operator==(const Wanted&) const = default;
};

Wanted wanted_of(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  Wanted wanted{find_method(text.substr(0, colon)), text.substr(std::min(colon + 1, text.size()))};
  if (wanted.method) return wanted;
  std::string names;
  for (const CompareMethod& known : compare_methods())
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  throw ConfigError("method '" + text.substr(0, colon) + "' is unknown; there are " + names);
}

/// In the order of tables, variants of a method as they are named; with SP where a control needs it.
std::vector<Wanted> wanted_methods(const CompareSettings& settings) {
  std::vector<Wanted> named, wanted;
  for (const std::string& text : settings.methods) {
    named.push_back(wanted_of(text));
    if (named.back().method->kind == RowKind::cut_like)
      named.push_back({find_method("sp"), named.back().variant});
  }
  const bool every = budget_called(settings.budget).every_method;
  for (const CompareMethod& method : compare_methods()) {
    if (settings.methods.empty() && (every || method.in_quick)) wanted.push_back({&method, {}});
    for (const Wanted& one : named)
      if (one.method == &method && std::ranges::find(wanted, one) == wanted.end()) wanted.push_back(one);
  }
  return wanted;
}

std::string depth_text(int offset) { return (offset > 0 ? "+" : "") + std::to_string(offset); }

std::string id_of(const PlannedRow& row) {
  return row.seed ? row.name + "-s" + std::to_string(*row.seed) : row.name;
}

/// NAME[-COUNT][-depthN][:VARIANT], and the same for people.
PlannedRow planned_row(const CompareMethod& method, const std::string& variant, int offset,
                       std::int64_t count) {
  PlannedRow row;
  row.method = method;
  row.variant = variant;
  row.depth_offset = offset;
  row.count = count;
  row.name = std::string(method.name);
  row.label = std::string(method.label);
  if (count > 0) {
    row.name += "-" + std::to_string(count);
    row.label += ", " + std::to_string(count);
  }
  if (offset != 0) {
    row.name += "-depth" + depth_text(offset);
    row.label += ", depth " + depth_text(offset);
  }
  if (!variant.empty()) {
    row.name += ":" + variant;
    row.label += ", " + variant;
  }
  return row;
}

/// The weights that each --keep leaves of the dense network at that depth, falling, each once.
std::vector<std::int64_t> counts_of(const CompareSettings& settings, int offset) {
  sgd::Architecture architecture = sgd::parse_architecture(settings.architecture);
  architecture.depth += offset;
  const std::int64_t dense = sgd::dense_wiring(architecture, picture_signature()).weight_count();
  std::vector<std::int64_t> counts;
  for (const std::string& keep : settings.keep.empty() ? budget_called(settings.budget).keep : settings.keep)
    counts.push_back(sgd::keep_count(sgd::parse_keep(keep), dense));
  std::ranges::sort(counts, std::greater<>{});
  counts.erase(std::ranges::unique(counts).begin(), counts.end());
  return counts;
}

}  // namespace

const std::vector<CompareMethod>& compare_methods() {
  static const std::vector<CompareMethod> methods{
      {"evolved", "evolved", RowFamily::evolved, RowKind::evolved, "", true, ""},
      {"dense-adam", "dense, Adam", RowFamily::dense, RowKind::dense, "adam", true, ""},
      {"dense-muon", "dense, Muon", RowFamily::dense, RowKind::dense, "muon", false, ""},
      {"dense-relu", "dense, ReLU units", RowFamily::dense, RowKind::relu, "adam", false, ""},
      {"retrained", "evolved wiring retrained", RowFamily::retrained, RowKind::retrained, "", true, ""},
      {"retrained-frozen", "evolved wiring retrained, copies frozen", RowFamily::retrained, RowKind::frozen,
       "", false, ""},
      {"shuffle-evolved", "evolved wiring shuffled", RowFamily::control, RowKind::shuffled_evolved, "", true,
       ""},
      {"sp", "SP", RowFamily::pruned, RowKind::cut, "", true, "sp"},
      {"lottery", "lottery ticket", RowFamily::pruned, RowKind::cut, "", false, "lottery"},
      {"wanda", "Wanda", RowFamily::pruned, RowKind::cut, "", false, "wanda"},
      {"llm-pruner", "LLM-Pruner", RowFamily::pruned, RowKind::cut, "", false, "llm-pruner"},
      {"magnitude", "magnitude", RowFamily::pruned, RowKind::cut, "", true, "magnitude"},
      {"random", "random, SP's counts per layer", RowFamily::control, RowKind::cut_like, "", true,
       "random-layers"},
      {"shuffle", "SP wiring shuffled", RowFamily::control, RowKind::cut_like, "", false, "shuffle"},
  };
  return methods;
}

const Budget& budget_called(std::string_view name) {
  const auto found = std::ranges::find(budgets(), name, &Budget::name);
  if (found == budgets().end())
    throw ConfigError("budget '" + std::string(name) + "' is unknown; there are quick, standard, paper");
  return *found;
}

void CompareSettings::validate() const {
  budget_called(budget);
  if (seeds < 1 || seeds > most_seeds)
    throw ConfigError("seeds " + std::to_string(seeds) + ": must be between 1 and " +
                      std::to_string(most_seeds));
  for (const std::string& text : methods) {
    const Wanted wanted = wanted_of(text);
    if (!wanted.variant.empty()) row_options(*this, planned_row(*wanted.method, wanted.variant, 0, 0));
  }
  if (keep.size() > most_counts)
    throw ConfigError("--keep takes at most " + std::to_string(most_counts) + " counts");
  const int depth = sgd::parse_architecture(architecture).depth;
  for (const int offset : depth_offsets)
    if (depth + offset < 1)
      throw ConfigError("depth offset " + std::to_string(offset) + " leaves no layer of " +
                        std::to_string(depth));
  for (const std::string& one : keep) sgd::parse_keep(one);
}

PlannedRow base_of(const PlannedRow& planned) {
  PlannedRow row = planned_row(*find_method("dense-adam"), planned.variant, planned.depth_offset, 0);
  row.seed = planned.seed;
  row.id = id_of(row);
  return row;
}

std::int64_t parent_steps(std::int64_t total) { return total / 2; }

std::vector<PlannedRow> plan_rows(const CompareSettings& settings, bool has_genome) {
  settings.validate();
  std::vector<PlannedRow> rows;
  const auto add = [&](PlannedRow row) {
    const int seeds = row.method.kind == RowKind::evolved ? 1 : settings.seeds;
    for (int s = 0; s < seeds; ++s) {
      if (row.method.kind != RowKind::evolved) row.seed = settings.first_seed + static_cast<std::uint64_t>(s);
      row.id = id_of(row);
      if (row.count > 0) row.base = base_of(row).id;
      if (row.method.kind == RowKind::cut_like) {
        PlannedRow like = planned_row(*find_method("sp"), row.variant, row.depth_offset, row.count);
        like.seed = row.seed;
        row.like = id_of(like);
      }
      rows.push_back(row);
    }
  };
  std::vector<int> offsets{0};
  std::ranges::copy(settings.depth_offsets, std::back_inserter(offsets));
  const std::vector<Wanted> wanted = wanted_methods(settings);
  for (const auto& [method, variant] : wanted) {
    if (is_cut(method->kind) || (needs_genome(method->kind) && !has_genome)) continue;
    for (const int offset : offsets)
      if (offset == 0 || method->kind == RowKind::dense) add(planned_row(*method, variant, offset, 0));
  }
  // Cut rows stand together by count, so that what is to be compared stands side by side.
  const bool cuts = std::ranges::any_of(wanted, [](const Wanted& one) { return is_cut(one.method->kind); });
  for (const int offset : cuts ? offsets : std::vector<int>{})
    for (const std::int64_t count : counts_of(settings, offset))
      for (const auto& [method, variant] : wanted)
        if (is_cut(method->kind) && (offset == 0 || method->name == "sp"))
          add(planned_row(*method, variant, offset, count));
  return rows;
}

std::vector<int> parse_offsets(const std::string& text) {
  const auto number = [&](std::string_view part) {
    if (part.starts_with('+')) part.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size() || std::abs(value) > deepest_offset)
      throw ConfigError("depth offsets '" + text + "': write -2..2 or -1,1,2, at most 16 either way");
    return value;
  };
  std::vector<int> offsets;
  if (const auto dots = text.find(".."); dots != std::string::npos) {
    const int last = number(std::string_view(text).substr(dots + 2));
    for (int offset = number(std::string_view(text).substr(0, dots)); offset <= last; ++offset)
      offsets.push_back(offset);
  } else {
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) offsets.push_back(number(part));
  }
  std::erase(offsets, 0);
  return offsets;
}

}  // namespace skein::experiments
