#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/measures/fractured_twins.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/statistics/statistics.hpp"

namespace skein::experiments {

/// The trial of the measures: does each tell an evolved network from those that gradient descent found for
/// the same picture, with the network as the unit of analysis; does it move as declared on fractured twins;
/// and what of it do the controls explain?

/// What the networks of a trial are to each other.
enum class Role : std::uint8_t {
  evolved,   ///< the one in question
  trained,   ///< dense, from random weights, several seeds: what it is held against
  control,   ///< others, in groups by name
  original,  ///< a network whose twins follow
  twin,      ///< one of them
};
std::string_view name(Role role);

struct TriedNetwork {
  std::string name;
  Role role = Role::trained;
  std::string group;           ///< control: the group's name; original and twin: whose
  Fracture fracture = {};      ///< of a twin
  std::optional<double> loss;  ///< mean squared error to the evolved network's picture
  bool blank = false;          ///< draws (nearly) a constant; takes no part in intervals
  std::size_t weights = 0;     ///< that are not 0
  Score score;
};

/// Where the evolved value lies.
enum class Standing : std::uint8_t {
  unmeasured,  ///< no value, or fewer than two networks to hold it against
  inside,      ///< the 95 % prediction interval
  factored,    ///< outside, on the side declared
  other,       ///< outside, on the other side
};
std::string_view name(Standing standing);

/// The evolved value against one group: 95 % prediction interval of a further network of the group (mean
/// +- t * s * sqrt(1 + 1/n)).
struct Comparison {
  std::string group;
  Interval interval;
  Standing standing = Standing::unmeasured;
};

/// How many twins of one kind moved; within 1e-9 of the original is no move.
struct TwinTally {
  int raised = 0, lowered = 0, of = 0;
  Expected declared = Expected::either;
  /// All moved as declared (`leaves`: none by more than 2 %); true where nothing is declared.
  bool as_declared = true;
};

struct MeasureTrial {
  MeasureDefinition measure;
  std::optional<double> evolved;
  Comparison against_trained;
  std::vector<Comparison> controls;
  std::array<TwinTally, 3> twins;  ///< in the order of `fractures`
  bool passes() const;             ///< factored against the trained ones, and every twin as declared
};

std::vector<MeasureTrial> try_measures(const std::vector<TriedNetwork>& networks);

/// The trial as a Markdown table, as a CSV of network by measure, and as JSON.
std::string to_markdown(const std::vector<MeasureTrial>& trials);
std::string to_csv(const std::vector<TriedNetwork>& networks);
nlohmann::ordered_json to_json(const std::vector<MeasureTrial>& trials);

}  // namespace skein::experiments
