#include "neat/search/double_pole.hpp"

#include <cmath>

namespace skein::neat {

DoublePole::State DoublePole::derivative(const State& state, double force) {
  // Wieland's equations: the poles act on the cart as effective forces and masses.
  double total_force = force;
  double total_mass = cart_mass;
  std::array<double, 2> cosine{}, pull{};
  for (std::size_t p = 0; p < 2; ++p) {
    const double angle = state[2 + 2 * p], speed = state[3 + 2 * p];
    const double moment = pole_mass[p] * half_length[p];
    const double sine = std::sin(angle);
    cosine[p] = std::cos(angle);
    pull[p] = hinge_friction * speed / moment - gravity * sine;
    total_force += moment * speed * speed * sine + 0.75 * pole_mass[p] * cosine[p] * pull[p];
    total_mass += pole_mass[p] * (1 - 0.75 * cosine[p] * cosine[p]);
  }
  const double acceleration = total_force / total_mass;
  State rate{state[1], acceleration, state[3], 0, state[5], 0};
  for (std::size_t p = 0; p < 2; ++p)
    rate[3 + 2 * p] = -0.75 * (acceleration * cosine[p] + pull[p]) / half_length[p];
  return rate;
}

DoublePole::State DoublePole::step(const State& state, double force) {
  const auto moved = [&](const State& rate, double time) {
    State result = state;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += time * rate[i];
    return result;
  };
  const State a = derivative(state, force);
  const State b = derivative(moved(a, time_step / 2), force);
  const State c = derivative(moved(b, time_step / 2), force);
  const State d = derivative(moved(c, time_step), force);
  State mean{};
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = (a[i] + 2 * b[i] + 2 * c[i] + d[i]) / 6;
  return moved(mean, time_step);
}

bool DoublePole::failed(const State& state) {
  return !(std::abs(state[0]) <= track_limit && std::abs(state[2]) <= angle_limit &&
           std::abs(state[4]) <= angle_limit);
}

int balance(SmallNetwork& network) {
  auto state = DoublePole::start;
  for (int steps = 0; steps < DoublePole::solved_steps; ++steps) {
    const std::array<double, 7> inputs{
        state[0] / 4.8, state[1] / 2, state[2] / 0.52, state[3] / 2, state[4] / 0.52, state[5] / 2, 1.0};
    const double force = (network(inputs)[0] - 0.5) * 2 * DoublePole::force_range;
    for (int i = 0; i < DoublePole::steps_per_control; ++i) state = DoublePole::step(state, force);
    if (DoublePole::failed(state)) return steps;
  }
  return DoublePole::solved_steps;
}

}  // namespace skein::neat
