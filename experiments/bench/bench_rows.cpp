#include "experiments/bench/bench_rows.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

#include "lib/base/parallel.hpp"
#include "lib/engine/canvas.hpp"
#include "lib/engine/population.hpp"

namespace skein::experiments {

namespace {

/// Edges into units that depend on a weight, for every slot, of a network without tied weights.
std::vector<std::size_t> edges_behind(const Network& network) {
  std::vector<std::size_t> by_unit(static_cast<std::size_t>(network.unit_count()));
  const auto inputs = static_cast<std::size_t>(network.input_count());
  for (int u = 0; u < network.unit_count(); ++u) {
    std::vector<std::uint8_t> depends(static_cast<std::size_t>(network.value_count()));
    depends[inputs + static_cast<std::size_t>(u)] = 1;
    std::size_t& edges = by_unit[static_cast<std::size_t>(u)];
    edges = network.edges_of(u).size();
    for (int v = u + 1; v < network.unit_count(); ++v) {
      const auto sources = network.edges_of(v);
      if (std::ranges::none_of(sources, [&](const Edge& e) { return depends[e.source] != 0; })) continue;
      depends[inputs + static_cast<std::size_t>(v)] = 1;
      edges += sources.size();
    }
  }
  std::vector<std::size_t> by_slot(static_cast<std::size_t>(network.slot_count()));
  for (int u = 0; u < network.unit_count(); ++u)
    for (const Edge& edge : network.edges_of(u)) by_slot[edge.slot] = by_unit[static_cast<std::size_t>(u)];
  return by_slot;
}

std::string cell(std::optional<double> number, const char* format) {
  if (!number) return "";
  char text[32];
  std::snprintf(text, sizeof text, format, *number);
  return text;
}

}  // namespace

double highest_resident_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

nlohmann::ordered_json to_json(const BenchRow& row) {
  nlohmann::ordered_json json{{"name", row.name},
                              {"ms", row.timing.median},
                              {"ms_low", row.timing.low},
                              {"ms_high", row.timing.high},
                              {"rounds", row.timing.rounds}};
  if (row.gflops) json["gflops"] = *row.gflops;
  if (row.fraction_of_peak) json["fraction_of_peak"] = *row.fraction_of_peak;
  if (row.one_over_all) json["one_thread_over_all"] = *row.one_over_all;
  if (row.times_bound) json["times_bound"] = *row.times_bound;
  if (row.resident_mib) json["resident_mib"] = *row.resident_mib;
  if (!row.note.empty()) json["note"] = row.note;
  return json;
}

Bench::Bench(int rounds)
    : rounds_(rounds),
      set_(best_instruction_set()),
      threads_(thread_count()),
      peak_(measured_peak(set_, threads_)),
      peak_of_one_(threads_ == 1 ? peak_ : measured_peak(set_, 1)) {}

BenchRow Bench::training(const BenchCase& bench) const {
  const Grid grid{256, 256};
  Loss loss(Plan(bench.network), grid, noise_target(grid));
  std::vector<float> gradient(bench.weights.size());
  const auto step = [&] { loss.value_and_gradient(bench.weights, gradient); };
  const ThreadTiming times = time_threads(rounds_, step);
  BenchRow row{.name = "train step, " + bench.name, .timing = times.all};
  const double flops =
      6.0 * static_cast<double>(grid.pixels()) * static_cast<double>(bench.network.edge_count());
  row.gflops = flops / row.timing.median * 1e-6;
  row.fraction_of_peak = *row.gflops / peak_;
  row.resident_mib = highest_resident_mib();
  if (threads_ > 1) row.one_over_all = times.one_over_all;
  return row;
}

BenchRow Bench::render(const BenchCase& bench) const {
  const ThreadLimit limit(1);
  Canvas canvas(Plan(bench.network), {256, 256});
  Picture picture(256, 256);
  const auto work = [&] {
    canvas.set_weights(bench.weights);
    canvas.draw(picture);
  };
  return {.name = "render on one thread, " + bench.name, .timing = time_rounds(20 * rounds_, work)};
}

BenchRow Bench::sweep(const BenchCase& bench, std::size_t stride) const {
  const Grid grid{128, 128};
  const std::vector<std::size_t> behind = edges_behind(bench.network);
  std::vector<Perturbation> copies;
  double multiply_adds = 0;
  for (std::size_t slot = 0; slot < bench.weights.size(); slot += stride)
    for (int i = 0; i < 9; ++i) {
      copies.push_back({{static_cast<Slot>(slot), bench.weights[slot] + 0.25f * static_cast<float>(i - 4)}});
      multiply_adds += static_cast<double>(behind[slot]) * static_cast<double>(grid.pixels());
    }
  const Plan plan(bench.network);
  const auto work = [&] { draw_perturbed(plan, bench.weights, grid, copies, [](std::size_t, Picture&&) {}); };
  BenchRow row{.name = "sweep at 128 x 128, " + bench.name, .timing = time_rounds(1, work)};
  row.gflops = 2 * multiply_adds / row.timing.median * 1e-6;
  row.times_bound = peak_ / *row.gflops;
  row.note = std::to_string(copies.size()) + " pictures: " +
             (stride == 1 ? std::string("every weight") : "one weight in " + std::to_string(stride)) +
             " at 9 values";
  return row;
}

BenchRow Bench::population(const BenchCase& bench) const {
  const std::vector<PopulationMember> members(600, PopulationMember{&bench.network, bench.weights});
  BenchRow row{.name = "600 networks at 64 x 64, planned and drawn, " + bench.name};
  row.timing = time_rounds(rounds_, [&] {
    draw_population(members, Grid{64, 64}, [](std::size_t, Picture&&) {});
  });
  row.note = std::to_string(static_cast<int>(6e5 / row.timing.median)) + " networks a second";
  return row;
}

BenchRow Bench::activation(Activation which) const {
  constexpr int passes = 20;
  std::vector<float> values(1 << 14), slopes(1 << 14);
  BenchRow row{.name = "20 x 16,384 values and slopes, " + std::string(name(which))};
  row.timing = time_rounds(rounds_, [&] {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1e-4f * static_cast<float>(i);
    for (int i = 0; i < passes; ++i)
      kernels(set_).activate(which, values.data(), slopes.data(), values.size());
  });
  row.note = cell(row.timing.median * 1e6 / (passes * static_cast<double>(values.size())), "%.3f ns a value");
  return row;
}

BenchRow Bench::large_target(const BenchCase& bench) const {
  const Grid grid{4096, 4096};
  Loss loss(Plan(bench.network), grid, Picture(grid.width, grid.height));
  std::vector<float> gradient(bench.weights.size());
  BenchRow row{.name = "train step at 4,096 x 4,096, " + bench.name};
  row.timing = time_rounds(1, [&] { loss.value_and_gradient(bench.weights, gradient); });
  row.resident_mib = highest_resident_mib();
  row.note = "the target alone is 192 MiB";
  return row;
}

std::string bench_table(const Bench& bench, const std::vector<BenchRow>& rows) {
  char line[240];
  std::snprintf(line, sizeof line,
                "%s, %d thread%s; peak of multiply-adds measured in this run: %.0f GFLOP/s, %.0f on one "
                "thread\n\n%-58s %10s %10s %10s %9s %8s %8s %8s\n",
                std::string(name(bench.instruction_set())).c_str(), bench.threads(),
                bench.threads() == 1 ? "" : "s", bench.peak(), bench.peak_of_one(), "", "ms", "low", "high",
                "of peak", "1/all", "x bound", "MiB");
  std::string text = line;
  for (const BenchRow& row : rows) {
    std::snprintf(line, sizeof line, "%-58s %10.3f %10.3f %10.3f %9s %8s %8s %8s", row.name.c_str(),
                  row.timing.median, row.timing.low, row.timing.high,
                  cell(row.fraction_of_peak, "%.2f").c_str(), cell(row.one_over_all, "%.2f").c_str(),
                  cell(row.times_bound, "%.2f").c_str(), cell(row.resident_mib, "%.1f").c_str());
    text += line;
    if (!row.note.empty()) text += "  " + row.note;
    text += "\n";
  }
  return text +
         "\nms: the median of the rounds, with the lowest and the highest. of peak: 6 flops per pixel and "
         "weight\nof the network as given, over the measured peak; what is folded away counts as done, so it "
         "may pass 1.\n1/all: time on one thread over that on all. x bound: time over that of the "
         "multiply-adds that must be\ndone again, at the peak. MiB: highest resident memory of the process "
         "so "
         "far.\n";
}

}  // namespace skein::experiments
