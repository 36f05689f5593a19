#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "bridge/layerize.hpp"
#include "lib/files/npy.hpp"
#include "neat/files/picbreeder.hpp"
#include "sgd/mlp/matrices.hpp"
#include "sgd/mlp/mlp_folder.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;

namespace {

struct Known {
  const char* name;
  const char* architecture;
  std::ptrdiff_t nonzero;
  int edges;
};
constexpr Known known_genomes[] = {{"skull", "12;cache:15,gaussian:4,identity:2,sin:1", 147, 147},
                                   {"butterfly", "16;cache:17,gaussian:4,sigmoid:1,sin:1", 281, 285}};

std::vector<float> outputs_64(const Network& network, const Weights& weights) {
  const Grid grid{64, 64};
  std::vector<float> outputs(3 * grid.pixels());
  evaluate(Plan(network), weights, grid, outputs);
  return outputs;
}

}  // namespace

TEST_CASE("the study's genomes become the study's matrices, column for column") {
  for (const Known& known : known_genomes) {
    CAPTURE(std::string(known.name));
    const auto file = test::reference_data(std::string(known.name) + "/genome.zip");
    if (!file) return;
    const neat::Genome genome = neat::read_picbreeder(*file).at(0).genome;
    const sgd::Mlp mlp = bridge::layerize(genome);
    CHECK(sgd::architecture_of(mlp.wiring).text() == known.architecture);
    CHECK(mlp.wiring.weight_count() == known.edges);
    CHECK(std::ranges::count_if(mlp.weights, [](float w) { return w != 0.0f; }) == known.nonzero);
    const auto trainable = sgd::trainable_without_copies(mlp.wiring);
    CHECK(std::ranges::count(trainable, 1) == std::ssize(genome.links));

    const sgd::Mlp study = sgd::read_mlp_folder(file->parent_path() / "evolved");
    CHECK(sgd::matrices_of(mlp.wiring, mlp.weights) == sgd::matrices_of(study.wiring, study.weights));
    CHECK(mlp.wiring.copies == study.wiring.copies);
  }
}

TEST_CASE("the study's genomes give the same hue, saturation and brightness layered or not") {
  for (const Known& known : known_genomes) {
    CAPTURE(std::string(known.name));
    const auto file = test::reference_data(std::string(known.name) + "/genome.zip");
    if (!file) return;
    const neat::Genome genome = neat::read_picbreeder(*file).at(0).genome;
    const neat::Phenotype phenotype = neat::express(genome);
    const sgd::Mlp mlp = bridge::layerize(genome);
    const auto direct = outputs_64(phenotype.network, phenotype.weights);
    const auto layered = outputs_64(sgd::lower(mlp.wiring).network, mlp.weights);
    const auto truth = read_npy(file->parent_path() / "evolved/output_hsv_64.npy").doubles();
    double between = 0, from_truth = 0;
    for (std::size_t p = 0; p < 64 * 64; ++p)
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = static_cast<double>(layered[c * 64 * 64 + p]);
        between = std::max(between, std::abs(value - static_cast<double>(direct[c * 64 * 64 + p])));
        from_truth = std::max(from_truth, std::abs(value - truth[3 * p + c]));
      }
    CHECK(between == 0);  // sums run in the same order
    CHECK(from_truth < 1e-4);
  }
}
