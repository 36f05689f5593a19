#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "bridge/layerize.hpp"
#include "experiments/measures/fractured_twins.hpp"
#include "experiments/parts/circuits.hpp"
#include "experiments/parts/masked_net.hpp"
#include "experiments/parts/mean_bias.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

struct Labelled {
  MaskedNet net;
  PictureParts parts;
  PartPictures pictures;
};

Labelled labelled(const neat::AnnotatedGenome& genome) {
  Labelled result;
  result.parts = parts_of(genome.genome, genome.notes.labels);
  result.pictures = part_pictures(genome.genome, result.parts, parts_size);
  result.net = masked_net(net_of(genome, "test", NetSource::built_in), genome.notes.labels, result.parts);
  return result;
}

SubnetworkSettings one_seed() {
  SubnetworkSettings settings;
  settings.seeds = 1;
  return settings;
}

double mean_f1(const Subnetworks& found) {
  double sum = 0;
  for (const PartSubnetwork& part : found.parts)
    sum += part.edge_f1.value() / static_cast<double>(found.parts.size());
  return sum;
}

}  // namespace

TEST_CASE("learned masks of a face are its labelled sub-networks, and taking one out takes one part") {
  const Labelled face_net = labelled(face());
  const Subnetworks found = find_subnetworks(face_net.net, face_net.parts, face_net.pictures, one_seed());
  REQUIRE(found.parts.size() == 5);
  for (const PartSubnetwork& part : found.parts) {
    INFO(part.name, ": F1 ", part.edge_f1.value(), ", dSub ", part.d_sub, ", dAbl ", part.d_abl);
    CHECK(part.edge_f1.value() >= 0.85);
    CHECK(part.d_abl <= -0.9);
    CHECK(part.d_sub >= 0.9);
    CHECK(part.ablated[static_cast<std::size_t>(Ablation::complement)] > -0.6);
    // The outline lies around the others, which look otherwise without it.
    CHECK(part.ablated[static_cast<std::size_t>(Ablation::none)] ==
          doctest::Approx(part.name == "outline" ? 1 : 0).epsilon(0.1));
  }
  CHECK(mean_f1(found) >= 0.95);
  CHECK(found.overlap <= 0.01);
}

TEST_CASE(
    "a part that does not show with the others off has no piece to look for, and no part in the means") {
  const Labelled known = labelled(sunset());
  SubnetworkSettings settings = one_seed();
  settings.mask.steps = 100;
  const Subnetworks found = find_subnetworks(known.net, known.parts, known.pictures, settings);
  double sum = 0;
  for (const PartSubnetwork& part : found.parts) {
    INFO(part.name);
    CHECK(part.shows_alone == (part.name != "reflection"));
    CHECK(std::isfinite(part.d_abl) == part.shows_alone);
    CHECK(std::isfinite(part.d_sub) == part.shows_alone);
    if (part.shows_alone) sum += part.d_abl;
    else CHECK(part.edges == 0);
  }
  CHECK(found.d_abl == doctest::Approx(sum / 3));
}

TEST_CASE("slow: a rotated picture has masks too, but taking one out takes everything") {
  for (const auto& genome : {face(), flower(), sunset()}) {
    const Labelled known = labelled(genome);
    const Subnetworks own = find_subnetworks(known.net, known.parts, known.pictures, one_seed());
    const auto twin = fractured_twin(bridge::layerize(genome.genome), Fracture::rotate, 1);
    const MaskedNet net = masked_net(net_of(twin, "twin", NetSource::mlp_file), {}, known.parts);
    const Subnetworks found = find_subnetworks(net, known.parts, known.pictures, one_seed());
    INFO(genome.notes.name);
    CHECK(own.d_abl <= -0.9);
    CHECK(std::abs(found.d_abl) <= (genome.notes.name == "face" ? 0.1 : 0.2));
  }
}

TEST_CASE("the same masks on any number of threads") {
  const Labelled face_net = labelled(face());
  SubnetworkSettings settings = one_seed();
  settings.seeds = 2;
  settings.mask.steps = 20;
  std::array<Subnetworks, 2> found;
  for (const int threads : {1, 2}) {
    const ThreadLimit limit(threads);
    found[static_cast<std::size_t>(threads - 1)] =
        find_subnetworks(face_net.net, face_net.parts, face_net.pictures, settings);
  }
  for (std::size_t p = 0; p < found[0].parts.size(); ++p)
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(found[0].parts[p].masks[k].mask == found[1].parts[p].masks[k].mask);
}

TEST_CASE("a picture of one part has no subnetworks to tell apart") {
  Labelled one = labelled(face());
  PartPictures alone;
  alone.alone.resize(1);
  CHECK_THROWS_AS(find_subnetworks(one.net, one.parts, alone, one_seed()), ConfigError);
}

TEST_CASE("replacing a unit by its mean changes nothing where it is constant") {
  NetworkBuilder builder(picture_signature());
  const auto flat = builder.add_unit({Activation::gaussian, 1}, std::array{Edge{3, 0}});
  const auto out = builder.add_unit({Activation::identity, 2}, std::array{Edge{flat, 1}, Edge{0, 2}});
  const Network network = std::move(builder).finish({out, out, out});
  const WithBiases biased = with_biases(network);
  CHECK(biased.network.slot_count() == 5);
  CHECK(biased.network.edge_count() == 5);
  const Weights weights{0.5f, 2.0f, 0.25f};
  const auto means = mean_values(Plan(network), weights, {4, 4}, std::vector<std::uint8_t>(16, 1));
  CHECK(means[0] == doctest::Approx(0));
  CHECK(means[3] == doctest::Approx(1));
  Weights replaced{0.5f, 0.0f, 0.25f, 0.0f, 0.0f};
  replaced[biased.bias[1]] = static_cast<float>(2.0 * means[flat]);
  const Picture before = draw(Plan(network), weights, {8, 8}),
                after = draw(Plan(biased.network), replaced, {8, 8});
  CHECK(mean_squared_error(before, after) < 1e-12);
}

TEST_CASE("circuits of a face are its labelled sub-networks") {
  const Labelled face_net = labelled(face());
  CircuitSettings settings;
  settings.tolerance = 0.02;
  const Circuits found = find_circuits(face_net.net, face_net.parts, face_net.pictures.whole, settings);
  double f1 = 0;
  for (const Circuit& circuit : found.parts) {
    MESSAGE(circuit.name, ": F1 ", circuit.edge_f1.value(), ", units ", circuit.units, ", edges ",
            circuit.edges, ", error ", circuit.error, ", necessary ", circuit.necessary, ", random ",
            circuit.random_sufficient);
    CHECK(circuit.reached);
    CHECK(circuit.error <= settings.tolerance);
    CHECK(circuit.necessary > 0.5);
    f1 += circuit.edge_f1.value() / static_cast<double>(found.parts.size());
  }
  CHECK(f1 >= 0.95);
}

TEST_CASE(
    "circuits of a flower and a sunset hold the labelled sub-networks, their rotated twins need more edges") {
  for (const auto& genome : {flower(), sunset()}) {
    const Labelled known = labelled(genome);
    CircuitSettings settings;
    settings.tolerance = 0.02;
    const Circuits own = find_circuits(known.net, known.parts, known.pictures.whole, settings);
    const auto twin = fractured_twin(bridge::layerize(genome.genome), Fracture::rotate, 1);
    const MaskedNet net = masked_net(net_of(twin, "twin", NetSource::mlp_file), {}, known.parts);
    const Circuits rotated = find_circuits(net, known.parts, known.pictures.whole, settings);
    for (const Circuit& circuit : own.parts) {
      INFO(genome.notes.name, ", ", circuit.name);
      CHECK(circuit.edge_recall.value() >= 0.9);
    }
    CHECK(rotated.edges > 10 * own.edges);
  }
}

TEST_CASE("a looser tolerance never needs more edges than the whole network has") {
  const Labelled face_net = labelled(face());
  CircuitSettings settings;
  settings.mask.steps = 60;
  settings.tolerance = 0.3;
  const double loose = find_circuits(face_net.net, face_net.parts, face_net.pictures.whole, settings).edges;
  settings.tolerance = 0.02;
  const double tight = find_circuits(face_net.net, face_net.parts, face_net.pictures.whole, settings).edges;
  CHECK(loose <= tight);
  CHECK(tight < face_net.net.weights.size());
  settings.tolerance = 1.5;
  CHECK_THROWS_AS(find_circuits(face_net.net, face_net.parts, face_net.pictures.whole, settings),
                  ConfigError);
}
