#include "experiments/cli/score_options.hpp"

#include <CLI/CLI.hpp>

namespace skein::experiments {

void add_score_options(CLI::App& app, ScoreSettings& settings) {
  app.add_option("--size", settings.size, "side of the pictures that are judged, pixels")
      ->check(CLI::Range(8, 2048))
      ->capture_default_str();
  app.add_option("--weights", settings.weights, "weights sampled, spread over the layers")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--change", settings.match.change, "visible change that steps are matched at")
      ->capture_default_str();
}

}  // namespace skein::experiments
