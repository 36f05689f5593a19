// Every measure on evidence made by hand (answers_of_*.cpp).
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "tests/experiments/measures/known_answers.hpp"

using namespace skein;
using namespace skein::experiments;
using namespace skein::test;

namespace {

using Answer = std::optional<double>;

std::vector<KnownAnswer> known_answers_of_all() {
  KnownAnswers answers;
  add_answers_of_effects(answers);
  add_answers_of_changes(answers);
  add_answers_of_units(answers);
  add_answers_of_networks(answers);
  return std::move(answers.all);
}

bool agrees(const Answer& found, const Answer& wanted) {
  if (found.has_value() != wanted.has_value()) return false;
  return !wanted || std::abs(*found - *wanted) <= 2e-4 * std::max(1.0, std::abs(*wanted));
}

using Measure = std::function<Answer(const Evidence&, std::span<const std::uint32_t>)>;

/// Whether a function gives all the answers known of a measure.
bool passes(const std::string& name, const Measure& measure, const std::vector<KnownAnswer>& all) {
  for (const KnownAnswer& known : all)
    if (known.measure == name && !agrees(measure(known.evidence, known.items), known.value)) return false;
  return true;
}

}  // namespace

TEST_CASE("every measure gives the answers that follow from its definition") {
  const auto all = known_answers_of_all();
  std::set<std::string> held;
  for (const KnownAnswer& known : all) {
    CAPTURE(known.measure);
    bool found = false;
    for (const MeasureDefinition& measure : measure_table()) {
      if (measure.name != known.measure) continue;
      found = true;
      const Answer value = measure.value(known.evidence, known.items);
      CAPTURE(value.value_or(-999));
      CAPTURE(known.value.value_or(-999));
      CHECK(agrees(value, known.value));
    }
    REQUIRE(found);
    held.insert(known.measure);
  }
  for (const MeasureDefinition& measure : measure_table()) {
    CAPTURE(measure.name);
    CHECK(held.contains(std::string(measure.name)));
  }
}

TEST_CASE("a measure replaced by a constant does not give its known answers") {
  const auto all = known_answers_of_all();
  std::vector<Answer> constants{Answer(), 0.0, 1.0, 0.5, std::numeric_limits<double>::quiet_NaN()};
  for (const KnownAnswer& known : all) constants.push_back(known.value);
  for (const MeasureDefinition& measure : measure_table()) {
    const std::string name(measure.name);
    CAPTURE(name);
    CHECK(passes(name, measure.value, all));
    for (const Answer& constant : constants) {
      CAPTURE(constant.value_or(-999));
      CHECK_FALSE(passes(
          name, [&](const Evidence&, auto) { return constant; }, all));
    }
  }
}
