#include "sgd/train/penalty.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "lib/base/error.hpp"

namespace skein::sgd {
namespace {

constexpr std::pair<PenaltyKind, std::string_view> names[] = {{PenaltyKind::l1, "l1"},
                                                              {PenaltyKind::group_lasso, "group-lasso"}};

}  // namespace

void Penalty::validate() const {
  if (!(strength >= 0 && strength <= 1e6))
    throw ConfigError("penalty of strength " + std::to_string(strength) +
                      ": it must be 0 or more, at most a million");
}

double Penalty::at(std::int64_t steps_taken, std::int64_t steps) const {
  if (!active()) return 0;
  const std::int64_t rise = steps / 2;
  if (steps_taken >= rise) return strength;
  return strength * static_cast<double>(steps_taken) / static_cast<double>(rise);
}

Penalty parse_penalty(std::string_view text) {
  if (text == "none") return {};
  const std::size_t colon = std::min(text.find(':'), text.size());
  for (const auto& [kind, name] : names) {
    if (text.substr(0, colon) != name) continue;
    const std::string_view number = text.substr(std::min(colon + 1, text.size()));
    Penalty penalty{kind, 0};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), penalty.strength);
    if (error != std::errc{} || end != number.data() + number.size() || number.empty()) break;
    penalty.validate();
    return penalty;
  }
  throw ConfigError("penalty '" + std::string(text) + "': none, l1:STRENGTH or group-lasso:STRENGTH");
}

std::string text_of(const Penalty& penalty) {
  for (const auto& [kind, name] : names) {
    if (penalty.kind != kind) continue;
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, penalty.strength);
    return std::string(name) + ":" + std::string(digits, end);
  }
  return "none";
}

PenaltyStep::PenaltyStep(PenaltyKind kind, const WeightLayout& layout, std::size_t slots,
                         const std::vector<std::uint8_t>& trainable) {
  if (!layout.places.empty() && layout.places.size() != slots)
    throw ConfigError("a layout of " + std::to_string(layout.places.size()) + " weights for " +
                      std::to_string(slots));
  if (kind == PenaltyKind::none) return;
  if (kind == PenaltyKind::group_lasso && layout.places.empty() && slots > 0)
    throw ConfigError("a group lasso needs to know which unit each weight leaves");
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::uint32_t>> by_source;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if (!trainable.empty() && !trainable[slot]) continue;
    const auto own = static_cast<std::uint32_t>(slot);
    if (kind == PenaltyKind::l1) groups_.push_back({own});
    else if (const WeightPlace place = layout.places[slot]; place.layer > 0)  // inputs are no units
      by_source[{place.layer, place.column}].push_back(own);
  }
  for (auto& [source, group] : by_source) groups_.push_back(std::move(group));
}

void PenaltyStep::apply(double amount, std::span<float> weights) const {
  if (!(amount > 0)) return;
  for (const auto& group : groups_) {
    double square = 0;
    for (const std::uint32_t slot : group) square += static_cast<double>(weights[slot]) * weights[slot];
    const double length = std::sqrt(square), shorter = amount * std::sqrt(static_cast<double>(group.size()));
    const double factor = length > shorter ? 1 - shorter / length : 0;
    for (const std::uint32_t slot : group) weights[slot] = static_cast<float>(weights[slot] * factor);
  }
}

}  // namespace skein::sgd
