#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/command.hpp"
#include "experiments/runs/option_uses.hpp"
#include "experiments/volume/wiring_volume.hpp"

namespace skein::experiments {

/// What `skein volume` is asked for.
struct VolumeArguments {
  std::vector<int> widths{3, 6, 12, 24, 48, 96, 192}, depths{1, 2, 3, 4, 5, 6, 7, 8, 9};
  RandomWiring wiring;
  std::optional<double> density;
  int levels = 0;
  std::uint64_t samples = 20'000;
  std::string out;
  // Theory against practice.
  std::string practice;
  std::vector<std::string> targets;
  std::int64_t starts = 10, steps = 4000;
  int sketches = 4, size = 32;
  double bar_share = 0.2, factored = 1.5;
  OptionUses uses;
};

/// --practice and what goes with it; gives back --practice.
CLI::Option* add_practice_options(CLI::App& app, VolumeArguments& o);

/// `skein volume --practice RUN`.
Outcome run_practice(const VolumeArguments& o, const Session& session);

}  // namespace skein::experiments
