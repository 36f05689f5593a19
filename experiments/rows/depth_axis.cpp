#include "experiments/rows/depth_axis.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <sstream>
#include <utility>

#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {
namespace {

std::int64_t weights_at(int depth, std::int64_t width) {
  const auto ends =
      static_cast<std::int64_t>(picture_signature().inputs.size() + picture_signature().outputs.size());
  return width * ends + (depth - 1) * width * width;
}

/// The columns shared out over as many in all, in proportion, one at least to each kind: the largest remainders first.
std::vector<std::pair<sgd::UnitKind, int>> widened(const std::vector<std::pair<sgd::UnitKind, int>>& columns,
                                                   int width) {
  double all = 0;
  for (const auto& [kind, count] : columns) all += count;
  auto made = columns;
  std::vector<std::pair<double, std::size_t>> remainders;
  int given = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const double share = width * columns[i].second / all;
    made[i].second = std::max(1, static_cast<int>(share));
    given += made[i].second;
    remainders.emplace_back(made[i].second - share, i);
  }
  std::ranges::sort(remainders);
  for (std::size_t next = 0; given < width; next = (next + 1) % remainders.size(), ++given)
    ++made[remainders[next].second].second;
  for (; given > width; --given)  // single columns took more than their share: the fullest kind gives
    --std::ranges::max_element(made, {}, &std::pair<sgd::UnitKind, int>::second)->second;
  return made;
}

int whole_number(std::string_view part, const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error != std::errc{} || end != part.data() + part.size() || value < 1 || value > deepest_axis)
    throw ConfigError("depths '" + text + "': write 2,3,8 or 2..8, rising, each from 1 to " +
                      std::to_string(deepest_axis));
  return value;
}

}  // namespace

WidthRule width_rule(std::string_view name) {
  if (name == "equal") return WidthRule::equal;
  if (name == "weights") return WidthRule::weights;
  throw ConfigError("widths '" + std::string(name) + "': there are equal and weights");
}

std::string_view name(WidthRule rule) { return rule == WidthRule::equal ? "equal" : "weights"; }

std::int64_t dense_weights(const sgd::Architecture& architecture) {
  return weights_at(architecture.depth, architecture.width());
}

sgd::Architecture at_offset(const sgd::Architecture& own, int offset, WidthRule rule) {
  sgd::Architecture other = own;
  other.depth += offset;
  if (other.depth < 1)
    throw ConfigError("depth offset " + std::to_string(offset) + " leaves no layer of " +
                      std::to_string(own.depth));
  if (rule == WidthRule::equal || offset == 0) return other;
  return with_weights(std::move(other), dense_weights(own));
}

sgd::Architecture with_weights(sgd::Architecture architecture, std::int64_t wanted) {
  int width = static_cast<int>(architecture.columns.size());
  while (width < sgd::widest_mlp && weights_at(architecture.depth, width + 1) <= wanted) ++width;
  if (width < sgd::widest_mlp && weights_at(architecture.depth, width + 1) - wanted <
                                     std::abs(wanted - weights_at(architecture.depth, width)))
    ++width;
  architecture.columns = widened(architecture.columns, width);
  return architecture;
}

std::vector<int> parse_depths(const std::string& text) {
  std::vector<int> depths;
  if (const auto dots = text.find(".."); dots != std::string::npos) {
    const int first = whole_number(std::string_view(text).substr(0, dots), text);
    const int last = whole_number(std::string_view(text).substr(dots + 2), text);
    for (int depth = first; depth <= last; ++depth) depths.push_back(depth);
  } else {
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) depths.push_back(whole_number(part, text));
  }
  if (depths.empty()) throw ConfigError("depths '" + text + "': there are none");
  for (std::size_t i = 1; i < depths.size(); ++i)
    if (depths[i] <= depths[i - 1])
      throw ConfigError("depths '" + text + "': must rise, " + std::to_string(depths[i]) + " stands after " +
                        std::to_string(depths[i - 1]));
  return depths;
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
