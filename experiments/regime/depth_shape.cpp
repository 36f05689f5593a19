#include "experiments/regime/depth_shape.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

constexpr double none = -std::numeric_limits<double>::infinity();
constexpr std::size_t most_orders = 20'000;  // that are all gone through
constexpr std::size_t most_samples = 3125;   // of seeds: all of those of five

/// What a table says, in the numbers whose p is asked for.
struct Statistics {
  double flatness = 0, trend = 0;
  double shallow = none, deep = none, lead = none;
};

/// Values about their seed's mean; depths with too few values are gone.
class Residuals {
 public:
  explicit Residuals(const DepthTable& table) {
    for (std::size_t d = 0; d < table.depths.size(); ++d) {
      const auto count =
          std::ranges::count_if(table.values, [&](const auto& row) { return std::isfinite(row[d]); });
      if (count < 2) continue;
      depths.push_back(table.depths[d]);
      counts_.push_back(static_cast<double>(count));
      columns_.push_back(d);
    }
    if (depths.empty()) throw ConfigError("no depth has values of two seeds");
    for (const auto& row : table.values) add_seed(row);
  }

  std::size_t depth_count() const { return depths.size(); }

  /// The values of each seed in another order among the places where it has any.
  template <class Reorder>
  void reordered(const Reorder& reorder, std::vector<double>& into) const {
    into.assign(values_.size(), std::nan(""));
    std::vector<double> own;
    for (std::size_t s = 0; s < places_.size(); ++s) {
      own = own_[s];
      reorder(s, own);
      for (std::size_t i = 0; i < own.size(); ++i) into[s * depth_count() + places_[s][i]] = own[i];
    }
  }

  Statistics statistics(const std::vector<double>& values, std::vector<double>& means) const {
    const std::size_t n = depth_count();
    means.assign(n, 0);
    for (std::size_t s = 0; s < places_.size(); ++s)
      for (const std::size_t d : places_[s]) means[d] += values[s * n + d];
    for (std::size_t d = 0; d < n; ++d) means[d] /= counts_[d];
    Statistics found;
    double ranks = 0;
    for (std::size_t d = 0; d < n; ++d) {
      const double rank = static_cast<double>(d) - (static_cast<double>(n) - 1) / 2;
      found.flatness += counts_[d] * means[d] * means[d];
      found.trend += rank * means[d];
      ranks += rank * rank;
    }
    if (ranks > 0) found.trend /= ranks;
    const auto best = static_cast<std::size_t>(std::ranges::max_element(means) - means.begin());
    if (best == 0 || best + 1 == n) return found;
    const std::size_t third = std::max<std::size_t>(1, n / 3);
    found.shallow = means[best] - mean_of(means, 0, third, best);
    found.deep = means[best] - mean_of(means, n - third, n, best);
    found.lead = std::min(found.shallow, found.deep);
    return found;
  }

  std::size_t seeds() const { return places_.size(); }
  const std::vector<double>& own(std::size_t seed) const { return own_[seed]; }
  const std::vector<double>& values() const { return values_; }
  /// The number of orders, or 0 when there are more than `most`.
  std::size_t orders(std::size_t most) const {
    std::size_t all = 1;
    for (const auto& own : own_)
      for (std::size_t i = 2; i <= own.size(); ++i)
        if ((all *= i) > most) return 0;
    return all;
  }

  std::vector<int> depths;

 private:
  void add_seed(const std::vector<double>& row) {
    std::vector<std::size_t> places;
    double sum = 0;
    for (std::size_t d = 0; d < columns_.size(); ++d)
      if (std::isfinite(row[columns_[d]])) places.push_back(d), sum += row[columns_[d]];
    const double mean = places.empty() ? 0 : sum / static_cast<double>(places.size());
    std::vector<double> own;
    std::vector<double> wide(columns_.size(), std::nan(""));
    for (const std::size_t d : places) own.push_back(wide[d] = row[columns_[d]] - mean);
    values_.insert(values_.end(), wide.begin(), wide.end());
    places_.push_back(std::move(places));
    own_.push_back(std::move(own));
  }

  static double mean_of(const std::vector<double>& means, std::size_t from, std::size_t to,
                        std::size_t without) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t d = from; d < to; ++d)
      if (d != without) sum += means[d], ++count;
    return sum / static_cast<double>(count);  // the first and the last are never left out
  }

  std::vector<double> counts_;                    ///< values at each depth
  std::vector<std::size_t> columns_;              ///< of the table
  std::vector<double> values_;                    ///< shape (seeds, depths)
  std::vector<std::vector<std::size_t>> places_;  ///< of each seed, where it has values
  std::vector<std::vector<double>> own_;          ///< of each seed, its values
};

/// Counts the orders that look at least as much like what is tested.
class OrderCount {
 public:
  explicit OrderCount(const Statistics& found, double scale) : found_(found), slack_(1e-9 * scale) {}

  void add(const Statistics& other) {
    ++all_;
    flatness_ += other.flatness >= found_.flatness - slack_ * slack_ - 1e-9 * found_.flatness;
    trend_ += std::abs(other.trend) >= std::abs(found_.trend) - slack_;
    if (found_.lead == none) return leads_.push_back(other.lead);
    shallow_ += other.shallow >= found_.shallow - slack_;
    deep_ += other.deep >= found_.deep - slack_;
    lead_ += other.lead >= found_.lead - slack_;
    leads_.push_back(other.lead);
  }

  void write(ShapeFinding& finding, double level) {
    const auto share = [&](std::size_t count) {
      return static_cast<double>(count) / static_cast<double>(all_);
    };
    finding.flatness_p = share(flatness_);
    finding.trend_p = share(trend_);
    if (found_.lead != none)
      finding.p_shallow = share(shallow_), finding.p_deep = share(deep_), finding.p = share(lead_);
    // The least lead that so few orders reach that its p counts.
    std::ranges::sort(leads_, std::greater<>{});
    const auto rank = static_cast<std::size_t>(level * static_cast<double>(all_));
    const double least = rank == 0 ? none : leads_[rank - 1];
    finding.least_lead = std::isfinite(least) ? least : std::nan("");
  }

 private:
  Statistics found_;
  double slack_;
  std::size_t all_ = 0, flatness_ = 0, trend_ = 0, shallow_ = 0, deep_ = 0, lead_ = 0;
  std::vector<double> leads_;
};

/// Goes through every order of every seed's values.
template <class Visit>
void all_orders(const Residuals& residuals, const Visit& visit) {
  std::vector<std::vector<std::size_t>> order(residuals.seeds());
  for (std::size_t s = 0; s < order.size(); ++s) {
    order[s].resize(residuals.own(s).size());
    std::iota(order[s].begin(), order[s].end(), std::size_t{0});
  }
  for (bool more = true; more;) {
    visit([&](std::size_t s, std::vector<double>& own) {
      for (std::size_t i = 0; i < own.size(); ++i) own[i] = residuals.own(s)[order[s][i]];
    });
    more = false;
    for (auto& one : order)
      if (std::ranges::next_permutation(one).found) {
        more = true;
        break;
      }
  }
}

void test(const Residuals& residuals, const ShapeSettings& settings, ShapeFinding& finding) {
  std::vector<double> values = residuals.values(), means;
  const Statistics found = residuals.statistics(values, means);
  double scale = 0;
  for (const double value : values)
    if (std::isfinite(value)) scale = std::max(scale, std::abs(value));
  OrderCount count(found, scale);
  const auto visit = [&](const auto& reorder) {
    residuals.reordered(reorder, values);
    count.add(residuals.statistics(values, means));
  };
  if (residuals.orders(most_orders) > 0) {
    finding.all_orders = true;
    all_orders(residuals, visit);
  } else {
    count.add(found);
    RandomStream random(settings.seed, "orders of depths");
    for (int i = 0; i < settings.permutations; ++i)
      visit([&](std::size_t, std::vector<double>& own) { random.shuffle(std::span(own)); });
  }
  count.write(finding, settings.level);
  finding.trend = found.trend;
  finding.lead = std::isfinite(found.lead) ? found.lead : std::nan("");
}

/// The place of the largest mean when these seeds are the table's; nothing when they have no values.
int place_among(const Residuals& residuals, const std::vector<std::size_t>& seeds) {
  const std::size_t n = residuals.depth_count();
  double best = none;
  int place = residuals.depths.front();
  for (std::size_t d = 0; d < n; ++d) {
    double sum = 0, count = 0;
    for (const std::size_t s : seeds)
      if (const double value = residuals.values()[s * n + d]; std::isfinite(value)) sum += value, ++count;
    if (count > 0 && sum / count > best) best = sum / count, place = residuals.depths[d];
  }
  return place;
}

void locate(const Residuals& residuals, const ShapeSettings& settings, ShapeFinding& finding) {
  const std::size_t n = residuals.seeds();
  std::vector<std::size_t> seeds(n);
  std::iota(seeds.begin(), seeds.end(), std::size_t{0});
  finding.place = place_among(residuals, seeds);
  std::vector<int> places;
  if (std::pow(n, n) <= most_samples) {
    std::ranges::fill(seeds, 0);
    for (bool more = true; more;) {
      places.push_back(place_among(residuals, seeds));
      more = false;
      for (std::size_t& seed : seeds)
        if (++seed < n) {
          more = true;
          break;
        } else {
          seed = 0;
        }
    }
  } else {
    RandomStream random(settings.seed, "seeds drawn again");
    for (int i = 0; i < settings.resamples; ++i) {
      for (std::size_t& seed : seeds) seed = random.below(static_cast<std::uint32_t>(n));
      places.push_back(place_among(residuals, seeds));
    }
  }
  std::ranges::sort(places);
  const auto tail = static_cast<std::size_t>(0.025 * static_cast<double>(places.size()));
  finding.low = places[tail];
  finding.high = places[places.size() - 1 - tail];
}

/// Whether flatness could have failed at the level with so few values: the orders that give every seed the same new
/// order of depths all look alike.
bool could_fail(const Residuals& residuals, double level) {
  double log_orders = 0;
  for (std::size_t s = 0; s < residuals.seeds(); ++s)
    log_orders += std::lgamma(static_cast<double>(residuals.own(s).size()) + 1);
  return log_orders - std::lgamma(static_cast<double>(residuals.depth_count()) + 1) >= -std::log(level);
}

}  // namespace

void DepthTable::validate() const {
  if (depths.empty()) throw ConfigError("depths: there are none");
  for (std::size_t d = 1; d < depths.size(); ++d)
    if (depths[d] <= depths[d - 1])
      throw ConfigError("depths must rise: " + std::to_string(depths[d]) + " stands after " +
                        std::to_string(depths[d - 1]));
  if (values.size() < 2)
    throw ConfigError("seeds " + std::to_string(values.size()) +
                      ": the shape of a depth curve needs two or more");
  for (const auto& row : values)
    if (row.size() != depths.size())
      throw ConfigError("a seed has " + std::to_string(row.size()) + " values at " +
                        std::to_string(depths.size()) + " depths");
}

void ShapeSettings::validate() const {
  if (permutations < 99) throw ConfigError("permutations " + std::to_string(permutations) + ": 99 or more");
  if (resamples < 99) throw ConfigError("resamples " + std::to_string(resamples) + ": 99 or more");
  if (!(level > 0 && level < 1)) throw ConfigError("level " + std::to_string(level) + ": between 0 and 1");
}

std::string_view name(DepthShape shape) {
  constexpr std::string_view names[] = {"peak", "monotone", "flat", "inconclusive"};
  return names[static_cast<std::size_t>(shape)];
}

ShapeFinding shape_of_depth(const DepthTable& table, const ShapeSettings& settings) {
  table.validate();
  settings.validate();
  const Residuals residuals(table);
  ShapeFinding finding;
  finding.depths = residuals.depths;
  finding.seeds = residuals.seeds();
  for (const int depth : finding.depths) {
    const auto d = static_cast<std::size_t>(std::ranges::find(table.depths, depth) - table.depths.begin());
    double sum = 0, count = 0;
    for (const auto& row : table.values)
      if (std::isfinite(row[d])) sum += row[d], ++count;
    finding.means.push_back(sum / count);
  }
  test(residuals, settings, finding);
  locate(residuals, settings, finding);
  const double level = settings.level;
  if (finding.p <= level) finding.shape = DepthShape::peak;
  else if (finding.flatness_p <= level && finding.trend_p <= level) finding.shape = DepthShape::monotone;
  else if (finding.flatness_p > level && could_fail(residuals, level)) finding.shape = DepthShape::flat;
  return finding;
}

}  // namespace skein::experiments
