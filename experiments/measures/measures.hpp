#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/measures/evidence.hpp"

namespace skein::experiments {

/// Which side of a measure speaks of factors: declared before it was tried.
enum class Side : std::uint8_t { higher, lower, neither };

/// What a deliberately fractured twin of a network is expected to do to a measure.
enum class Expected : std::uint8_t { raises, lowers, leaves, either };

/// The twins: units split into several that must agree, cancelling pairs added, units between linear copies
/// rotated by a random orthogonal matrix. All draw the same picture as the original.
struct TwinExpectations {
  Expected split = Expected::either;
  Expected cancel = Expected::either;
  Expected rotate = Expected::either;
};

enum class Family : std::uint8_t { composition, factors, fracture, entanglement, maps, robustness, parts };
std::string_view name(Family family);

/// What a measure's sample consists of, and so what the bootstrap draws again.
enum class Domain : std::uint8_t { weights, directions, units, noise, whole };

/// A measure: one function and one row in `measure_table`. The function sees the evidence and which items of
/// its domain to use (indices, with repetitions in a resample), and gives nothing where there is nothing to
/// measure.
struct MeasureDefinition {
  std::string_view name;
  Family family;
  Domain domain;
  std::string_view unit;
  Side factored;  ///< the side on which a factored network lies
  TwinExpectations twins;
  bool in_verdict;  ///< counts for the verdict; what each passed and failed stands in MEASURES.md
  std::optional<double> (*value)(const Evidence& evidence, std::span<const std::uint32_t> sample);
  std::string_view meaning;  ///< one line
  /// Holds weights against each other by their layer, source or target. Where weights are used in several places, as in
  /// the rounds of a tied recursion, they have no one such place, and there is no value.
  bool by_place = false;
};

/// Every measure, in the order of tables.
std::span<const MeasureDefinition> measure_table();

/// One measure of one network. `low` and `high` hold 95 % of the bootstrap's resamples (layers kept): the
/// error of sampling weights, directions or units within this network, nothing more.
struct MeasuredValue {
  std::string name;
  std::optional<double> value;  ///< nothing where there was nothing to measure; `reason` says why
  double low = 0, high = 0;     ///< equal to the value where nothing is sampled
  std::string unit;
  Side factored = Side::neither;
  bool in_verdict = false;
  std::string reason;
};

/// The whole table of one network.
struct Score {
  std::vector<MeasuredValue> measures;
  std::size_t movable = 0;                               ///< weights of its own that the network has
  std::size_t sampled = 0;                               ///< of these, how many were moved
  const MeasuredValue& at(std::string_view name) const;  ///< throws ConfigError when there is none
};

/// Same seed, same numbers, on any number of threads. Every network gets a defined answer: one that draws a
/// constant, is not finite, has one unit or no visible effect anywhere.
Score score(const Evidence& evidence);
Score score(const Subject& subject, const ScoreSettings& settings = {},
            const ProgressListener& listener = {});

/// The value of the measure `participation` alone, at a small part of the table's price: `settings.parts` must be given, of
/// the rest only `seed` and `weights` count. Nothing where no step shows.
std::optional<double> participation_of(const Subject& subject, const ScoreSettings& settings);

}  // namespace skein::experiments
