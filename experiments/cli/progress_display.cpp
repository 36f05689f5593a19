#include "experiments/cli/progress_display.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace skein::experiments {
namespace {

constexpr double terminal_interval = 0.1;  // seconds: often enough to look alive
constexpr double lines_interval = 10.0;    // seconds: a log stays readable

std::string number_text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4g", value);
  return buffer;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(std::max(0.0, std::min(seconds, 1e9))));
  char buffer[48];
  if (whole < 60) std::snprintf(buffer, sizeof buffer, "%lld s", whole);
  else if (whole < 3600) std::snprintf(buffer, sizeof buffer, "%lld:%02lld", whole / 60, whole % 60);
  else std::snprintf(buffer, sizeof buffer, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  return buffer;
}

std::string progress_line(const Progress& progress, double elapsed, std::int64_t first) {
  std::string line = progress.stage + " " + std::to_string(progress.done);
  if (progress.total > 0) {
    line += "/" + std::to_string(progress.total);
    const std::int64_t made = progress.done - first, left = progress.total - progress.done;
    if (made > 0 && left > 0 && elapsed > 0.5)
      line += ", " + duration_text(elapsed * static_cast<double>(left) / static_cast<double>(made)) + " left";
  }
  for (const auto& [name, value] : progress.values) line += "  " + name + " " + number_text(value);
  return line;
}

ProgressDisplay::Style ProgressDisplay::detect(bool quiet) {
  if (quiet) return Style::silent;
  return isatty(STDERR_FILENO) ? Style::terminal : Style::lines;
}

ProgressDisplay::ProgressDisplay(Style style) : style_(style), started_(Clock::now()), shown_(started_) {}

void ProgressDisplay::finish() {
  const std::scoped_lock lock(mutex_);
  clear_line();
}

void ProgressDisplay::show(const Progress& progress) {
  if (style_ == Style::silent) return;
  const std::scoped_lock lock(mutex_);
  const auto now = Clock::now();
  const bool new_stage = progress.stage != stage_;
  if (new_stage) {
    stage_ = progress.stage;
    first_ = progress.done;
    started_ = now;
  }
  const double since_shown = std::chrono::duration<double>(now - shown_).count();
  if (since_shown < (style_ == Style::terminal ? terminal_interval : lines_interval)) return;
  shown_ = now;
  const std::string line =
      progress_line(progress, std::chrono::duration<double>(now - started_).count(), first_);
  if (style_ == Style::lines) {
    std::cerr << line << std::endl;
    return;
  }
  clear_line();
  constexpr std::size_t columns = 100;
  line_length_ = std::min(line.size(), columns);
  std::cerr << line.substr(0, columns) << std::flush;
}

void ProgressDisplay::say(std::string_view line) {
  if (style_ == Style::silent) return;
  const std::scoped_lock lock(mutex_);
  clear_line();
  std::cerr << line << std::endl;
}

void ProgressDisplay::clear_line() {
  if (line_length_ == 0) return;
  std::cerr << '\r' << std::string(line_length_, ' ') << '\r' << std::flush;
  line_length_ = 0;
}

}  // namespace skein::experiments
