#include "experiments/rows/row_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "experiments/jobs/recursion_arm.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

template <class Number>
Number number_of(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty())
    throw ConfigError("'" + text + "' is not such a number");
  return value;
}

std::string on_or_off(const std::string& text) {
  if (text != "on" && text != "off") throw ConfigError("'" + text + "' is neither on nor off");
  return text;
}

std::string off_edges_or_on(const std::string& text) {
  if (text != "edges") return on_or_off(text);
  return text;
}

constexpr std::array option_table{
    RowOption{"optimizer", [](RowOptions& o, const std::string& t) { o.training.optimizer = t; },
              [](const RowOptions& o) { return Json(o.training.optimizer); }},
    RowOption{"lr", [](RowOptions& o, const std::string& t) { o.training.rate = number_of<double>(t); },
              [](const RowOptions& o) { return Json(o.training.rate); }},
    RowOption{"schedule", [](RowOptions& o, const std::string& t) { o.training.schedule = t; },
              [](const RowOptions& o) { return Json(o.training.schedule); }},
    RowOption{"warmup",
              [](RowOptions& o, const std::string& t) { o.training.warmup = number_of<std::int64_t>(t); },
              [](const RowOptions& o) { return Json(o.training.warmup); }},
    RowOption{"normalize-gradient",
              [](RowOptions& o, const std::string& t) { o.training.normalize_gradient = on_or_off(t); },
              [](const RowOptions& o) { return Json(o.training.normalize_gradient); }},
    RowOption{"steps",
              [](RowOptions& o, const std::string& t) { o.training.steps = number_of<std::int64_t>(t); },
              [](const RowOptions& o) { return Json(o.training.steps); }},
    RowOption{
        "batch-pixels",
        [](RowOptions& o, const std::string& t) { o.training.batch_pixels = number_of<std::uint32_t>(t); },
        [](const RowOptions& o) { return Json(o.training.batch_pixels); }},
    RowOption{"newton-schulz",
              [](RowOptions& o, const std::string& t) { o.training.newton_schulz = number_of<int>(t); },
              [](const RowOptions& o) { return Json(o.training.newton_schulz); }},
    RowOption{"newton-schulz-coefficients",
              [](RowOptions& o, const std::string& t) { o.training.coefficients = t; },
              [](const RowOptions& o) { return Json(o.training.coefficients); }},
    RowOption{
        "rewind-step",
        [](RowOptions& o, const std::string& t) { o.training.rewind_step = number_of<std::int64_t>(t); },
        [](const RowOptions& o) { return Json(o.training.rewind_step); }},
    RowOption{"init-scale",
              [](RowOptions& o, const std::string& t) { o.initial_scale = number_of<double>(t); },
              [](const RowOptions& o) { return Json(o.initial_scale); }},
    RowOption{
        "penalty",
        [](RowOptions& o, const std::string& t) { o.training.penalty = sgd::text_of(sgd::parse_penalty(t)); },
        [](const RowOptions& o) { return Json(o.training.penalty); }, true},
    RowOption{"parent-part",
              [](RowOptions& o, const std::string& t) { o.parent_part = number_of<double>(t); },
              [](const RowOptions& o) { return Json(o.parent_part); }, true},
    RowOption{"rounds", [](RowOptions& o, const std::string& t) { o.rounds = number_of<int>(t); },
              [](const RowOptions& o) { return Json(o.rounds); }, true},
    RowOption{"wiring", [](RowOptions& o, const std::string& t) { o.wiring = t; },
              [](const RowOptions& o) { return Json(o.wiring); }, true},
    RowOption{"arch",
              [](RowOptions& o, const std::string& t) {
                sgd::parse_architecture(t);
                o.architecture = t;
              },
              [](const RowOptions& o) { return Json(o.architecture); }},
    RowOption{"size", [](RowOptions& o, const std::string& t) { o.size = number_of<int>(t); },
              [](const RowOptions& o) { return Json(o.size); }},
    RowOption{"widths", [](RowOptions& o, const std::string& t) { o.widths = name(width_rule(t)); },
              [](const RowOptions& o) { return Json(o.widths); }, true},
    RowOption{"recursion",
              [](RowOptions& o, const std::string& t) { o.recursion = parse_base_recursion(t).text(); },
              [](const RowOptions& o) { return Json(o.recursion); }, true},
    RowOption{"bar", [](RowOptions& o, const std::string& t) { o.bar = number_of<double>(t); },
              [](const RowOptions& o) { return Json(o.bar); }, true},
    RowOption{"circuits", [](RowOptions& o, const std::string& t) { o.circuits = off_edges_or_on(t); },
              [](const RowOptions& o) { return Json(o.circuits); }, true},
};

}  // namespace

std::span<const RowOption> row_option_table() { return option_table; }

RowOptions with_variant(RowOptions options, const Variant& variant) {
  for (const auto& [name, text] : variant) {
    const auto option = std::ranges::find(option_table, name, &RowOption::name);
    if (option == option_table.end()) {
      std::string known;
      for (const RowOption& one : option_table) known += (known.empty() ? "" : ", ") + std::string(one.name);
      throw ConfigError("option '" + name + "' of a row is unknown; there are " + known);
    }
    try {
      option->set(options, text);
    } catch (const ConfigError& e) {
      throw ConfigError("option " + name + "=" + text + ": " + e.what());
    }
  }
  if (!(options.initial_scale > 0 && options.initial_scale < 1e6))
    throw ConfigError("init-scale " + std::to_string(options.initial_scale) + ": must be over 0");
  if (!(options.parent_part > 0 && options.parent_part < 1))
    throw ConfigError("parent-part " + std::to_string(options.parent_part) +
                      ": must lie between 0 and 1, both excluded");
  if (options.rounds < 0 || options.rounds > 1000)
    throw ConfigError("rounds " + std::to_string(options.rounds) + ": must lie between 1 and 1000, or be 0");
  if (!(options.bar >= 0 && options.bar < 1e6))
    throw ConfigError("bar " + std::to_string(options.bar) + ": must be a loss, or 0 for none");
  if (options.bar > 0 && options.training.batch_pixels > 0)
    throw ConfigError("a bar is held against the loss on all pixels; batch-pixels draws some");
  options.training.settings(0);
  return options;
}

Variant parse_variant(const std::string& text) {
  Variant variant;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ':');) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos && !variant.empty()) {
      variant.back().second += ":" + part;
      continue;
    }
    if (equals == std::string::npos)
      throw ConfigError("option '" + part + "' of a method: write OPTION=VALUE");
    variant.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return variant;
}

std::vector<std::string> rejoined_brackets(const std::vector<std::string>& parts) {
  std::vector<std::string> joined;
  std::ptrdiff_t open = 0;
  for (const std::string& part : parts) {
    if (open > 0) joined.back() += "," + part;
    else joined.push_back(part);
    open = std::ranges::count(joined.back(), '(') - std::ranges::count(joined.back(), ')');
  }
  return joined;
}

}  // namespace skein::experiments
