#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/polar/polar_cases.hpp"

namespace skein::experiments {

/// Are the relations of parts distances and angles in a network's units? Which networks are asked.
struct PolarPlan {
  double held_out = 0.5;                ///< share of the sets of parts that no probe is fitted to
  int width = 32;                       ///< units of a student's layer
  std::vector<int> ranks{2, 4, 8, 16};  ///< of the probes; controls are at the greatest
  int seeds = 3;
  std::uint64_t first_seed = 0;
  CoverageSettings students = {};  ///< how students are trained, on every combination
  ProbeSettings probe = {};        ///< but its rank
  /// Throws ConfigError; ranks are 1 to `width`, ascending.
  void validate() const;
};

/// Whose units are asked.
enum class PolarSource : std::uint8_t {
  trained,    ///< a student that draws the whole family
  untrained,  ///< control: the same student before training
  genome,     ///< the labelled genome itself
  names,      ///< control: nothing but the node's name, by a probe
  table,      ///< control: the same without a probe, each pair of names with what was seen of it
};
inline constexpr PolarSource all_polar_sources[] = {PolarSource::trained, PolarSource::untrained,
                                                    PolarSource::genome, PolarSource::names,
                                                    PolarSource::table};
std::string_view name(PolarSource source);

/// Which relations a probe was told.
///   true       those there are
///   none       no angles are asked for (lambda 0): the tree alone
///   shuffled   exchanged over all edges, and judged by those there are
///   by-pair    exchanged between pairs of names, and judged by the same
struct PolarProbe {
  std::string layer;
  std::int64_t units = 0;
  int rank = 0;  ///< 0 of the table
  std::string relations = "true";
  ProbeScore score;
};

/// One source at one seed: of the student, of the split and of the probes.
struct PolarRow {
  PolarSource source = PolarSource::trained;
  std::uint64_t seed = 0;
  double fit_r2 = 0;  ///< R2 of what is drawn over the whole family; NaN where nothing is
  std::vector<PolarProbe> probes;
  std::string failed = {};  ///< why there is none: the training left the finite numbers
  std::string id() const;   ///< "trained-s0"
};

/// Makes one row, and where it trains a student leaves it, its code held at "all on", as `network`. Nothing when the
/// listener asked to stop.
std::optional<PolarRow> polar_row(const PictureFamily& family, const PolarCases& cases, const PolarPlan& plan,
                                  PolarSource source, std::uint64_t seed,
                                  const std::filesystem::path& network, const ProgressListener& listener);

nlohmann::ordered_json to_json(const PolarRow& row);
/// Throws FormatError naming `file`.
PolarRow polar_row_from_json(const nlohmann::ordered_json& json, const std::string& file);

/// What a probe of full rank reads in planted trees and in noise, ten times, on the cases and splits of ten seeds from the
/// first: told with every run. Nothing when the listener asked to stop.
std::optional<nlohmann::ordered_json> polar_known_answers(const PolarCases& cases, const PolarPlan& plan,
                                                          const ProgressListener& listener);

/// Per source, layer, rank and relations: the spread over seeds. `groups`.
nlohmann::ordered_json polar_summary(const std::vector<PolarRow>& rows);
/// The trained students' layers together, at the greatest rank, against each control and the genome, seed by seed: `than`,
/// `number`, the spread of the `difference`, in how many seeds it is `higher` and `lower`, and the two-sided `p` of
/// the sign-flip test.
nlohmann::ordered_json polar_paired(const std::vector<PolarRow>& rows);
/// The tree of the picture with everything on: each node, its head and relation.
nlohmann::ordered_json whole_tree(const PolarCases& cases);
/// How often each relation occurs over all cases.
nlohmann::ordered_json relation_counts(const PolarCases& cases);

/// One line a probe.
std::string polar_csv(const std::vector<PolarRow>& rows);

/// Trees and relations read, by layer and by rank, with the controls.
Drawing polar_figure(const std::vector<PolarRow>& rows, const std::string& title);

}  // namespace skein::experiments
