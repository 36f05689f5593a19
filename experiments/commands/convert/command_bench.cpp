#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "experiments/bench/bench_cases.hpp"
#include "experiments/bench/bench_evolution.hpp"
#include "experiments/bench/bench_rows.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/runs/option_uses.hpp"

namespace skein::experiments {

namespace {

constexpr std::size_t sampled_stride = 23;  ///< of the sweep, unless --full

struct BenchOptions {
  std::string net;
  std::string only;
  int rounds = 5;
  bool full = false;
  bool signature_only = false;
  OptionUses uses;
};

std::string hexadecimal(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

/// The rows one after another, as far as they are wanted.
class Rows {
 public:
  Rows(const BenchOptions& options, const Session& session) : options_(options), session_(session) {}

  template <class Measure>
  void add(const std::string& name, const Measure& measure) {
    if (name.find(options_.only) == std::string::npos) return;
    session_.say("measuring: " + name);
    rows_.push_back(measure());
  }
  const std::vector<BenchRow>& all() const { return rows_; }

 private:
  const BenchOptions& options_;
  const Session& session_;
  std::vector<BenchRow> rows_;
};

/// `what`: the items that are counted.
BenchRow evolution_row(const std::string& name, const EvolutionTiming& evolution, const std::string& what) {
  char note[96];
  std::snprintf(note, sizeof note, "%.0f %s a second, %.0f links in use",
                1e3 * evolution.items / evolution.timing.median, what.c_str(), evolution.mean_links);
  return {.name = name, .timing = evolution.timing, .note = note};
}

void measure(const Bench& bench, const BenchOptions& options, Rows& rows) {
  auto cases = training_cases();
  if (!options.net.empty()) {
    const Net net = load_drawing_net(options.net);
    cases.push_back({net.title, net.network, net.weights});
  }
  for (const BenchCase& each : cases)
    rows.add("train step, " + each.name, [&] { return bench.training(each); });
  rows.add("render, " + cases.back().name, [&] { return bench.render(cases.back()); });
  rows.add("sweep, " + cases.front().name,
           [&] { return bench.sweep(cases.front(), options.full ? 1 : sampled_stride); });
  rows.add("population, " + cases.back().name, [&] { return bench.population(cases.back()); });
  const std::string xor_name = "evolution, XOR at population 150, one thread",
                    search_name = "evolution, 1,000 mutants at 64 x 64 with descriptors";
  rows.add(xor_name,
           [&] { return evolution_row(xor_name, time_xor_generations(options.rounds), "generations"); });
  rows.add(search_name,
           [&] { return evolution_row(search_name, time_image_search(options.rounds), "CPPNs"); });
  for (const Activation which : all_activations)
    if (which != Activation::identity)
      rows.add("activation, " + std::string(name(which)), [&] { return bench.activation(which); });
  if (options.full)
    rows.add("large target, " + cases.front().name, [&] { return bench.large_target(cases.front()); });
}

Outcome run_bench(const BenchOptions& options, const Session& session) {
  options.uses.check();
  const std::string instruction_set(name(best_instruction_set()));
  Outcome outcome;
  if (options.signature_only) {
    outcome.json = {{"signature", hexadecimal(behaviour_signature())}, {"instruction_set", instruction_set}};
    return outcome;
  }
  session.say("measuring: peak of multiply-adds");
  const Bench bench(options.rounds);
  Rows rows(options, session);
  measure(bench, options, rows);
  if (rows.all().empty()) throw ConfigError("bench: no row's name contains '" + options.only + "'");
  const std::string signature = hexadecimal(behaviour_signature());
  outcome.json = {{"signature", signature},
                  {"instruction_set", instruction_set},
                  {"threads", bench.threads()},
                  {"peak_gflops", bench.peak()},
                  {"peak_gflops_one_thread", bench.peak_of_one()}};
  for (const BenchRow& row : rows.all()) outcome.json["results"].push_back(to_json(row));
  outcome.text = bench_table(bench, rows.all()) + "signature of behaviour: " + signature + "\n";
  return outcome;
}

}  // namespace

Command bench_command() {
  return {"bench", std::string(group_convert), "how fast this machine runs it, and a signature of behaviour",
          "skein bench\nskein bench --only 'dense 12 x 22' --rounds 20\nskein bench --only evolution\nskein "
          "bench --signature-only --json",
          [](CLI::App& app) -> RunCommand {
            const auto options = std::make_shared<BenchOptions>();
            const CLI::Option* of_speeds[] = {
                app.add_option("--net", options->net, "also measure this network"),
                app.add_option("--only", options->only, "only the rows whose name contains this")
                    ->type_name("TEXT"),
                app.add_option("--rounds", options->rounds, "runs of each row (default 5)")
                    ->check(CLI::Range(1, 1000)),
                app.add_flag("--full", options->full,
                             "the whole sweep of single weights and a target of 4,096 x 4,096; minutes")};
            for (const CLI::Option* option : of_speeds)
              options->uses.only(option, "where speeds are measured, so not with --signature-only",
                                 [o = options.get()] { return !o->signature_only; });
            app.add_flag("--signature-only", options->signature_only, "only the hash of what is computed");
            return [options](const Session& session) { return run_bench(*options, session); };
          }};
}

}  // namespace skein::experiments
