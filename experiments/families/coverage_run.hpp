#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"
#include "experiments/families/coverage.hpp"

namespace skein::experiments {

/// Which students a run trains.
struct CoveragePlan {
  std::vector<double> held_out{0.25, 0.5, 0.75};
  std::vector<int> widths{16, 32, 64};
  int seeds = 3;
  std::uint64_t first_seed = 0;
  bool controls =
      true;  ///< disconnected, missing and shuffled supports, at the middle width and the middle share
  CoverageSettings settings = {};
  void validate() const;  ///< throws ConfigError
};

/// One student of a run.
struct CoverageKey {
  Support support = Support::connected;
  double held_out = 0;  ///< asked for; of the supports that hold out what they must, 0
  int width = 0;
  std::uint64_t seed = 0;
  std::string id() const;  ///< "connected-0.25-w32-s0"
  bool operator==(const CoverageKey&) const = default;
};

/// A student as measured.
struct CoverageRow {
  CoverageKey key;
  std::size_t seen = 0, unseen = 0;  ///< combinations
  std::int64_t weights = 0;
  Coverage coverage;
  /// Organisation: the median participation of the student that draws the picture itself, on the picture's parts.
  double participation = 0;
  /// Why there is no student: its training left the finite numbers. No number of the row is finite then.
  std::string failed = {};
};

/// Disconnected and missing supports have a control of their own: connected ones that see as many combinations (those of
/// the first seed), where so many can join all parts.
std::vector<CoverageKey> students_of(const PictureFamily& family, const CoveragePlan& plan);

/// Trains and measures one student and leaves its network, code held at "all on", as `network`; one whose training left
/// the finite numbers is a row that says so, without a network. Nothing when the listener asked to stop.
std::optional<CoverageRow> make_student(const PictureFamily& family, const PartRegions& regions,
                                        const CoverageKey& key, const CoverageSettings& settings,
                                        const std::filesystem::path& network,
                                        const ProgressListener& listener);

nlohmann::ordered_json to_json(const CoverageRow& row);
/// Throws FormatError naming `file`.
CoverageRow coverage_row_from_json(const nlohmann::ordered_json& json, const std::string& file);

/// What hand-gated and lookup networks give on the splits of the first seed: the known answers, told with every run.
nlohmann::ordered_json known_answers(const PictureFamily& family, const CoveragePlan& plan);

/// Per support, share and width: mean and spread over the seeds that did not fail, and how many did; rank
/// correlations between students of unseen R2, decodability of the last layer and participation.
nlohmann::ordered_json summary_of(const std::vector<CoverageRow>& rows);

/// One line per student; per student and layer; per student and number of parts.
std::string coverage_csv(const std::vector<CoverageRow>& rows);
std::string decodability_csv(const std::vector<CoverageRow>& rows);
std::string composed_csv(const std::vector<CoverageRow>& rows);

/// Unseen R2 against the share held out, by width, with the controls; decodability by layer; R2 by composed parts.
Drawing coverage_figure(const std::vector<CoverageRow>& rows, const std::string& title);

}  // namespace skein::experiments
