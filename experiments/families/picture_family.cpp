#include "experiments/families/picture_family.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/colour.hpp"

namespace skein::experiments {
namespace {

/// Every combination, or so many of them, in ascending order.
std::vector<Combination> chosen_combinations(std::size_t parts, int levels, std::uint64_t seed) {
  double all = 1;
  for (std::size_t p = 0; p < parts; ++p) all *= levels;
  std::set<Combination> chosen{Combination(parts, 0),
                               Combination(parts, static_cast<std::uint8_t>(levels - 1))};
  if (all <= static_cast<double>(most_combinations)) {
    for (std::size_t n = 0; n < static_cast<std::size_t>(all); ++n) {
      Combination one(parts);
      std::size_t rest = n;
      for (std::uint8_t& level : one) {
        level = static_cast<std::uint8_t>(rest % static_cast<std::size_t>(levels));
        rest /= static_cast<std::size_t>(levels);
      }
      chosen.insert(std::move(one));
    }
  } else {
    RandomStream random(seed, "combinations of parts");
    while (chosen.size() < most_combinations) {
      Combination one(parts);
      for (std::uint8_t& level : one)
        level = static_cast<std::uint8_t>(random.below(static_cast<std::uint32_t>(levels)));
      chosen.insert(std::move(one));
    }
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace

PictureFamily::PictureFamily(const PartsTarget& target, int levels, std::uint64_t seed)
    : levels_(levels), plan_(Network()) {
  constexpr std::size_t most_parts = 24;
  if (levels < 2 || levels > 8)
    throw ConfigError("levels " + std::to_string(levels) + ": must be 2 (off and on) to 8");
  if (!target.genome)
    throw ConfigError(target.title +
                      ": a family needs parts that can be switched, from the labels of a genome");
  neat::Phenotype phenotype = neat::express(*target.genome);
  part_of_slot_.assign(phenotype.weights.size(), -1);
  for (const Part& part : target.parts.parts) {
    if (part.links.empty()) continue;
    for (std::size_t slot = 0; slot < part_of_slot_.size(); ++slot)
      if (std::ranges::binary_search(part.links, phenotype.link_of_slot[slot]))
        part_of_slot_[slot] = static_cast<int>(parts_.size());
    parts_.push_back(part.name);
  }
  if (parts_.size() < 2 || parts_.size() > most_parts)
    throw ConfigError(target.title + ": has " + std::to_string(parts_.size()) +
                      " parts that can be switched; a family needs 2 to " + std::to_string(most_parts));
  own_ = std::move(phenotype.weights);
  plan_ = Plan(std::move(phenotype.network));
  combinations_ = chosen_combinations(parts_.size(), levels, seed);
  constexpr int small = 32;
  const Picture first = picture(combinations_.front(), small);
  if (std::ranges::all_of(combinations_,
                          [&](const Combination& one) { return picture(one, small).rgb == first.rgb; }))
    throw ConfigError(target.title + ": switching its parts changes nothing");
}

double PictureFamily::possible() const { return std::pow(levels_, static_cast<double>(parts_.size())); }

std::vector<double> PictureFamily::code(const Combination& combination) const {
  std::vector<double> code;
  for (const std::uint8_t level : combination) code.push_back(static_cast<double>(level) / (levels_ - 1));
  return code;
}

Weights PictureFamily::weights(const Combination& combination) const {
  const auto z = code(combination);
  Weights weights = own_;
  for (std::size_t slot = 0; slot < weights.size(); ++slot)
    if (const int part = part_of_slot_[slot]; part >= 0)
      weights[slot] = static_cast<float>(z[static_cast<std::size_t>(part)] * static_cast<double>(own_[slot]));
  return weights;
}

Picture PictureFamily::picture(const Combination& combination, int size) const {
  return draw(plan_, weights(combination), {size, size});
}

Signature PictureFamily::signature() const {
  Signature signature = picture_signature();
  for (std::size_t p = 0; p < parts_.size(); ++p) signature.inputs.push_back("z" + std::to_string(p + 1));
  return signature;
}

SampleTable family_samples(const std::vector<std::vector<double>>& codes, int size) {
  const Grid grid{size, size};
  SampleTable table;
  table.inputs = 4 + static_cast<int>(codes.empty() ? 0 : codes.front().size());
  table.count = codes.size() * grid.pixels();
  table.values.resize(static_cast<std::size_t>(table.inputs) * table.count);
  std::size_t sample = 0;
  for (const auto& code : codes)
    for (std::size_t p = 0; p < grid.pixels(); ++p, ++sample) {
      const double x = grid.x(static_cast<int>(p) % size), y = grid.y(static_cast<int>(p) / size);
      std::vector<double> row{x, y, distance_scale * std::sqrt(x * x + y * y), 1};
      row.insert(row.end(), code.begin(), code.end());
      for (std::size_t i = 0; i < row.size(); ++i)
        table.values[i * table.count + sample] = static_cast<float>(row[i]);
    }
  return table;
}

std::vector<std::vector<float>> drawn_by_code(const Plan& plan, std::span<const float> weights,
                                              const std::vector<std::vector<double>>& codes, int size) {
  std::vector<std::vector<float>> pictures(codes.size());
  parallel_for(codes.size(), [&](std::size_t c) {
    const SampleTable samples = family_samples({codes[c]}, size);
    std::vector<float> raw(3 * samples.count);
    evaluate(plan, weights, samples, raw);
    pictures[c].resize(raw.size());
    for (std::size_t p = 0; p < samples.count; ++p) {
      const auto rgb = hsv_to_rgb(raw[p], raw[samples.count + p], raw[2 * samples.count + p]);
      for (std::size_t k = 0; k < 3; ++k) pictures[c][k * samples.count + p] = rgb[k];
    }
  });
  return pictures;
}

}  // namespace skein::experiments
