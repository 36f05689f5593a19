#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/regime/regime_files.hpp"
#include "experiments/regime/regime_run.hpp"
#include "experiments/runs/option_uses.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

struct RegimeArguments {
  RegimeSettings settings;
  std::string out;
  bool so_far = false, mixed = false;
};

Outcome regime(const RegimeArguments& options, const Session& session) {
  RegimeSettings settings = options.settings;
  settings.first_seed = session.seed();
  const auto findings =
      run_regime(settings, options.out, {.make = !options.so_far, .mixed = options.mixed}, session);
  nlohmann::ordered_json json = regime_json(findings, settings);
  json["out"] = options.out;
  return {json, regime_text(findings, settings) + "tables: " + options.out +
                    "/shapes.csv, connectivity.csv, regime.csv; " + "heat maps: " + options.out +
                    "/figures\n"};
}

}  // namespace

Command regime_command() {
  return {
      "regime", std::string(group_compare),
      "depth by connectivity: is there a depth at which networks are most factored?",
      "skein regime @face @sunset --depths 2,4,6,9 --methods dense-adam,sp,shuffle,random --keep 0.086 \\\n"
      "    --seeds 3 --steps 200 --size 32 --out runs/regime",
      [](CLI::App& app) -> RunCommand {
        const auto o = std::make_shared<RegimeArguments>();
        RegimeSettings& s = o->settings;
        app.add_option("TARGET,--target", s.targets, "networks or @names to draw, or PNGs or JPEGs")
            ->required();
        app.add_option("--out", o->out,
                       "folder of the run; the same command goes on, with more adds only that")
            ->required();
        app.add_option("--depths", s.depths,
                       std::string("numbers of hidden layers, rising (default ") + regime_depths +
                           "); a genome's own is always among them");
        app.add_option("--offsets", s.offsets, "instead: -8..8 or -2,1,3, around each target's own depth");
        app.add_option("--methods", s.methods,
                       "how networks come about, as in compare (default: dense, SP, magnitude, random, "
                       "shuffle; evolved "
                       "ones at their own depth)")
            ->delimiter(',');
        app.add_option("--keep", s.keep,
                       "weights of those that are cut (default 0.256 by SP and its shuffle, 0.086 by all)")
            ->delimiter(',');
        app.add_option("--seeds", s.seeds, "two or more (default 5)");
        app.add_option("--steps", s.steps, "of training (default 2000)")->check(CLI::Range(1, 100'000'000));
        app.add_option("--size", s.size, "longer side in pixels (default 64)")
            ->check(CLI::Range(2, largest_image_side));
        with_choices(app.add_option("--match", s.match,
                                    "what networks have in common: steps (default), or loss: each as it was "
                                    "when it first came under --bar"),
                     {"steps", "loss"});
        app.add_option("--bar", s.bar, "with --match loss: the loss");
        with_choices(app.add_option("--widths", s.widths,
                                    "at other depths: equal (default), or weights: as many weights"),
                     {"equal", "weights"});
        app.add_option("--arch", s.architecture, "of dense networks (default: each target's own)");
        app.add_option("--budget", s.budget,
                       "how closely networks are looked at: quick (default), standard or paper")
            ->check(CLI::IsMember({"quick", "standard", "paper"}));
        app.add_option("--measure", s.measure, "by which targets are judged (default compositional_score)");
        app.add_flag("--so-far", o->so_far, "look at the networks that are there, make none");
        app.add_flag("--mixed", o->mixed,
                     "allow another version, build or instruction set than the run began with");
        return [o](const Session& session) { return regime(*o, session); };
      }};
}

}  // namespace skein::experiments
