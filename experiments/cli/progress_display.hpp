#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "lib/base/progress.hpp"

namespace skein::experiments {

/// "12 s", "3:05", "2:10:00": a length of time for people.
std::string duration_text(double seconds);

/// One line for one event: stage, share done, time left as the pace so far promises, values.
/// `elapsed` is in seconds since the stage began with `first` steps done.
std::string progress_line(const Progress& progress, double elapsed, std::int64_t first);

/// What is shown while nothing is reported: the last event, and for how long all has been under way.
std::string waiting_line(const std::optional<Progress>& last, double elapsed);

/// Shows progress events on standard error: on a terminal one line that is overwritten, otherwise a plain
/// line now and then. Any thread may report; where none does for a while, the display says by itself that the
/// work goes on.
class ProgressDisplay {
 public:
  enum class Style { silent, terminal, lines };
  /// The style that fits standard error.
  static Style detect(bool quiet);

  explicit ProgressDisplay(Style style);
  ~ProgressDisplay();
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
  void put(const std::string& line, Clock::time_point now);
  void show_signs_of_life(std::stop_token ended);

  Style style_;
  std::mutex mutex_;
  std::optional<Progress> last_;
  std::int64_t first_ = 0;
  const Clock::time_point begun_;
  Clock::time_point started_, shown_;
  std::size_t line_length_ = 0;
  bool finished_ = false;
  std::condition_variable_any ended_;
  std::jthread signs_of_life_;
};

}  // namespace skein::experiments
