#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lib/kernels/instruction_set.hpp"
#include "lib/network/network.hpp"
#include "lib/network/samples.hpp"
#include "lib/picture/picture.hpp"

namespace skein {

/// One float per slot of a network, apart from its structure.
using Weights = std::vector<float>;

struct PlanOptions {
  /// One flag per slot: whether a gradient by it is wanted. Empty: all are.
  std::vector<std::uint8_t> trainable{};
  /// Plans in tens of microseconds, for networks evaluated once or few times (populations): chains of copies
  /// are folded, but no search is made for layers that could be.
  bool one_shot = false;
  /// The best the machine has unless set; ConfigError when it has not got it.
  std::optional<InstructionSet> instruction_set{};
};

/// An execution schedule, computed once per structure and good for any weights. Cheap to copy (shared).
class Plan {
 public:
  explicit Plan(Network network, PlanOptions options = {});
  const Network& network() const;
  InstructionSet instruction_set() const;

  struct Schedule;  ///< the engine's own

 private:
  friend const Schedule& schedule_of(const Plan& plan);
  std::shared_ptr<const Schedule> schedule_;
};

/// All outputs at all samples, shape (outputs, samples), raw: before any wrap, clamp or colour.
/// Throws ConfigError when the sizes of `weights`, `outputs` or the samples do not fit the network, or a grid
/// is asked for an input it has not.
void evaluate(const Plan& plan, std::span<const float> weights, const SampleSource& samples,
              std::span<float> outputs);

/// The picture of a network with the outputs hue, saturation, brightness.
Picture draw(const Plan& plan, std::span<const float> weights, const Grid& grid);

/// The maps of the chosen values over the samples, shape (values, samples).
void feature_maps(const Plan& plan, std::span<const float> weights, const SampleSource& samples,
                  std::span<const ValueIndex> values, std::span<float> maps);

/// A loss of one's own: of sample `sample` (its number in the whole grid or table) from its raw outputs, one
/// number each. Returns the loss and writes its derivative by every output into `gradient`, which has room for
/// them. Called from any thread, once per sample and step; a function of its arguments alone. What is
/// minimised is the mean over the samples.
struct SampleLoss {
  std::function<double(std::size_t sample, std::span<const float> outputs, std::span<float> gradient)> call;
  std::string name{};  ///< tells one loss from another in checkpoints
};

/// What outputs are compared with: a picture (colour head, mean squared error over RGB); the wanted raw
/// outputs, shape (outputs, samples) (mean squared error over all of them); or a loss of one's own. For a
/// subset of a grid or table, picture and numbers are those of the whole.
using Target = std::variant<Picture, std::vector<float>, SampleLoss>;

/// Mean squared error of a network against a target over fixed samples, with its gradient. Owns the working
/// memory, so calls allocate nothing. The value and every gradient bit are the same for any number of
/// threads. With a subset of samples the mean runs over the subset.
class Loss {
 public:
  /// Throws ConfigError when sizes do not fit.
  Loss(Plan plan, SampleSource samples, Target target);
  ~Loss();
  Loss(Loss&&) noexcept;
  Loss& operator=(Loss&&) noexcept;

  const Plan& plan() const;
  double value(std::span<const float> weights);
  /// Writes d loss / d weight for every slot (0 where not trainable) and returns the loss. Non-finite numbers
  /// are returned as they come; the caller decides.
  double value_and_gradient(std::span<const float> weights, std::span<float> gradient);
  /// Replaces the samples by another subset of the same grid or table (a minibatch). Throws ConfigError when
  /// the loss was not made with a subset or a sample does not exist.
  void set_subset(std::vector<std::uint32_t> samples);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A copy of a network's weights with some changed: pairs of slot and new value.
using Perturbation = std::vector<std::pair<Slot, float>>;

/// Draws many perturbed copies of one network. Only what depends on a changed weight is computed again, and
/// copies share the untouched part. `sink(i, picture)` is called once per perturbation, from any thread, in
/// any order; the picture is the sink's to move from.
void draw_perturbed(const Plan& plan, std::span<const float> weights, const Grid& grid,
                    std::span<const Perturbation> perturbations,
                    const std::function<void(std::size_t, Picture&&)>& sink);

}  // namespace skein
