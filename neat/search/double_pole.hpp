#pragma once

#include <array>

#include "neat/genome/small_network.hpp"

namespace skein::neat {

/// Two poles of unequal length on one cart (Wieland 1991, with the constants of Gomez and Miikkulainen 1999
/// that Stanley and Miikkulainen 2002 use). SI units and radians. The network sees x / 4.8, dx / 2, angle /
/// 0.52, dangle / 2 of both poles and a bias of 1 (the scaling of the NEAT authors' program); its output in
/// [0, 1] is the force (output - 0.5) * 20 N, held for 0.02 s: two Runge-Kutta steps of fourth order.
struct DoublePole {
  static constexpr double gravity = 9.8;
  static constexpr double cart_mass = 1.0;
  static constexpr std::array<double, 2> pole_mass{0.1, 0.01};
  static constexpr std::array<double, 2> half_length{0.5, 0.05};  ///< poles of 1 m and 0.1 m
  static constexpr double hinge_friction = 0.000002;
  static constexpr double force_range = 10.0;  ///< newtons to either side
  static constexpr double time_step = 0.01;    ///< seconds
  static constexpr int steps_per_control = 2;
  static constexpr double track_limit = 2.4;                   ///< metres from the middle
  static constexpr double angle_limit = 0.62831853071795865;   ///< 36 degrees
  static constexpr double start_angle = 0.017453292519943296;  ///< the long pole: 1 degree; all else 0
  static constexpr int solved_steps = 100'000;                 ///< control steps: over 33 minutes

  /// x, dx, angle 1, dangle 1, angle 2, dangle 2.
  using State = std::array<double, 6>;
  static constexpr State start{0, 0, start_angle, 0, 0, 0};

  static State derivative(const State& state, double force);
  /// One Runge-Kutta step of `time_step`.
  static State step(const State& state, double force);
  static bool failed(const State& state);
};

/// Control steps before a pole falls or the cart leaves the track, at most `solved_steps`.
int balance(SmallNetwork& network);

}  // namespace skein::neat
