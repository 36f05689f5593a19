#include "experiments/families/code_split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr std::array<std::string_view, 4> support_names{"connected", "disconnected", "missing", "shuffled"};

bool sees_every_level(const PictureFamily& family, const std::vector<Combination>& seen) {
  for (std::size_t p = 0; p < family.part_count(); ++p)
    for (int level = 0; level < family.levels(); ++level)
      if (std::ranges::none_of(seen, [&](const Combination& one) { return one[p] == level; })) return false;
  return true;
}

/// Whether the parts that are on together, one pair after the other, join all parts.
bool joins_all_parts(const PictureFamily& family, const std::vector<Combination>& seen) {
  std::vector<std::size_t> group(family.part_count());
  std::iota(group.begin(), group.end(), std::size_t{0});
  for (const Combination& one : seen) {
    std::size_t first = group.size();
    for (std::size_t p = 0; p < one.size(); ++p) {
      if (one[p] == 0) continue;
      if (first == group.size()) first = p;
      const std::size_t from = group[p], to = group[first];
      for (std::size_t& g : group)
        if (g == from) g = to;
    }
  }
  return std::ranges::all_of(group, [&](std::size_t g) { return g == group.front(); });
}

/// The combinations for which `is_seen` says yes, and the others.
template <class IsSeen>
CodeSplit parted(const PictureFamily& family, const IsSeen& is_seen) {
  CodeSplit split;
  for (const Combination& one : family.combinations())
    (is_seen(one) ? split.seen : split.unseen).push_back(one);
  return split;
}

CodeSplit random_split(const PictureFamily& family, double held_out, RandomStream& random) {
  constexpr int tries = 2000;
  const std::size_t all = family.combinations().size();
  const auto out = static_cast<std::size_t>(std::llround(held_out * static_cast<double>(all)));
  const std::size_t seen = all - std::clamp<std::size_t>(out, 1, all - std::min<std::size_t>(2, all - 1));
  for (int attempt = 0; attempt < tries; ++attempt) {
    std::vector<std::size_t> order(all);
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(std::span(order));
    std::vector<std::uint8_t> is_seen(all, 0);
    for (std::size_t i = 0; i < seen; ++i) is_seen[order[i]] = 1;
    std::size_t next = 0;
    CodeSplit split = parted(family, [&](const Combination&) { return is_seen[next++] != 0; });
    if (sees_every_level(family, split.seen) && joins_all_parts(family, split.seen)) return split;
  }
  throw ConfigError("held out " + std::to_string(held_out) + " of " + std::to_string(all) +
                    " combinations: no " + std::to_string(seen) +
                    " of them show every part at every level and join all parts");
}

}  // namespace

std::string_view name(Support support) { return support_names.at(static_cast<std::size_t>(support)); }

Support parse_support(std::string_view text) {
  const auto found = std::ranges::find(support_names, text);
  if (found == support_names.end())
    throw ConfigError("support '" + std::string(text) +
                      "': there are connected, disconnected, missing, shuffled");
  return static_cast<Support>(found - support_names.begin());
}

CodeSplit split_of(const PictureFamily& family, Support support, double held_out, std::uint64_t seed) {
  if (!(held_out > 0 && held_out < 1))
    throw ConfigError("held out " + std::to_string(held_out) + ": must lie between 0 and 1");
  RandomStream random(seed, "combinations seen");
  CodeSplit split;
  if (support == Support::disconnected) {
    const std::size_t half = (family.part_count() + 1) / 2;
    split = parted(family, [&](const Combination& one) {
      const auto is_on = [](std::uint8_t level) { return level > 0; };
      const auto middle = one.begin() + static_cast<std::ptrdiff_t>(half);
      return std::none_of(one.begin(), middle, is_on) || std::none_of(middle, one.end(), is_on);
    });
  } else if (support == Support::missing) {
    const std::size_t part = random.below(static_cast<std::uint32_t>(family.part_count()));
    split = parted(family, [&](const Combination& one) { return one[part] == 0; });
  } else {
    split = random_split(family, held_out, random);
  }
  if (split.seen.size() < 2 || split.unseen.empty())
    throw ConfigError("a " + std::string(name(support)) + " support of this family has " +
                      std::to_string(split.seen.size()) + " combinations to see and " +
                      std::to_string(split.unseen.size()) + " to hold out");
  for (const Combination& one : split.seen) split.seen_codes.push_back(family.code(one));
  for (const Combination& one : split.unseen) split.unseen_codes.push_back(family.code(one));
  if (support == Support::shuffled) {
    std::vector<std::vector<double>> codes = split.seen_codes;
    codes.insert(codes.end(), split.unseen_codes.begin(), split.unseen_codes.end());
    random.shuffle(std::span(codes));
    std::move(codes.begin(), codes.begin() + std::ssize(split.seen), split.seen_codes.begin());
    std::move(codes.begin() + std::ssize(split.seen), codes.end(), split.unseen_codes.begin());
  }
  return split;
}

}  // namespace skein::experiments
