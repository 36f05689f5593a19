#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "experiments/compare/results.hpp"
#include "experiments/records/digest.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"

/// A run folder with made-up numbers and real, small networks; removed at the end.
struct MadeUpRun {
  std::filesystem::path folder;
  skein::experiments::CompareResults results;

  explicit MadeUpRun(const std::string& title, int seeds = 2) {
    static int number = 0;
    folder = std::filesystem::temp_directory_path() /
             ("skein-report-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
    std::filesystem::create_directories(folder / "rows");
    results.about.title = title;
    results.about.budget = "quick";
    results.about.command = "skein compare @made-up --out run";
    results.about.width = 48, results.about.height = 32;
    add("evolved", {}, "2;cache:2,gaussian:1,sin:1");
    for (int seed = 0; seed < seeds; ++seed) {
      add("dense-adam", static_cast<std::uint64_t>(seed),
          "3;identity:2,tanh:2,cos:1,sigmoid:1,relu:1,steep-sigmoid:1");
      add("dense-relu", static_cast<std::uint64_t>(seed), "1;sin:3");
    }
    skein::write_png(folder / "target.png", skein::Image(48, 32, 128));
    skein::write_file(folder / "config.toml", "budget = \"quick\"\n");
    skein::write_file(folder / "result.json", "{}");
    save();
  }
  ~MadeUpRun() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  MadeUpRun(const MadeUpRun&) = delete;
  MadeUpRun& operator=(const MadeUpRun&) = delete;

  void save() const { skein::experiments::write_results(folder, results); }

  void add(const std::string& method, std::optional<std::uint64_t> seed, const std::string& architecture) {
    using namespace skein;
    experiments::CompareRow row;
    row.key = {results.about.title, method, 0, 0, {}, seed};
    row.arch = architecture;
    RandomStream random(seed.value_or(0), method);
    sgd::Mlp mlp;
    mlp.wiring = sgd::dense_wiring(sgd::parse_architecture(architecture), picture_signature());
    for (int i = 0; i < mlp.wiring.weight_count(); ++i)
      mlp.weights.push_back(static_cast<float>(random.normal()));
    row.weights = row.nonzero = mlp.wiring.weight_count();
    row.loss = 0.01 * (1 + random.uniform()), row.best_loss = row.loss, row.psnr = psnr(row.loss);
    row.measures = {{"compositional_score", random.uniform(), 0.1, 0.9, "share"},
                    {"overlap", random.uniform(), 0, 1, ""}};
    const std::filesystem::path here = std::filesystem::path("rows") / row.id();
    std::filesystem::create_directories(folder / here);
    row.network = here / "network.mlp";
    row.picture = here / "picture.png";
    sgd::write_mlp(folder / row.network, mlp);
    write_png(folder / row.picture, to_image(draw(Plan(sgd::lower(mlp.wiring).network), mlp.weights,
                                                  Grid{results.about.width, results.about.height})));
    if (seed) {
      row.loss_curve = here / "loss.csv";
      row.optimizer = "adam", row.learning_rate = 3e-3, row.steps = 100;
      std::string curve = "step,loss\n";
      for (int step = 1; step <= 100; ++step)
        curve += std::to_string(step) + "," + std::to_string(1.0 / step) + "\n";
      write_file(folder / row.loss_curve, curve);
    }
    results.rows.push_back(row);
  }
};
