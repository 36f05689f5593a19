#include <array>
#include <charconv>
#include <sstream>

#include "experiments/compare/compare_plan.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr const char* known =
    "init-scale, lr, schedule, warmup, batch-pixels, normalize-gradient, newton-schulz, "
    "newton-schulz-coefficients";

template <class Number>
Number number_of(const std::string& key, const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw ConfigError("option " + key + "=" + text + ": '" + text + "' is not such a number");
  return value;
}

void apply(RowOptions& options, const std::string& key, const std::string& value) {
  TrainingOptions& training = options.training;
  if (key == "init-scale") options.initial_scale = number_of<double>(key, value);
  else if (key == "lr") training.rate = number_of<double>(key, value);
  else if (key == "schedule") training.schedule = value;
  else if (key == "warmup") training.warmup = number_of<std::int64_t>(key, value);
  else if (key == "batch-pixels") training.batch_pixels = number_of<std::uint32_t>(key, value);
  else if (key == "normalize-gradient" && (value == "on" || value == "off"))
    training.normalize_gradient = value;
  else if (key == "newton-schulz") training.newton_schulz = number_of<int>(key, value);
  else if (key == "newton-schulz-coefficients") training.coefficients = value;
  else throw ConfigError("option '" + key + "=" + value + "' of a method is unknown; there are " + known);
}

}  // namespace

RowOptions row_options(const CompareSettings& settings, const PlannedRow& planned) {
  RowOptions options{settings.training, settings.initial_scale};
  if (options.training.steps == 0) options.training.steps = budget_called(settings.budget).steps;
  if (!planned.method.optimizer.empty()) options.training.optimizer = planned.method.optimizer;
  std::istringstream parts(planned.variant);
  for (std::string part; std::getline(parts, part, ':');) {
    const std::size_t equals = std::min(part.find('='), part.size());
    apply(options, part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
  }
  if (!(options.initial_scale > 0 && options.initial_scale < 1e6))
    throw ConfigError("init-scale " + std::to_string(options.initial_scale) + ": must be over 0");
  options.training.settings(0);
  return options;
}

}  // namespace skein::experiments
