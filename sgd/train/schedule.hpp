#pragma once

#include <cstdint>
#include <string_view>

namespace skein::sgd {

enum class ScheduleKind : std::uint8_t { constant, cosine, warmup_cosine };

std::string_view name(ScheduleKind kind);

/// The inverse of `name`. Throws ConfigError that lists the names.
ScheduleKind parse_schedule(std::string_view text);

/// The learning rate of each step, a function of the step's number alone.
struct RateSchedule {
  ScheduleKind kind = ScheduleKind::constant;
  double rate = 3e-3;  ///< the highest rate, per step
  std::int64_t steps =
      100'000;              ///< when a cosine has come down (Loshchilov and Hutter 2017, without restarts)
  std::int64_t warmup = 0;  ///< steps of linear rise from rate / warmup; only for warmup_cosine
  double floor = 0;         ///< what the cosine ends on, as a fraction of `rate`

  /// Throws ConfigError.
  void validate() const;
  /// Rate of step `step`, counted from 0.
  double at(std::int64_t step) const;
};

}  // namespace skein::sgd
