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
  static const std::array<Budget, 3> all{{{"quick", 128, 1500, 3, false, {0.256}},
                                          {"standard", 192, 10'000, 3, true, {0.256, 0.086}},
                                          {"paper", 256, 100'000, 5, true, {0.256, 0.086}}}};
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

std::string id_of(const std::string& name, std::uint64_t seed) { return name + "-s" + std::to_string(seed); }

const CompareMethod& method_called(std::string_view name) {
  return *std::ranges::find(compare_methods(), name, &CompareMethod::name);
}

/// Adds rows once each, parents first.
class Planner {
 public:
  explicit Planner(const CompareSettings& settings) : settings_(settings) {}

  /// The row of a method for a seed, with its parents; gives its id.
  std::string add(const CompareMethod& method, std::uint64_t seed, int offset, int round) {
    PlannedRow row;
    row.method = method;
    row.depth_offset = offset;
    row.name = with_depth(std::string(method.name), offset);
    row.label = std::string(method.label) +
                (offset ? ", depth " + std::string(offset > 0 ? "+" : "") + std::to_string(offset) : "");
    if (round > 0) {
      row.round = round;
      row.keep = settings_.rounds()[static_cast<std::size_t>(round - 1)];
      if (settings_.rounds().size() > 1) {
        row.name += "-" + std::to_string(round);
        row.label += ", round " + std::to_string(round);
      }
    }
    if (method.kind == RowKind::pruned)
      row.parent = method.pruning == "sp" && round > 1 ? add(method, seed, offset, round - 1)
                                                       : add(method_called("dense-adam"), seed, offset, 0);
    if (method.kind == RowKind::random_counts || method.kind == RowKind::shuffled_parent)
      row.parent = add(method_called("sp"), seed, offset, round);
    if (method.kind != RowKind::evolved) row.seed = seed;
    row.id = row.seed ? id_of(row.name, seed) : row.name;
    if (std::ranges::find(rows_, row.id, &PlannedRow::id) == rows_.end()) rows_.push_back(row);
    return row.id;
  }

  std::vector<PlannedRow> take() { return std::move(rows_); }

 private:
  const CompareSettings& settings_;
  std::vector<PlannedRow> rows_;
};

bool follows_rounds(RowKind kind) {
  return kind == RowKind::pruned || kind == RowKind::random_counts || kind == RowKind::shuffled_parent;
}

/// In the order of tables: by method, then depth, round and seed; a parent whose method stands later comes
/// first all the same when rows are made.
bool table_order(const PlannedRow& a, const PlannedRow& b) {
  const auto key = [](const PlannedRow& row) {
    const auto place = std::ranges::find(compare_methods(), row.method.name, &CompareMethod::name) -
                       compare_methods().begin();
    return std::tuple(place, row.depth_offset, row.round, row.seed.value_or(0));
  };
  return key(a) < key(b);
}

}  // namespace

const std::vector<CompareMethod>& compare_methods() {
  static const std::vector<CompareMethod> methods{
      {"evolved", "evolved", RowFamily::evolved, RowKind::evolved, "", "", true},
      {"dense-adam", "dense, Adam", RowFamily::dense, RowKind::dense, "adam", "", true},
      {"dense-muon", "dense, Muon", RowFamily::dense, RowKind::dense, "muon", "", false},
      {"dense-relu", "dense, ReLU units", RowFamily::dense, RowKind::relu, "adam", "", false},
      {"retrained", "evolved wiring retrained", RowFamily::retrained, RowKind::retrained, "", "", true},
      {"retrained-frozen", "evolved wiring retrained, copies frozen", RowFamily::retrained, RowKind::frozen,
       "", "", false},
      {"shuffle-evolved", "evolved wiring shuffled", RowFamily::control, RowKind::shuffled_evolved, "", "",
       true},
  };
  return methods;
}

const Budget& budget_called(std::string_view name) {
  const auto found = std::ranges::find(budgets(), name, &Budget::name);
  if (found == budgets().end())
    throw ConfigError("budget '" + std::string(name) + "' is unknown; there are quick, standard, paper");
  return *found;
}

const std::vector<double>& CompareSettings::rounds() const {
  return keep.empty() ? budget_called(budget).keep : keep;
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
  if (!keep.empty() && (keep.size() > 9 || !std::ranges::is_sorted(keep, std::greater<>{}) ||
                        !(keep.front() <= 1) || !(keep.back() > 0)))
    throw ConfigError(
        "--keep takes one to nine falling parts of the dense weights, each over 0 and at most 1");
  const int depth = sgd::parse_architecture(architecture).depth;
  for (const int offset : depth_offsets)
    if (depth + offset < 1)
      throw ConfigError("depth offset " + std::to_string(offset) + " leaves no layer of " +
                        std::to_string(depth));
}

std::vector<PlannedRow> plan_rows(const CompareSettings& settings, bool has_genome) {
  settings.validate();
  Planner planner(settings);
  std::vector<int> offsets{0};
  std::ranges::copy(settings.depth_offsets, std::back_inserter(offsets));
  for (const CompareMethod& method : wanted_methods(settings)) {
    if (needs_genome(method.kind) && !has_genome) continue;
    const bool at_depths = method.name == "dense-adam" || method.name == "sp";
    for (const int offset : offsets)
      for (int s = 0; s < (method.kind == RowKind::evolved ? 1 : settings.seeds); ++s) {
        if (offset != 0 && !at_depths) continue;
        const int rounds = follows_rounds(method.kind) ? static_cast<int>(settings.rounds().size()) : 0;
        for (int round = std::min(1, rounds); round <= rounds; ++round)
          planner.add(method, settings.first_seed + static_cast<std::uint64_t>(s), offset, round);
      }
  }
  std::vector<PlannedRow> rows = planner.take();
  std::ranges::stable_sort(rows, table_order);
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
