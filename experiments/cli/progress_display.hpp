#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "lib/base/progress.hpp"

namespace skein::experiments {

/// "12 s", "3:05", "2:10:00": a length of time for people.
std::string duration_text(double seconds);

/// One line for one event: stage, share done, time left as the pace so far promises, values.
/// `elapsed` is in seconds since the stage began with `first` steps done.
std::string progress_line(const Progress& progress, double elapsed, std::int64_t first);

/// Shows progress events on standard error: on a terminal one line that is overwritten, otherwise a plain
/// line now and then. Any thread may report.
class ProgressDisplay {
 public:
  enum class Style { silent, terminal, lines };
  /// The style that fits standard error.
  static Style detect(bool quiet);

  explicit ProgressDisplay(Style style);
  ~ProgressDisplay() { finish(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const Progress& progress);
  /// Writes a message on a line of its own.
  void say(std::string_view line);
  /// Takes the line under way off the terminal.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void clear_line();

  Style style_;
  std::mutex mutex_;
  std::string stage_;
  std::int64_t first_ = 0;
  Clock::time_point started_, shown_;
  std::size_t line_length_ = 0;
};

}  // namespace skein::experiments
