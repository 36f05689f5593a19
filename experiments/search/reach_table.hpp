#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/search/picture_search.hpp"

namespace skein::experiments {

/// A picture that searches are to come near, as given on the command line.
struct Aim {
  std::string name;
  Picture picture;
};

/// What one search found for one target.
struct Trial {
  std::int64_t search = 0;  ///< its number in the run, in the order of the run
  Arm arm = Arm::target_driven;
  std::size_t aim = 0;
  std::uint64_t seed = 0;
  std::vector<Nearness> course = {};
  std::size_t hidden = 0;  ///< of the nearest genome: hidden nodes and
  std::size_t links = 0;   ///< links in use
  std::optional<double> compositional_score = {};

  double error() const { return course.back().error; }
};

/// One line of metrics.jsonl, and back; nothing when it is not one of these targets.
nlohmann::ordered_json to_json(const Trial& trial, const std::vector<Aim>& aims);
std::optional<Trial> parse_trial(const nlohmann::ordered_json& line, const std::vector<Aim>& aims);

/// All trials of a run with what they were for.
struct ReachTable {
  std::vector<Aim> aims;
  std::vector<Arm> arms;
  double reached = 0;  ///< an error of so much or less counts as reached
  std::vector<Trial> trials;

  std::vector<const Trial*> of(Arm arm, std::size_t aim) const;  ///< by seed
};

/// The root of the mean squared error of the target's own mean colour: what a plain picture reaches.
double plain_error(const Picture& target);

/// `header, one line per trial and level`: target, arm, seed, evaluations, pictures, error, loss (the error
/// squared), reached; of the whole search also hidden, links, compositional_score.
std::string to_csv(const ReachTable& table);

/// Per target and arm the spread over seeds of error, loss, size and score; per arm how often it reached; per
/// pair of arms the differences at the same target and seed.
nlohmann::ordered_json summary(const ReachTable& table);

/// One panel per target: error against pictures drawn, median and range over seeds of each arm.
Drawing reach_figure(const ReachTable& table);

}  // namespace skein::experiments
