#include "sgd/train/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "lib/base/error.hpp"

namespace skein::sgd {

std::string_view name(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::constant:
      return "constant";
    case ScheduleKind::cosine:
      return "cosine";
    case ScheduleKind::warmup_cosine:
      return "warmup-cosine";
  }
  return "constant";
}

ScheduleKind parse_schedule(std::string_view text) {
  for (const auto kind : {ScheduleKind::constant, ScheduleKind::cosine, ScheduleKind::warmup_cosine})
    if (name(kind) == text) return kind;
  throw ConfigError("schedule \"" + std::string(text) +
                    "\" is unknown; there are constant, cosine, warmup-cosine");
}

void RateSchedule::validate() const {
  if (!(rate > 0) || !std::isfinite(rate))
    throw ConfigError("learning rate is " + std::to_string(rate) + "; it must be positive");
  if (steps < 0) throw ConfigError("steps is " + std::to_string(steps) + "; it must be 0 or more");
  if (kind == ScheduleKind::warmup_cosine && (warmup < 0 || warmup > steps))
    throw ConfigError("warm-up is " + std::to_string(warmup) + " steps; it must lie between 0 and the " +
                      std::to_string(steps) + " steps of the training");
  if (!(floor >= 0 && floor <= 1))
    throw ConfigError("the fraction a cosine ends on is " + std::to_string(floor) +
                      "; it must lie in [0, 1]");
}

double RateSchedule::at(std::int64_t step) const {
  if (kind == ScheduleKind::constant) return rate;
  const std::int64_t rise = kind == ScheduleKind::warmup_cosine ? warmup : 0;
  if (step < rise) return rate * static_cast<double>(step + 1) / static_cast<double>(rise);
  const auto length = static_cast<double>(std::max<std::int64_t>(1, steps - rise));
  const double done = std::min(1.0, static_cast<double>(step - rise) / length);
  return rate * (floor + (1 - floor) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
}

}  // namespace skein::sgd
