#include "neat/search/novelty.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

namespace skein::neat {

namespace {

void check(std::span<const Behaviour> behaviours, std::size_t length) {
  for (const Behaviour& behaviour : behaviours) {
    if (behaviour.size() != length)
      throw ConfigError("novelty: behaviours of " + std::to_string(length) + " and of " +
                        std::to_string(behaviour.size()) + " numbers cannot be compared");
    for (const double value : behaviour)
      if (!std::isfinite(value)) throw ConfigError("novelty: a behaviour holds " + std::to_string(value));
  }
}

double squared_distance(const Behaviour& a, const Behaviour& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

void expect(bool good, const char* what, const std::string& found, const char* allowed) {
  if (!good) throw ConfigError(std::string("novelty: ") + what + " is " + found + "; allowed: " + allowed);
}

}  // namespace

void validate(const NoveltySettings& settings) {
  expect(settings.neighbours >= 1 && settings.neighbours <= 1000, "neighbours",
         std::to_string(settings.neighbours), "1 to 1000");
  expect(settings.added_per_generation >= 0 && settings.added_per_generation <= 10'000,
         "added per generation", std::to_string(settings.added_per_generation), "0 to 10000");
  expect(settings.capacity >= 1 && settings.capacity <= 10'000'000, "capacity",
         std::to_string(settings.capacity), "1 to 10000000");
}

std::vector<double> novelty(std::span<const Behaviour> behaviours, std::span<const Behaviour> archive,
                            int neighbours) {
  if (behaviours.empty()) return {};
  check(behaviours, behaviours[0].size());
  check(archive, behaviours[0].size());
  std::vector<double> result(behaviours.size());
  parallel_for(behaviours.size(), [&](std::size_t i) {
    std::vector<double> distances;
    distances.reserve(behaviours.size() + archive.size());
    for (std::size_t j = 0; j < behaviours.size(); ++j)
      if (j != i) distances.push_back(squared_distance(behaviours[i], behaviours[j]));
    for (const Behaviour& other : archive) distances.push_back(squared_distance(behaviours[i], other));
    const std::size_t k = std::min(distances.size(), static_cast<std::size_t>(std::max(neighbours, 1)));
    std::partial_sort(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(k), distances.end());
    double sum = 0;
    for (std::size_t n = 0; n < k; ++n) sum += std::sqrt(distances[n]);
    result[i] = k == 0 ? 0 : sum / static_cast<double>(k);
  });
  return result;
}

std::vector<double> score_novelty(NoveltyArchive& archive, std::span<const Organism> organisms,
                                  std::span<const Behaviour> behaviours, const NoveltySettings& settings) {
  validate(settings);
  if (organisms.size() != behaviours.size())
    throw ConfigError("novelty: " + std::to_string(organisms.size()) + " organisms with " +
                      std::to_string(behaviours.size()) + " behaviours");
  std::vector<double> scores = novelty(behaviours, archive.behaviours, settings.neighbours);
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(settings.added_per_generation)));
  for (const std::size_t i : order) {
    archive.organisms.push_back(organisms[i]);
    archive.organisms.back().fitness = scores[i];
    archive.behaviours.push_back(behaviours[i]);
  }
  if (archive.organisms.size() > settings.capacity) {
    const auto surplus = static_cast<std::ptrdiff_t>(archive.organisms.size() - settings.capacity);
    archive.organisms.erase(archive.organisms.begin(), archive.organisms.begin() + surplus);
    archive.behaviours.erase(archive.behaviours.begin(), archive.behaviours.begin() + surplus);
  }
  return scores;
}

}  // namespace skein::neat
