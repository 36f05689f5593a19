#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "experiments/bench_cases.hpp"
#include "experiments/bench_evolution.hpp"
#include "experiments/command_table.hpp"
#include "experiments/net.hpp"
#include "lib/kernels.hpp"
#include "lib/parallel.hpp"
#include "lib/population.hpp"

namespace skein::experiments {

namespace {

constexpr int rounds = 5;

struct BenchOptions {
  std::string net;
  bool signature_only = false, evolution_only = false;
};

std::string hexadecimal(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

/// One line of results: times in milliseconds and what follows from them.
nlohmann::ordered_json row(const std::string& name, const Timing& timing) {
  return {{"name", name},
          {"ms", timing.median},
          {"ms_low", timing.low},
          {"ms_high", timing.high},
          {"rounds", timing.rounds}};
}

class Bench {
 public:
  explicit Bench(const Session& session)
      : session_(session), set_(best_instruction_set()), threads_(thread_count()) {
    peak_ = measured_peak(set_, threads_);
    results_ = nlohmann::ordered_json::array();
  }

  /// One step of training: loss and gradient. The fraction of the peak counts 6 flops per pixel and weight of
  /// the network as given, although folding does less.
  void training(const BenchCase& bench) {
    const Grid grid{256, 256};
    Loss loss(Plan(bench.network), grid, noise_target(grid));
    std::vector<float> gradient(bench.weights.size());
    const auto step = [&] { loss.value_and_gradient(bench.weights, gradient); };
    const Timing all = time_rounds(rounds, step);
    auto result = row("train step, " + bench.name, all);
    result["weights"] = bench.weights.size();
    const double flops =
        6.0 * static_cast<double>(grid.pixels()) * static_cast<double>(bench.network.edge_count());
    result["gflops"] = flops / all.median * 1e-6;
    result["fraction_of_peak"] = flops / all.median * 1e-6 / peak_;
    if (threads_ > 1) {
      const ThreadLimit limit(1);
      result["one_thread_over_all"] = time_rounds(rounds, step).median / all.median;
    }
    add(std::move(result));
  }

  void render(const BenchCase& bench) {
    const ThreadLimit limit(1);
    const Plan plan(bench.network);
    const Grid grid{256, 256};
    add(row("render on one thread, " + bench.name,
            time_rounds(4 * rounds, [&] { draw(plan, bench.weights, grid); })));
  }

  /// Every seventh weight of the dense network at 9 values; the whole sweep takes seven times as long.
  void sweep(const BenchCase& bench) {
    std::vector<Perturbation> copies;
    for (Slot slot = 0; slot < bench.weights.size(); slot += 7)
      for (int i = 0; i < 9; ++i)
        copies.push_back({{slot, bench.weights[slot] + 0.25f * static_cast<float>(i - 4)}});
    const Plan plan(bench.network);
    auto result =
        row("sweep at 128 x 128, " + bench.name, time_rounds(1, [&] {
              draw_perturbed(plan, bench.weights, Grid{128, 128}, copies, [](std::size_t, Picture&&) {});
            }));
    result["pictures"] = copies.size();
    add(std::move(result));
  }

  void population(const BenchCase& bench) {
    const std::vector<Drawing> drawings(600, Drawing{&bench.network, bench.weights});
    const Timing timing = time_rounds(rounds, [&] {
      draw_population(drawings, Grid{64, 64}, [](std::size_t, Picture&&) {});
    });
    auto result = row("600 networks at 64 x 64 with their plans, " + bench.name, timing);
    result["networks_per_second"] = 6e5 / timing.median;
    add(std::move(result));
  }

  void activations() {
    std::vector<float> values(1 << 14), slopes(1 << 14);
    for (const Activation which : all_activations) {
      if (which == Activation::identity) continue;
      const Timing timing = time_rounds(4 * rounds, [&] {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1e-4f * static_cast<float>(i);
        for (int i = 0; i < 20; ++i)
          kernels(set_).activate(which, values.data(), slopes.data(), values.size());
      });
      auto result = row("20 x 16,384 values and slopes of " + std::string(name(which)), timing);
      result["nanoseconds_per_value"] = timing.median * 1e6 / (20.0 * static_cast<double>(values.size()));
      add(std::move(result));
    }
  }

  void evolution() {
    const EvolutionTiming generations = time_xor_generations(rounds);
    auto result = row("XOR on one thread, population 150, 20 seeds", generations.timing);
    result["generations"] = generations.items;
    result["generations_per_second"] = 1e3 * generations.items / generations.timing.median;
    add(std::move(result));
    const EvolutionTiming search = time_image_search(rounds);
    result = row("1,000 networks drawn at 64 x 64 and described", search.timing);
    result["mean_links"] = search.mean_links;
    result["networks_per_second"] = 1e3 * search.items / search.timing.median;
    add(std::move(result));
  }

  Outcome finish(const std::string& signature) && {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    Outcome outcome;
    outcome.json = {{"signature", signature},
                    {"instruction_set", std::string(name(set_))},
                    {"threads", threads_},
                    {"peak_gflops", peak_},
                    {"resident_mib", static_cast<double>(usage.ru_maxrss) / 1024.0},
                    {"results", std::move(results_)}};
    return outcome;
  }

 private:
  void add(nlohmann::ordered_json result) {
    char line[160];
    std::snprintf(line, sizeof line, "%10.3f ms  %s", result["ms"].get<double>(),
                  result["name"].get<std::string>().c_str());
    session_.say(line);
    results_.push_back(std::move(result));
  }

  const Session& session_;
  InstructionSet set_;
  int threads_;
  double peak_ = 0;
  nlohmann::ordered_json results_;
};

Outcome run_bench(const BenchOptions& options, const Session& session) {
  const std::string signature = hexadecimal(behaviour_signature());
  if (options.signature_only)
    return {{{"signature", signature}, {"instruction_set", std::string(name(best_instruction_set()))}}, {}};
  Bench bench(session);
  if (options.evolution_only) {
    bench.evolution();
    return std::move(bench).finish(signature);
  }
  auto cases = training_cases();
  if (!options.net.empty()) {
    const Net net = load_drawing_net(options.net);
    cases.push_back({net.title, net.network, net.weights});
  }
  for (const BenchCase& each : cases) bench.training(each);
  bench.render(cases.back());
  bench.sweep(cases.front());
  bench.population(cases.back());
  bench.activations();
  bench.evolution();
  return std::move(bench).finish(signature);
}

}  // namespace

Command bench_command() {
  return {"bench", std::string(group_about), "a signature of behaviour, and how fast this machine runs it",
          "skein bench\nskein bench --signature-only --json", [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<BenchOptions>();
            app.add_option("--net", options->net, "also measure this network");
            app.add_flag("--signature-only", options->signature_only, "only the hash of what is computed");
            app.add_flag("--evolution-only", options->evolution_only,
                         "only generations and pictures a second of evolution");
            return [options](const Session& session) { return run_bench(*options, session); };
          }};
}

}  // namespace skein::experiments
