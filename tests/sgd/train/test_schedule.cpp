#include "sgd/train/schedule.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::sgd;

TEST_CASE("a constant schedule is constant") {
  const RateSchedule schedule{ScheduleKind::constant, 0.5, 10};
  for (const std::int64_t step : {0, 5, 9, 1000}) CHECK(schedule.at(step) == 0.5);
}

TEST_CASE("a cosine comes down from the rate to its floor, half way in the middle") {
  const RateSchedule schedule{.kind = ScheduleKind::cosine, .rate = 2, .steps = 100, .floor = 0.1};
  CHECK(schedule.at(0) == 2);
  CHECK(schedule.at(50) == doctest::Approx(1.1));
  CHECK(schedule.at(100) == doctest::Approx(0.2));
  CHECK(schedule.at(500) == doctest::Approx(0.2));
  for (int step = 0; step < 100; ++step) CHECK(schedule.at(step) > schedule.at(step + 1));
}

TEST_CASE("a warm-up rises in a line, never from zero, and meets the cosine's top") {
  const RateSchedule schedule{.kind = ScheduleKind::warmup_cosine, .rate = 1, .steps = 100, .warmup = 10};
  CHECK(schedule.at(0) == doctest::Approx(0.1));
  CHECK(schedule.at(4) == doctest::Approx(0.5));
  CHECK(schedule.at(9) == doctest::Approx(1));
  CHECK(schedule.at(10) == doctest::Approx(1));
  CHECK(schedule.at(55) == doctest::Approx(0.5));
  CHECK(schedule.at(100) == doctest::Approx(0));
}

TEST_CASE("schedules refuse what cannot be") {
  CHECK_THROWS_AS((RateSchedule{.rate = 0}.validate()), ConfigError);
  CHECK_THROWS_AS((RateSchedule{.steps = -1}.validate()), ConfigError);
  CHECK_THROWS_AS((RateSchedule{.kind = ScheduleKind::warmup_cosine, .steps = 10, .warmup = 11}.validate()),
                  ConfigError);
  CHECK_THROWS_AS((RateSchedule{.floor = 2}.validate()), ConfigError);
  CHECK_THROWS_AS(parse_schedule("linear"), ConfigError);
  for (const auto* text : {"constant", "cosine", "warmup-cosine"}) CHECK(name(parse_schedule(text)) == text);
}
