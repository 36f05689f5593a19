#include "sgd/prune/retraining.hpp"

#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::sgd {

namespace {

/// What a training that goes on from step `first` starts with.
TrainState state_at(const Retraining& request) {
  TrainState state;
  state.step = request.first_step;
  state.weights = state.initial = state.best = request.mlp.weights;
  state.optimizer = request.optimizer;
  return state;
}

Trained untrained(const Retraining& request, const Problem& problem) {
  const double loss = Loss(Plan(problem.network), problem.samples, problem.target).value(request.mlp.weights);
  return {request.mlp, loss, loss, 0};
}

}  // namespace

Retrain retrain_on(Examples examples, TrainSettings settings, ProgressListener listener) {
  settings.rewind_step = 0;
  settings.validate();
  return
      [examples = std::move(examples), settings, listener = std::move(listener)](const Retraining& request) {
        Problem problem = problem_on(request.mlp.wiring, examples);
        if (settings.steps == 0) return untrained(request, problem);
        TrainSettings own = settings;
        own.steps = request.first_step + settings.steps;
        Trainer trainer = request.first_step > 0 ? Trainer(std::move(problem), own, state_at(request))
                                                 : Trainer(std::move(problem), own, request.mlp.weights);
        if (!trainer.run(listener))
          throw Error("the retraining of round " + std::to_string(request.round) + " was stopped");
        Trained trained{trained_mlp(request.mlp.wiring, own, trainer.state()), trainer.state().mean_loss(),
                        trainer.state().best_loss, settings.steps};
        trained.mlp.initial = request.mlp.initial;
        trained.mlp.rewind = request.mlp.rewind;
        trained.mlp.rewind_step = request.mlp.rewind_step;
        return trained;
      };
}

}  // namespace skein::sgd
