#include "neat/search/task.hpp"

#include <array>
#include <cmath>

#include "lib/base/error.hpp"
#include "neat/genome/small_network.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/double_pole.hpp"

namespace skein::neat {

namespace {

Evaluation evaluate_xor(const Genome& genome) {
  constexpr std::array<std::array<double, 3>, 4> cases{{{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}}};
  constexpr std::array<double, 4> wanted{0, 1, 1, 0};
  SmallNetwork network(genome);
  Evaluation evaluation;
  evaluation.solved = true;
  double error = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const double output = network(cases[i])[0];
    error += std::abs(output - wanted[i]);
    evaluation.solved = evaluation.solved && (output >= 0.5) == (wanted[i] == 1);
  }
  evaluation.fitness = (4 - error) * (4 - error);
  return evaluation;
}

Evaluation evaluate_double_pole(const Genome& genome) {
  SmallNetwork network(genome);
  const int steps = balance(network);
  return {.fitness = static_cast<double>(steps), .solved = steps >= DoublePole::solved_steps};
}

}  // namespace

Task xor_task() {
  return {"xor", minimal_genome({{"x1", "x2", "bias"}, {"xor"}}, Activation::steep_sigmoid), evaluate_xor, 8,
          4755};
}

Task double_pole_task() {
  const Signature signature{{"x", "dx", "angle1", "dangle1", "angle2", "dangle2", "bias"}, {"force"}};
  return {"double-pole", minimal_genome(signature, Activation::steep_sigmoid), evaluate_double_pole, 2, 3600};
}

Settings task_settings(const Task& task) {
  Settings settings = neat_preset();
  settings.mutation.weight.power = task.weight_power;
  return settings;
}

Task task(std::string_view name) {
  if (name == "xor") return xor_task();
  if (name == "double-pole") return double_pole_task();
  throw ConfigError("task \"" + std::string(name) + "\"; allowed: xor, double-pole");
}

}  // namespace skein::neat
