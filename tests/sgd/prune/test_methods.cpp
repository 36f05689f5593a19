#include "sgd/prune/methods.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "lib/base/error.hpp"
#include "sgd/mlp/initial_weights.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

PruneRequest small_request() {
  PruneRequest request;
  request.mlp.wiring = dense_wiring(parse_architecture("2;cache:3,gaussian:3"), picture_signature());
  request.mlp.weights = request.mlp.initial = initial_weights(request.mlp.wiring, {.seed = 2});
  Picture target(10, 8);
  for (std::size_t i = 0; i < target.rgb.size(); ++i) target.rgb[i] = static_cast<float>(i % 7) / 7;
  request.target = std::move(target);
  request.count = 50;
  request.like = request.mlp.wiring;
  // A wiring of fifty weights to match: the first fifty.
  int left = 50;
  for (auto& mask : request.like.masks)
    for (auto& there : mask) there = left > 0 && there ? (--left, 1) : 0;
  return request;
}

}  // namespace

TEST_CASE("every method of the table has a name of its own, words for people, and prunes to its count") {
  std::set<std::string_view> names, rows;
  for (const PruneMethod& method : prune_methods()) {
    CAPTURE(method.name);
    CHECK(names.insert(method.name).second);
    if (!method.row_name.empty()) CHECK(rows.insert(method.row_name).second);
    CHECK(!method.label.empty());
    CHECK(method.note.size() > 20);
    PruneRequest request = small_request();
    if (method.is_control()) {
      // The first fifty weights stand in the first layers and reach no output.
      request.like = request.mlp.wiring;
      for (auto& mask : request.like.masks)
        for (std::size_t i = 0; i < mask.size(); i += 2) mask[i] = 0;
      request.count = request.like.weight_count();
    }
    validate(method, request);
    int retrainings = 0;
    const Pruned pruned = method.prune(request,
                                       [&](const Retraining& retraining) {
                                         ++retrainings;
                                         return Trained{retraining.mlp, 0.5, 0.25, 10};
                                       },
                                       {});
    CHECK(retrainings >= 1);
    CHECK(pruned.rounds.size() == static_cast<std::size_t>(retrainings));
    CHECK(pruned.mlp.wiring.weight_count() <= *request.count);
    if (method.name != "llm-pruner") CHECK(pruned.mlp.wiring.weight_count() == *request.count);
  }
}

TEST_CASE("a method says which options it takes, and is found by its name alone") {
  CHECK(prune_method("lottery").takes("cut"));
  CHECK_FALSE(prune_method("lottery").takes("rounds"));
  CHECK(prune_method("sp").takes("similarity"));
  CHECK_FALSE(prune_method("magnitude").takes("similarity"));
  CHECK(prune_method("shuffle").is_control());
  CHECK_THROWS_WITH_AS(prune_method("wish"),
                       doctest::Contains("\"wish\" is unknown; there are sp, sp-effects, lottery"),
                       ConfigError);
}

TEST_CASE("what a method needs and has not is refused") {
  PruneRequest request = small_request();
  request.count.reset();
  CHECK_THROWS_AS(validate(prune_method("magnitude"), request), ConfigError);
  CHECK_NOTHROW(validate(prune_method("sp"), request));
  request = small_request();
  request.like = {};
  CHECK_THROWS_AS(validate(prune_method("shuffle"), request), ConfigError);
  request = small_request();
  request.mlp.initial.clear();
  CHECK_THROWS_AS(validate(prune_method("lottery"), request), ConfigError);
  CHECK_NOTHROW(validate(prune_method("magnitude"), request));
}

TEST_CASE("a given mask is kept as it is, and one that keeps what is not there is refused") {
  PruneRequest request = small_request();
  const Retrain same = [](const Retraining& retraining) { return Trained{retraining.mlp, 0.5, 0.25, 0}; };
  request.like = request.mlp.wiring;
  for (auto& mask : request.like.masks)
    for (std::size_t i = 0; i < mask.size(); i += 3) mask[i] = 0;
  request.count = request.like.weight_count();
  const Pruned pruned = prune_method("mask").prune(request, same, {});
  CHECK(pruned.mlp.wiring.masks == request.like.masks);
  request.mlp = pruned.mlp;
  request.like = small_request().mlp.wiring;
  request.count = pruned.mlp.wiring.weight_count();
  CHECK_THROWS_WITH_AS(prune_method("mask").prune(request, same, {}),
                       doctest::Contains("keeps a weight that the network has not"), ConfigError);
}
