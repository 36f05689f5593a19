#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>

namespace skein::experiments {

/// Ends a connection from outside when it has taken too long, has brought too much, or is wanted no more: whatever the
/// server sends (headers without end, a byte a second), the call that reads it returns.
class ConnectionWatch {
 public:
  enum class Ended { not_at_all, too_late, too_much, unwanted };

  /// `limit` is the whole time, `most` the bytes that may arrive; `go_on` is asked often, from a thread of the watch.
  ConnectionWatch(std::chrono::microseconds limit, std::size_t most, std::function<bool()> go_on);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  /// From now on this socket is the connection. To be called before it connects.
  void attach(int socket);
  Ended ended() const { return ended_; }

 private:
  void watch();
  std::size_t arrived() const;

  const std::chrono::steady_clock::time_point deadline_;
  const std::size_t most_;
  const std::function<bool()> go_on_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  int socket_ = -1;  ///< a duplicate of the connection's, so that its number is nobody else's
  bool over_ = false;
  std::atomic<Ended> ended_ = Ended::not_at_all;
  std::thread thread_;
};

}  // namespace skein::experiments
