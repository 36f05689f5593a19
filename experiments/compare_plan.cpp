#include "experiments/compare_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "lib/error.hpp"
#include "sgd/mlp.hpp"

namespace skein::experiments {
namespace {

const std::array<Budget, 3>& budgets() {
  static const std::array<Budget, 3> all{
      {{"quick", 128, 1500, 3, false}, {"standard", 192, 10'000, 3, true}, {"paper", 256, 100'000, 5, true}}};
  return all;
}

constexpr int most_seeds = 1000, deepest_offset = 16;

bool needs_genome(RowKind kind) {
  return kind == RowKind::evolved || kind == RowKind::retrained || kind == RowKind::frozen ||
         kind == RowKind::shuffled_evolved;
}

std::vector<CompareMethod> wanted_methods(const CompareSettings& settings) {
  const bool every = budget_called(settings.budget).every_method;
  std::vector<CompareMethod> wanted;
  for (const CompareMethod& method : compare_methods()) {
    const bool named = std::ranges::find(settings.methods, method.name) != settings.methods.end();
    if (settings.methods.empty() ? every || method.in_quick : named) wanted.push_back(method);
  }
  return wanted;
}

std::string with_depth(std::string name, int offset) {
  if (offset != 0) name += "-depth" + std::string(offset > 0 ? "+" : "") + std::to_string(offset);
  return name;
}

PlannedRow planned_row(const CompareMethod& method, int offset) {
  PlannedRow row;
  row.method = method;
  row.depth_offset = offset;
  row.name = with_depth(std::string(method.name), offset);
  row.label = std::string(method.label);
  if (offset != 0) row.label += ", depth " + std::string(offset > 0 ? "+" : "") + std::to_string(offset);
  row.id = row.name;
  return row;
}

}  // namespace

const std::vector<CompareMethod>& compare_methods() {
  static const std::vector<CompareMethod> methods{
      {"evolved", "evolved", RowFamily::evolved, RowKind::evolved, "", true},
      {"dense-adam", "dense, Adam", RowFamily::dense, RowKind::dense, "adam", true},
      {"dense-muon", "dense, Muon", RowFamily::dense, RowKind::dense, "muon", false},
      {"dense-relu", "dense, ReLU units", RowFamily::dense, RowKind::relu, "adam", false},
      {"retrained", "evolved wiring retrained", RowFamily::retrained, RowKind::retrained, "", true},
      {"retrained-frozen", "evolved wiring retrained, copies frozen", RowFamily::retrained, RowKind::frozen,
       "", false},
      {"shuffle-evolved", "evolved wiring shuffled", RowFamily::control, RowKind::shuffled_evolved, "", true},
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
  for (const std::string& method : methods)
    if (std::ranges::find(compare_methods(), method, &CompareMethod::name) == compare_methods().end()) {
      std::string names;
      for (const CompareMethod& known : compare_methods())
        names += (names.empty() ? "" : ", ") + std::string(known.name);
      throw ConfigError("method '" + method + "' is unknown; there are " + names);
    }
  const int depth = sgd::parse_architecture(architecture).depth;
  for (const int offset : depth_offsets)
    if (depth + offset < 1)
      throw ConfigError("depth offset " + std::to_string(offset) + " leaves no layer of " +
                        std::to_string(depth));
}

std::vector<PlannedRow> plan_rows(const CompareSettings& settings, bool has_genome) {
  settings.validate();
  std::vector<int> offsets{0};
  std::ranges::copy(settings.depth_offsets, std::back_inserter(offsets));
  std::vector<PlannedRow> rows;
  for (const CompareMethod& method : wanted_methods(settings)) {
    if (needs_genome(method.kind) && !has_genome) continue;
    for (const int offset : offsets) {
      if (offset != 0 && method.kind != RowKind::dense) continue;
      PlannedRow row = planned_row(method, offset);
      if (method.kind == RowKind::evolved) {
        rows.push_back(row);
        continue;
      }
      for (int s = 0; s < settings.seeds; ++s) {
        row.seed = settings.first_seed + static_cast<std::uint64_t>(s);
        row.id = row.name + "-s" + std::to_string(*row.seed);
        rows.push_back(row);
      }
    }
  }
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
