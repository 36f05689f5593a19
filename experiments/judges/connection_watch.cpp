#include "experiments/judges/connection_watch.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace skein::experiments {

namespace {
constexpr std::chrono::milliseconds look_every{
    10};  // a fast server sends some tens of megabytes in that time
constexpr int waiting_bytes = 1 << 17;
}  // namespace

ConnectionWatch::ConnectionWatch(std::chrono::microseconds limit, std::size_t most,
                                 std::function<bool()> go_on)
    : deadline_(std::chrono::steady_clock::now() + limit),
      most_(most),
      go_on_(std::move(go_on)),
      thread_([this] { watch(); }) {}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  thread_.join();
  if (socket_ >= 0) ::close(socket_);
}

void ConnectionWatch::attach(int socket) {
  const std::scoped_lock lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  // What has arrived is still read after the end: so let there be little of it.
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &waiting_bytes, sizeof waiting_bytes);
  socket_ = ::dup(socket);
  if (ended_ != Ended::not_at_all) ::shutdown(socket, SHUT_RDWR);
}

std::size_t ConnectionWatch::arrived() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (socket_ < 0 || ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return static_cast<std::size_t>(info.tcpi_bytes_received);
}

void ConnectionWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, look_every, [this] { return over_; })) {
    if (ended_ == Ended::not_at_all) {
      if (std::chrono::steady_clock::now() >= deadline_) ended_ = Ended::too_late;
      else if (arrived() > most_) ended_ = Ended::too_much;
      else if (go_on_ && !go_on_()) ended_ = Ended::unwanted;
    }
    if (ended_ != Ended::not_at_all && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }
}

}  // namespace skein::experiments
