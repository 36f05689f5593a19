#include "experiments/figures/plot_axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace skein::experiments {

std::string plain_number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  char buffer[64];
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e6)) {
    std::snprintf(buffer, sizeof buffer, "%.*e", std::min(digits, 3) - 1, value);
    std::string text(buffer);
    const auto e = text.find('e');
    std::string mantissa = text.substr(0, e);
    if (mantissa.find('.') != std::string::npos) mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
    return mantissa + "e" + std::to_string(std::stoi(text.substr(e + 1)));
  }
  if (size >= std::pow(10.0, digits)) std::snprintf(buffer, sizeof buffer, "%.0f", value);
  else std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
  return buffer;
}

PlotAxis::PlotAxis(const std::vector<double>& values, bool logarithmic, double from, double to)
    : logarithmic_(logarithmic), from_(from), to_(to) {
  bool any = false;
  for (const double value : values) {
    if (!std::isfinite(value) || (logarithmic && value <= 0)) continue;
    const double s = scaled(value);
    low_ = any ? std::min(low_, s) : s;
    high_ = any ? std::max(high_, s) : s;
    any = true;
  }
  if (!any) return;
  const double least = logarithmic ? 0.05 : 1e-9 + 0.02 * std::abs(high_);
  const double room = std::max(0.04 * (high_ - low_), least);
  low_ -= room, high_ += room;
}

double PlotAxis::scaled(double value) const { return logarithmic_ ? std::log10(value) : value; }

bool PlotAxis::shows(double value) const { return std::isfinite(value) && (!logarithmic_ || value > 0); }

double PlotAxis::at(double value) const {
  return from_ + (to_ - from_) * (scaled(value) - low_) / (high_ - low_);
}

std::vector<PlotAxis::Tick> PlotAxis::ticks(int about) const {
  std::vector<Tick> result;
  const double span = high_ - low_;
  if (logarithmic_ && span > 0.9) {
    const int every = std::max(1, static_cast<int>(std::ceil(span / about)));
    const bool halves = span < 2.2;
    for (int decade = static_cast<int>(std::floor(low_)); decade <= high_; ++decade) {
      if (decade % every != 0) continue;
      for (const double digit : {1.0, 2.0, 5.0}) {
        const double value = digit * std::pow(10.0, decade);
        if ((digit == 1 || halves) && scaled(value) >= low_ && scaled(value) <= high_)
          result.push_back({value, plain_number(value)});
      }
    }
    return result;
  }
  const double low = logarithmic_ ? std::pow(10.0, low_) : low_,
               high = logarithmic_ ? std::pow(10.0, high_) : high_;
  const double raw = (high - low) / std::max(about, 1), power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw * 0.999) {
      step = factor * power;
      break;
    }
  for (double k = std::ceil(low / step); k * step <= high; ++k) {
    const double value = std::abs(k) < 0.5 ? 0 : k * step;
    if (!logarithmic_ || value > 0) result.push_back({value, plain_number(value)});
  }
  return result;
}

}  // namespace skein::experiments
