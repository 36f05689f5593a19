#include "sgd/prune/methods.hpp"

#include <algorithm>

#include "lib/base/error.hpp"

namespace skein::sgd {

// The table: one line a method, in the order of tables. The line declares NAME_method() and lists it.
// clang-format off
#define SKEIN_PRUNE_METHODS(method) \
  method(similarity)                \
  method(effects)                   \
  method(lottery)                   \
  method(wanda)                     \
  method(llm)                       \
  method(snip)                      \
  method(magnitude)                 \
  method(random)                    \
  method(random_layers)             \
  method(shuffle)                   \
  method(given)
// clang-format on

#define SKEIN_DECLARED(name) PruneMethod name##_method();
SKEIN_PRUNE_METHODS(SKEIN_DECLARED)

std::span<const PruneMethod> prune_methods() {
#define SKEIN_LISTED(name) name##_method(),
  static const std::vector<PruneMethod> methods{SKEIN_PRUNE_METHODS(SKEIN_LISTED)};
  return methods;
}

bool PruneMethod::takes(std::string_view option) const {
  return std::ranges::find(options, option) != options.end();
}

const PruneMethod& prune_method(std::string_view name) {
  const auto methods = prune_methods();
  const auto found = std::ranges::find(methods, name, &PruneMethod::name);
  if (found != methods.end()) return *found;
  std::string names;
  for (const PruneMethod& known : methods) names += (names.empty() ? "" : ", ") + std::string(known.name);
  throw ConfigError("method \"" + std::string(name) + "\" is unknown; there are " + names);
}

void validate(const PruneMethod& method, const PruneRequest& request) {
  const std::string name(method.name);
  validate(request.mlp);
  request.similarity.validate();
  request.lottery.validate();
  if (request.rounds < 0 || request.rounds > 1000)
    throw ConfigError("rounds is " + std::to_string(request.rounds) + "; it must lie between 1 and 1000");
  if (!request.count && !method.chooses_count)
    throw ConfigError(name + " needs to know how many weights to keep: --keep");
  if (request.count) keep_count(*request.count, request.mlp.wiring.weight_count());
  if (method.needs_initial) require_initial(request.mlp, name);
  if (method.takes("rewind-step")) {
    const Mlp& mlp = request.mlp;
    const std::int64_t step = request.lottery.rewind_step;
    if (step > 0 && (mlp.rewind.empty() || mlp.rewind_step != step))
      throw ConfigError("the network keeps " +
                        (mlp.rewind.empty() ? std::string("no snapshot")
                                            : "a snapshot of step " + std::to_string(mlp.rewind_step)) +
                        ", rewinding is asked for to step " + std::to_string(step) +
                        "; train with --rewind-step " + std::to_string(step));
  }
  if (!method.is_control()) return;
  if (request.like.masks.empty()) throw ConfigError(name + " needs the wiring that it is to match: --like");
  if (request.like.weight_count() != *request.count)
    throw ConfigError(name + " keeps as many weights as the wiring it matches, " +
                      std::to_string(request.like.weight_count()) + ", not " +
                      std::to_string(*request.count));
}

Pruned prune_by_mask(const PruneRequest& request, std::string_view name, ChooseOf choose,
                     const Retrain& retrain, const OnRound& on_round) {
  return prune_in_rounds(
      request.mlp, *request.count, std::max(1, request.rounds), name,
      [&](const Mlp& mlp, std::int64_t count, int round) { return choose(request, mlp, count, round); },
      retrain, on_round);
}

}  // namespace skein::sgd
