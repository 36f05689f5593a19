#include "experiments/robustness/shifted_inputs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/median.hpp"
#include "lib/picture/colour.hpp"

namespace skein::experiments {
namespace {

struct Inputs {
  double x = 0, y = 0, d = 0;
};

Inputs inputs_at(const InputShift& shift, int row, int column) {
  const Grid grid{shift.size, shift.size, shift.extent};
  const double x = grid.x(column), y = grid.y(row);
  Inputs inputs{x + shift.moved, y + shift.moved, 0};
  inputs.d = distance_scale * (shift.distance ? std::hypot(inputs.x, inputs.y) : std::hypot(x, y));
  return inputs;
}

SampleTable table_of(const Network& network, const InputShift& shift) {
  const auto& names = network.signature().inputs;
  SampleTable table{static_cast<int>(names.size()),
                    static_cast<std::size_t>(shift.size) * static_cast<std::size_t>(shift.size),
                    {}};
  table.values.reserve(names.size() * table.count);
  for (const std::string& name : names)
    for (int row = 0; row < shift.size; ++row)
      for (int column = 0; column < shift.size; ++column) {
        const Inputs inputs = inputs_at(shift, row, column);
        if (name == "x") table.values.push_back(static_cast<float>(inputs.x));
        else if (name == "y") table.values.push_back(static_cast<float>(inputs.y));
        else if (name == "d") table.values.push_back(static_cast<float>(inputs.d));
        else if (name == "bias") table.values.push_back(1.0f);
        else throw ConfigError("an input called " + name + " is none of a picture's");
      }
  return table;
}

/// Squared error and squared deviation of one part's samples, over the channels.
struct PartSums {
  std::size_t samples = 0;
  double error = 0;
  std::array<double, 3> sum{}, squares{};

  double deviation() const {
    double result = 0;
    for (std::size_t c = 0; c < 3; ++c)
      result += std::max(
          0.0, squares[c] - sum[c] * sum[c] / static_cast<double>(std::max<std::size_t>(samples, 1)));
    return result;
  }
};

}  // namespace

std::vector<InputShift> input_shifts(int size) {
  if (size < 8 || size > 1024) throw ConfigError("size " + std::to_string(size) + ": must be 8 to 1024");
  std::vector<InputShift> shifts{{.name = "grid", .size = size}};
  for (const int other : {32, 128, 256})
    if (other != size) shifts.push_back({.name = std::to_string(other) + " a side", .size = other});
  constexpr double zoom = 1.5, moved = 0.25;
  shifts.push_back({.name = "zoomed out", .size = size, .extent = zoom});
  shifts.push_back({.name = "zoomed in", .size = size, .extent = 1 / zoom});
  shifts.push_back({.name = "moved", .size = size, .moved = moved});
  shifts.push_back({.name = "moved without d", .size = size, .moved = moved, .distance = false});
  return shifts;
}

Picture draw_shifted(const Plan& plan, std::span<const float> weights, const InputShift& shift) {
  const SampleTable table = table_of(plan.network(), shift);
  const std::size_t count = table.count;
  if (plan.network().outputs().size() != 3) throw ConfigError("a picture has hue, saturation and brightness");
  std::vector<float> raw(3 * count);
  evaluate(plan, weights, table, raw);
  Picture picture(shift.size, shift.size);
  for (std::size_t p = 0; p < count; ++p) {
    const auto rgb = hsv_to_rgb(raw[p], raw[count + p], raw[2 * count + p]);
    for (std::size_t c = 0; c < 3; ++c) picture.rgb[c * count + p] = rgb[c];
  }
  return picture;
}

std::vector<Picture> draw_shifted(const Plan& plan, std::span<const float> weights,
                                  const std::vector<InputShift>& shifts) {
  std::vector<Picture> pictures;
  for (const InputShift& shift : shifts) pictures.push_back(draw_shifted(plan, weights, shift));
  return pictures;
}

std::vector<std::size_t> part_of_samples(const PartRegions& regions, const InputShift& shift) {
  const auto nearest = [](double coordinate, int count) {
    return static_cast<int>(std::floor((coordinate + 1) / 2 * (count - 1) + 0.5));
  };
  std::vector<std::size_t> parts;
  for (int row = 0; row < shift.size; ++row)
    for (int column = 0; column < shift.size; ++column) {
      const Inputs inputs = inputs_at(shift, row, column);
      const int c = nearest(inputs.x, regions.width), r = nearest(inputs.y, regions.height);
      const bool inside = c >= 0 && r >= 0 && c < regions.width && r < regions.height;
      parts.push_back(inside ? std::size_t{regions.owner[static_cast<std::size_t>(r * regions.width + c)]}
                             : regions.count());
    }
  return parts;
}

std::vector<ShiftError> shift_errors(const std::vector<Picture>& drawn, const std::vector<Picture>& wanted,
                                     const PartRegions& regions, const std::vector<InputShift>& shifts) {
  std::vector<ShiftError> errors;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    const auto parts = part_of_samples(regions, shifts[i]);
    std::vector<PartSums> sums(regions.count() + 1);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      PartSums& part = sums[parts[p]];
      ++part.samples;
      for (std::size_t c = 0; c < 3; ++c) {
        const double want = static_cast<double>(wanted[i].rgb[c * parts.size() + p]),
                     off = static_cast<double>(drawn[i].rgb[c * parts.size() + p]) - want;
        part.error += off * off;
        part.sum[c] += want;
        part.squares[c] += want * want;
      }
    }
    for (std::size_t k = 0; k < sums.size(); ++k) {
      ShiftError one{.shift = shifts[i].name,
                     .part = k < regions.count() ? regions.names[k] : beyond_name,
                     .samples = sums[k].samples};
      const double values = 3 * static_cast<double>(std::max<std::size_t>(one.samples, 1));
      one.variance = sums[k].deviation() / values;
      constexpr double least = 1e-5;
      if (one.samples > 0 && one.variance > least)
        one.error = std::isfinite(sums[k].error) ? sums[k].error / values / one.variance
                                                 : std::numeric_limits<double>::infinity();
      errors.push_back(std::move(one));
    }
  }
  return errors;
}

double median_error(const std::vector<ShiftError>& errors, const std::string& shift) {
  std::vector<double> values;
  for (const ShiftError& one : errors)
    if (one.shift == shift && one.part != beyond_name && one.error) values.push_back(*one.error);
  return median(std::move(values));
}

double error_of(const std::vector<ShiftError>& errors, const std::string& shift, const std::string& part) {
  for (const ShiftError& one : errors)
    if (one.shift == shift && one.part == part && one.error) return *one.error;
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace skein::experiments
