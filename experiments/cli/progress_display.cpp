#include "experiments/cli/progress_display.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace skein::experiments {
namespace {

constexpr double terminal_interval = 0.1;    // seconds: often enough to look alive
constexpr double lines_interval = 10.0;      // seconds: a log stays readable
constexpr double silence_on_terminal = 1.0;  // seconds without a report until the display speaks for itself

double seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

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

std::string waiting_line(const std::optional<Progress>& last, double elapsed) {
  return (last ? progress_line(*last, 0, last->done) : std::string("at work")) + ", for " +
         duration_text(elapsed);
}

ProgressDisplay::ProgressDisplay(Style style)
    : style_(style), begun_(Clock::now()), started_(begun_), shown_(begun_) {
  if (style_ != Style::silent)
    signs_of_life_ = std::jthread([this](const std::stop_token& ended) { show_signs_of_life(ended); });
}

ProgressDisplay::~ProgressDisplay() { finish(); }

void ProgressDisplay::finish() {
  const std::scoped_lock lock(mutex_);
  finished_ = true;
  clear_line();
}

void ProgressDisplay::show(const Progress& progress) {
  if (style_ == Style::silent) return;
  const std::scoped_lock lock(mutex_);
  const auto now = Clock::now();
  if (!last_ || progress.stage != last_->stage) {
    first_ = progress.done;
    started_ = now;
  }
  last_ = progress;
  if (seconds(now - shown_) < (style_ == Style::terminal ? terminal_interval : lines_interval)) return;
  put(progress_line(progress, seconds(now - started_), first_), now);
}

/// Under the lock.
void ProgressDisplay::put(const std::string& line, Clock::time_point now) {
  shown_ = now;
  if (style_ == Style::lines) {
    std::cerr << line << std::endl;
    return;
  }
  clear_line();
  constexpr std::size_t columns = 100;
  line_length_ = std::min(line.size(), columns);
  std::cerr << line.substr(0, columns) << std::flush;
}

void ProgressDisplay::show_signs_of_life(std::stop_token ended) {
  const auto interval = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(style_ == Style::terminal ? silence_on_terminal : lines_interval));
  std::unique_lock lock(mutex_);
  while (!ended.stop_requested()) {
    if (ended_.wait_until(lock, ended, shown_ + interval, [] { return false; }) || ended.stop_requested())
      return;
    const auto now = Clock::now();
    if (!finished_ && now >= shown_ + interval) put(waiting_line(last_, seconds(now - begun_)), now);
    else if (finished_) return;
  }
}

void ProgressDisplay::say(std::string_view line) {
  if (style_ == Style::silent) return;
  const std::scoped_lock lock(mutex_);
  clear_line();
  shown_ = Clock::now();
  std::cerr << line << std::endl;
}

void ProgressDisplay::clear_line() {
  if (line_length_ == 0) return;
  std::cerr << '\r' << std::string(line_length_, ' ') << '\r' << std::flush;
  line_length_ = 0;
}

}  // namespace skein::experiments
