#include "experiments/basin/start_wirings.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "sgd/prune/mask_null.hpp"

namespace skein::experiments {
namespace {

sgd::Mlp with_initial_weights(sgd::Wiring wiring, std::uint64_t seed, double scale) {
  sgd::Mlp mlp;
  mlp.weights = sgd::initial_weights(wiring, {.seed = seed, .scale = scale});
  mlp.wiring = std::move(wiring);
  return mlp;
}

StartSource one_wiring(sgd::Wiring wiring, double scale) {
  StartSource source;
  source.weights = wiring.weight_count();
  source.make = [wiring = std::move(wiring), scale](std::uint64_t seed) {
    return with_initial_weights(wiring, seed, scale);
  };
  return source;
}

StartSource evolved_wiring(const WiringContext& context) {
  return one_wiring(context.target.evolved->wiring, context.initial_scale);
}

StartSource shuffled_wiring(const WiringContext& context) {
  StartSource source;
  const sgd::Wiring& evolved = context.target.evolved->wiring;
  source.weights = evolved.weight_count();
  source.make = [evolved, scale = context.initial_scale](std::uint64_t seed) {
    return with_initial_weights(sgd::shuffle_degrees(evolved, seed), seed, scale);
  };
  return source;
}

sgd::Wiring dense_of(const BasinTarget& target) {
  return sgd::dense_wiring(sgd::parse_architecture(target.architecture), picture_signature());
}

StartSource random_wiring(const WiringContext& context) {
  StartSource source;
  const sgd::Wiring& evolved = context.target.evolved->wiring;
  source.weights = evolved.weight_count();
  source.make = [evolved, scale = context.initial_scale](std::uint64_t seed) {
    return with_initial_weights(sgd::shuffle_places(evolved, seed), seed, scale);
  };
  return source;
}

StartSource sp_wiring(const WiringContext& context) {
  if (!context.sp) throw ConfigError("the wiring 'sp' is not to be had here");
  return one_wiring(context.sp().wiring, context.initial_scale);
}

StartSource dense_start_wiring(const WiringContext& context) {
  return one_wiring(dense_of(context.target), context.initial_scale);
}

/// A kind of wiring by its name in --wirings; a new one is a line of the table.
struct WiringKind {
  std::string_view name;
  bool needs_network = false;  ///< the target must be a network's picture
  StartSource (*make)(const WiringContext& context);
};

constexpr std::array kinds{
    WiringKind{"evolved", true, evolved_wiring},
    // The evolved one with its partners exchanged at random in each layer, all degrees kept; anew for every start.
    WiringKind{"shuffle", true, shuffled_wiring},
    // As many weights in every layer in random places between the same units; anew for every start.
    WiringKind{"random", true, random_wiring},
    // What similarity-based pruning leaves of a dense network trained on the target.
    WiringKind{"sp", false, sp_wiring},
    WiringKind{"dense", false, dense_start_wiring},
};

}  // namespace

StartSource start_source(const std::string& name, const WiringContext& context) {
  StartSource source;
  const auto kind = std::ranges::find(kinds, std::string_view(name), &WiringKind::name);
  if (kind == kinds.end()) {
    source = one_wiring(as_mlp(load_drawing_net(name)).wiring, context.initial_scale);
  } else {
    if (kind->needs_network && !context.target.evolved)
      throw ConfigError("--wirings " + name +
                        ": the target is a picture without a genome, so there is no such wiring");
    source = kind->make(context);
  }
  if (source.weights == 0) throw ConfigError("--wirings " + name + ": has no weights to train");
  source.name = name;
  return source;
}

std::uint64_t seed_of_start(std::uint64_t seed, const std::string& wiring, std::uint64_t index) {
  return RandomStream(seed, "basin start " + wiring, index).bits64();
}

}  // namespace skein::experiments
