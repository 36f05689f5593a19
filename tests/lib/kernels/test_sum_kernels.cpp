#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/base/scratch.hpp"
#include "lib/kernels/kernels.hpp"

using namespace skein;

namespace {

constexpr std::size_t row_stride = 336;  ///< floats; room for 320 samples

/// Some rows of random numbers, the first `sources` to read from, and weights.
struct KernelRows {
  std::size_t count;
  Scratch memory;
  std::vector<float> before;

  KernelRows(std::size_t rows, std::uint64_t seed)
      : count(rows), memory(rows * row_stride), before(rows * row_stride) {
    RandomStream random(seed, "rows of a kernel");
    for (float& x : before) x = 2 * random.uniform() - 1;
    std::ranges::copy(before, memory.data());
  }
  double old(Row row, std::size_t sample) const { return static_cast<double>(before[row + sample]); }
};

Row row_at(std::size_t index) { return static_cast<Row>(index * row_stride); }

/// One step of `units` sums of `common` terms and 0, 1, 2, ... own ones.
struct SumStep {
  RowSums sums;
  std::vector<UnitRows> units;
  std::vector<Row> rows;
  std::vector<float> weights;

  SumStep(std::uint32_t unit_count, std::uint32_t common, std::uint64_t seed) {
    RandomStream random(seed, "weights of a kernel");
    sums = {.units = unit_count, .terms = common};
    const auto any_row = [&] { return row_at(static_cast<std::size_t>(random.uniform() * 20)); };
    for (std::uint32_t k = 0; k < common; ++k) rows.push_back(any_row());
    for (std::uint32_t r = 0; r < unit_count; ++r) {
      const std::uint32_t own = unit_count == 1 ? 0 : r % 4;
      units.push_back({row_at(20 + r), row_at(30 + r), own, r % 2 ? Activation::identity : Activation::relu});
      for (std::uint32_t k = 0; k < own; ++k) rows.push_back(any_row());
    }
    weights.resize((rows.size() - common) + std::size_t{common} * unit_count);
    for (float& w : weights) w = random.uniform() - 0.5f;
  }
  SumsView view(std::size_t chunk) const { return {&sums, 1, units.data(), rows.data(), chunk}; }

  double sum(const KernelRows& data, std::uint32_t r, std::size_t sample) const {
    double total = 0;
    for (std::uint32_t k = 0; k < sums.terms; ++k)
      total += static_cast<double>(weights[k * sums.units + r]) * data.old(rows[k], sample);
    std::size_t own = sums.terms, weight = std::size_t{sums.terms} * sums.units;
    for (std::uint32_t before = 0; before < r; ++before) {
      own += units[before].own_terms;
      weight += units[before].own_terms;
    }
    for (std::uint32_t k = 0; k < units[r].own_terms; ++k)
      total += static_cast<double>(weights[weight + k]) * data.old(rows[own + k], sample);
    return total;
  }
};

template <class Check>
void each_shape(const Check& check) {
  for (const InstructionSet set : supported_instruction_sets())
    for (std::uint32_t units = 1; units <= widest_group; ++units)
      for (const std::uint32_t terms : {0u, 1u, 2u, 3u, 5u, 8u, 13u, 19u})
        for (const std::size_t samples : {64u, 128u, 192u, 320u}) {
          CAPTURE(name(set));
          CAPTURE(units);
          CAPTURE(terms);
          CAPTURE(samples);
          check(kernels(set), units, terms, samples);
        }
}

}  // namespace

TEST_CASE(
    "sums of any number of terms, common and own, are those of the definition on each instruction set") {
  each_shape([](const Kernels& machine, std::uint32_t units, std::uint32_t terms, std::size_t samples) {
    const SumStep step(units, terms, units * 100 + terms);
    for (const std::size_t chunk : {64u, 128u, 320u}) {
      KernelRows data(40, terms);
      machine.forward(step.view(chunk), step.weights.data(), data.memory.data(), samples);
      KernelRows back(40, terms);
      machine.backward(step.view(chunk), step.weights.data(), back.memory.data(), samples);
      double worst = 0;
      for (std::uint32_t r = 0; r < units; ++r)
        for (std::size_t p = 0; p < row_stride; ++p) {
          const UnitRows& unit = step.units[r];
          const bool linear = unit.activation == Activation::identity, inside = p < samples;
          const double sum = step.sum(data, r, p), old = data.old(unit.slope, p);
          const double value = !inside ? data.old(unit.value, p) : linear ? sum : std::max(sum, 0.0);
          const double gradient = !inside ? old : linear ? sum : sum * old;
          worst = std::max({worst, std::abs(value - static_cast<double>(data.memory.data()[unit.value + p])),
                            std::abs(gradient - static_cast<double>(back.memory.data()[unit.slope + p]))});
        }
      REQUIRE(worst < 4e-6);
    }
  });
}

TEST_CASE("a value of zero weight leaves a sum's bits as they are") {
  for (const InstructionSet set : supported_instruction_sets()) {
    SumStep step(3, 7, 5);
    KernelRows with(40, 1), without(40, 1);
    for (std::uint32_t k : {2u, 6u}) step.weights[k * 3 + 1] = 0;
    kernels(set).forward(step.view(128), step.weights.data(), with.memory.data(), 128);
    SumStep alone(1, 5, 5);  // the second unit without those terms
    alone.units = {{row_at(21), row_at(31), 0, Activation::identity}};
    alone.rows.clear();
    alone.weights.clear();
    for (const std::uint32_t k : {0u, 1u, 3u, 4u, 5u}) {
      alone.rows.push_back(step.rows[k]);
      alone.weights.push_back(step.weights[k * 3 + 1]);
    }
    const std::uint32_t own = step.units[1].own_terms;
    for (std::uint32_t k = 0; k < own; ++k) {
      alone.rows.push_back(step.rows[7 + step.units[0].own_terms + k]);
      alone.weights.push_back(step.weights[21 + step.units[0].own_terms + k]);
    }
    alone.sums.terms = 5 + own;
    kernels(set).forward(alone.view(128), alone.weights.data(), without.memory.data(), 128);
    for (std::size_t p = 0; p < 128; ++p)
      REQUIRE(with.memory.data()[row_at(21) + p] == without.memory.data()[row_at(21) + p]);
  }
}

TEST_CASE("gradients by any block of edges are sums over the samples on each instruction set") {
  each_shape([](const Kernels& machine, std::uint32_t units, std::uint32_t terms, std::size_t samples) {
    const KernelRows data(40, 7);
    std::vector<Row> rows;
    for (std::uint32_t r = 0; r < units; ++r) rows.push_back(row_at(20 + r));
    for (std::uint32_t k = 0; k < terms; ++k) rows.push_back(row_at(k % 20));
    const std::size_t count = std::size_t{units} * terms;
    const EdgeSums step{.units = units, .terms = terms, .first_row = 0, .first_accumulator = 1};
    std::vector<float> sums(count + 1 + accumulator_padding, 0.5f);
    machine.edges({&step, 1, rows.data()}, data.memory.data(), sums.data(), samples);
    CHECK(sums.front() == 0.5f);
    for (std::size_t i = 0; i < accumulator_padding; ++i) CHECK(sums[count + 1 + i] == 0.5f);
    double worst = 0;
    for (std::size_t i = 0; i < count; ++i) {
      double expected = 0.5;
      for (std::size_t p = 0; p < samples; ++p)
        expected += data.old(rows[i % units], p) * data.old(rows[units + i / units], p);
      worst = std::max(worst, std::abs(expected - static_cast<double>(sums[i + 1])));
    }
    REQUIRE(worst < 1e-4);
  });
}
