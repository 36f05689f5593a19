#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace skein::experiments {

/// A number measured at several depths for several seeds, larger being more of what is looked for.
struct DepthTable {
  std::vector<int> depths;                  ///< rising
  std::vector<std::vector<double>> values;  ///< shape (seeds, depths); NaN where there is none

  /// Throws ConfigError: no depth, depths that do not rise, fewer than two seeds, rows of other lengths.
  void validate() const;
};

/// What a number does along the depths.
enum class DepthShape : std::uint8_t { peak, monotone, flat, inconclusive };
std::string_view name(DepthShape shape);

struct ShapeSettings {
  int permutations = 1999;  ///< drawn where not all can be gone through
  int resamples = 1999;     ///< of the bootstrap, likewise
  double level = 0.05;      ///< a p no larger than this counts
  std::uint64_t seed = 0;   ///< of what is drawn

  void validate() const;  ///< throws ConfigError
};

/// The finding about one table.
///
/// The null hypothesis is that depth does not matter: then the values of a seed could as well stand in any other order.
/// Every p is the share of such orders (all of them where there are at most 20,000, else drawn at random, the order that
/// was found counted among them) that look at least as much like what is tested. Missing values stay where they are.
/// Depths with fewer than two values are left out.
///
/// - *Flatness*: the sum of squares of the means by depth about the seeds' own means. A monotone curve fails it too.
/// - *Peak*: the largest mean, if it is neither the first nor the last, has a lead over the mean of the shallow third of
///   the depths and one over that of the deep third (itself left out); `p_shallow` and `p_deep` are those of the leads.
///   As the larger p counts, which is that of the smaller lead, `p` holds the smaller lead against the smaller lead of
///   the orders, each with its own largest mean: so tables without shape are called peaks at the stated level.
/// - *Trend*: the slope of the means along the ranks of the depths, either way.
///
/// A table has a *peak* when that p counts; else it is *monotone* when flatness and trend both fail; *flat* when flatness
/// holds and could have failed with so few values; and *inconclusive* otherwise.
struct ShapeFinding {
  DepthShape shape = DepthShape::inconclusive;
  std::vector<int> depths;    ///< those that were looked at
  std::vector<double> means;  ///< over seeds, of each
  std::size_t seeds = 0;
  bool all_orders = false;  ///< every order was gone through
  double flatness_p = 1;
  double trend_p = 1;
  double trend = 0;  ///< per depth of the axis, by its rank
  double p_shallow = 1, p_deep = 1, p = 1;
  double lead = 0;        ///< the smaller one; not a number when the largest mean is at an end
  double least_lead = 0;  ///< the smaller lead that would have been called a peak
  int place = 0;          ///< the depth of the largest mean, whatever the shape
  int low = 0, high = 0;  ///< 95 % of the places in tables of seeds drawn again
};

/// Same table and settings, same finding, on any machine. Throws ConfigError as the `validate`s do, and when no depth has
/// two values.
ShapeFinding shape_of_depth(const DepthTable& table, const ShapeSettings& settings = {});

}  // namespace skein::experiments
