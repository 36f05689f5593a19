#include "experiments/labels/label_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

struct Pair {
  double similarity = 0;
  std::size_t a = 0, b = 0;
};

/// Twice the average rank of every pair, so that ties stay whole numbers. Ranks count from 1.
std::vector<std::uint64_t> doubled_ranks(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return pairs[i].similarity != pairs[j].similarity ? pairs[i].similarity < pairs[j].similarity : i < j;
  });
  std::vector<std::uint64_t> ranks(pairs.size());
  for (std::size_t first = 0, last; first < order.size(); first = last) {
    last = first;
    while (last < order.size() && pairs[order[last]].similarity == pairs[order[first]].similarity) ++last;
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = first + 1 + last;
  }
  return ranks;
}

double area_under_curve(const std::vector<Pair>& pairs, const std::vector<std::uint64_t>& ranks,
                        const std::vector<int>& label, std::size_t same) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (label[pairs[i].a] == label[pairs[i].b]) sum += ranks[i];
  const double n = static_cast<double>(same), others = static_cast<double>(pairs.size() - same);
  return (static_cast<double>(sum) / 2 - n * (n + 1) / 2) / (n * others);
}

}  // namespace

std::optional<std::string> sense_of(const std::string& label) {
  std::string sense;
  for (const char c : label) sense += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (const auto at = sense.find(": of interest"); at != std::string::npos) sense.erase(at, 13);
  const auto first = sense.find_first_not_of(" \t\"");
  if (first == std::string::npos) return std::nullopt;
  sense = sense.substr(first, sense.find_last_not_of(" \t\r\"") - first + 1);
  for (const char* nothing : {"no effect", "minor effect", "very little effect"})
    if (sense.starts_with(nothing)) return std::nullopt;
  return sense;
}

std::vector<std::optional<std::string>> senses_of(const neat::Genome& genome,
                                                  const std::vector<neat::LinkLabel>& labels) {
  std::map<neat::Marking, std::string> by_link;
  for (const neat::LinkLabel& label : labels) by_link[label.link] = label.label;
  std::vector<std::optional<std::string>> senses;
  for (const neat::Link& link : genome.links) {
    const auto found = by_link.find(link.id);
    senses.push_back(found == by_link.end() || !link.enabled ? std::nullopt : sense_of(found->second));
  }
  return senses;
}

LabelAgreement label_agreement(const Eigen::MatrixXd& similarity,
                               const std::vector<std::optional<std::string>>& labels, int shuffles,
                               std::uint64_t seed) {
  if (similarity.rows() != static_cast<Eigen::Index>(labels.size()) || similarity.cols() != similarity.rows())
    throw ConfigError("label agreement: " + std::to_string(similarity.rows()) + " similarities for " +
                      std::to_string(labels.size()) + " labels");
  std::map<std::string, int> numbers;
  std::vector<Eigen::Index> rows;
  std::vector<int> label;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i]) continue;
    rows.push_back(static_cast<Eigen::Index>(i));
    label.push_back(numbers.try_emplace(*labels[i], static_cast<int>(numbers.size())).first->second);
  }
  LabelAgreement result;
  result.links = rows.size();
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = a + 1; b < rows.size(); ++b) {
      pairs.push_back({similarity(rows[a], rows[b]), a, b});
      ++(label[a] == label[b] ? result.same : result.different);
    }
  if (result.same == 0 || result.different == 0)
    throw ConfigError("label agreement needs pairs of links with one label and with two; there are " +
                      std::to_string(result.same) + " and " + std::to_string(result.different));
  const auto ranks = doubled_ranks(pairs);
  result.area = area_under_curve(pairs, ranks, label, result.same);
  double sum = 0, squares = 0;
  for (int i = 0; i < shuffles; ++i) {
    auto shuffled = label;
    RandomStream(seed, "label shuffles", static_cast<std::uint64_t>(i)).shuffle(std::span(shuffled));
    const double area = area_under_curve(pairs, ranks, shuffled, result.same);
    sum += area;
    squares += area * area;
  }
  if (shuffles > 0) {
    result.shuffled = sum / shuffles;
    result.shuffled_spread = std::sqrt(std::max(0.0, squares / shuffles - result.shuffled * result.shuffled));
  }
  return result;
}

}  // namespace skein::experiments
