#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/basin/arrivals.hpp"
#include "experiments/basin/census.hpp"
#include "experiments/drawing/drawing.hpp"
#include "experiments/landscape/mechanisms.hpp"
#include "experiments/landscape/minibatch_report.hpp"
#include "experiments/landscape/radius.hpp"

namespace skein::experiments {

/// Everything that a run has found.
struct BasinFindings {
  std::string target;
  double bar = 0, plain_loss = 0;
  std::vector<CensusCell> census;
  std::vector<ArrivalGroup> inside;  ///< of wirings with arrivals
  std::vector<Radius> radius;
  std::vector<Mechanisms> mechanisms;
  std::vector<MinibatchWalk> walks;
};

/// One line a start: wiring, start, weights, first_loss, loss, best_loss, steps, arrived, state.
std::string starts_csv(const BasinFindings& findings);
/// One line a wiring: its share of arrivals with the interval, quantiles of the least losses, different solutions.
std::string census_csv(const BasinFindings& findings);
/// One line an arrival that was looked at.
std::string arrivals_csv(const BasinFindings& findings);
/// One line a network, place and strength of noise.
std::string radius_csv(const BasinFindings& findings);
/// One line a network and place: the noise at which half return.
std::string half_way_csv(const BasinFindings& findings);

/// `wirings`, `radius`, `mechanisms` and `minibatches` as documented for the command; numbers that are not finite are null.
nlohmann::ordered_json basin_json(const BasinFindings& findings);
/// The same for people.
std::string basin_text(const BasinFindings& findings);

/// Left, the share of starts whose least loss is so much or less, with the bar; right, the share of disturbed copies that
/// return against the noise (all weights), with Wilson bands.
Drawing basin_figure(const BasinFindings& findings);

}  // namespace skein::experiments
