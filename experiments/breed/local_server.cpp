#include "experiments/breed/local_server.hpp"

#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

using WebClock = std::chrono::steady_clock;

/// What every answer says: no guessing of types, no frames, no reading by other sites, nothing kept.
const std::vector<std::pair<std::string, std::string>> web_headers{
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src "
     "'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}};

/// A connection on which every request has to be over by a deadline, however slowly its bytes come.
class TimedStream : public httplib::Stream {
 public:
  explicit TimedStream(socket_t socket) : socket_(socket) {}
  void set_deadline(double seconds) {
    deadline_ = WebClock::now() +
                std::chrono::duration_cast<WebClock::duration>(std::chrono::duration<double>(seconds));
  }
  bool is_readable() const override { return wait(POLLIN); }
  bool is_writable() const override { return wait(POLLOUT); }
  ssize_t read(char* data, size_t size) override {
    return is_readable() ? ::recv(socket_, data, size, 0) : -1;
  }
  ssize_t write(const char* data, size_t size) override {
    return is_writable() ? ::send(socket_, data, size, MSG_NOSIGNAL) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return socket_; }

 private:
  bool wait(short what) const {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - WebClock::now()).count();
    pollfd waited{socket_, what, 0};
    return left > 0 && ::poll(&waited, 1, static_cast<int>(left)) > 0;
  }
  socket_t socket_;
  WebClock::time_point deadline_{};
};

/// Lets the other side read what was said to it before the connection goes, even when it is still sending.
void close_gently(socket_t socket) {
  ::shutdown(socket, SHUT_WR);
  char waste[4096];
  std::size_t drained = 0;
  constexpr std::size_t most = 1 << 20;
  pollfd waited{socket, POLLIN, 0};
  while (drained<most&& ::poll(&waited, 1, 100)> 0) {
    const ssize_t read = ::recv(socket, waste, sizeof waste, 0);
    if (read <= 0) break;
    drained += static_cast<std::size_t>(read);
  }
  ::close(socket);
}

thread_local bool connection_is_over = false;  // set while a request is refused: its body stays unread

class WebServer : public httplib::Server {
 public:
  explicit WebServer(LocalServer::Limits limits) : limits_(limits) {}
  void set_ending() { ending_ = true; }
  int connections() const { return connections_; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    struct Counted {
      std::atomic<int>& count;
      int now;
      explicit Counted(std::atomic<int>& c) : count(c), now(++c) {}
      ~Counted() { --count; }
    } const counted(connections_);
    TimedStream stream(socket);
    connection_is_over = counted.now > limits_.most_connections;
    while (!connection_is_over && wait_for_request(socket)) {
      stream.set_deadline(limits_.patience);
      bool closed = false;
      if (!process_request(stream, false, closed, nullptr) || closed) break;
    }
    close_gently(socket);
    return true;
  }
  bool wait_for_request(socket_t socket) const {
    for (double waited = 0; waited < limits_.idle && !ending_; waited += 0.1) {
      pollfd ready{socket, POLLIN, 0};
      if (::poll(&ready, 1, 100) > 0) return true;
    }
    return false;
  }

  LocalServer::Limits limits_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> ending_ = false;
};

/// A thread a connection, so that none waits behind a slow one; the server bounds their number.
class ThreadEach : public httplib::TaskQueue {
 public:
  explicit ThreadEach(int most) : most_(most) {}
  void enqueue(std::function<void()> task) override {
    for (int tries = 0; running_ >= most_ && tries < 50; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ++running_;
    std::thread([this, task = std::move(task)] {
      task();
      --running_;
    }).detach();
  }
  void shutdown() override {
    while (running_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

 private:
  int most_;
  std::atomic<int> running_ = 0;
};

void fill(httplib::Response& response, const WebReply& reply) {
  response.status = reply.status;
  response.set_content(reply.body, reply.type);
  for (const auto& [name, value] : reply.headers) {
    response.headers.erase(name);
    response.set_header(name, value);
  }
}

WebReply complaint(int status, const std::string& reason) {
  return {status,
          "application/json",
          nlohmann::json{{"error", reason}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          {}};
}

WebReply answered(const WebRoute& route, const httplib::Request& request) {
  WebRequest asked{request.path, {}, request.body};
  for (const auto& [name, value] : request.params) asked.query[name] = value;
  try {
    return route.answer(asked);
  } catch (const ConfigError& error) {
    return complaint(400, error.what());
  } catch (const Error& error) {
    return complaint(500, error.what());
  } catch (const std::bad_alloc&) {
    return complaint(500, "out of memory");
  } catch (const nlohmann::json::exception&) {
    return complaint(400, "a request of another form than this page's");
  }
}

}  // namespace

struct LocalServer::State {
  GuardSettings guard;
  std::vector<WebRoute> routes;
  RateLimit changes;
  WebServer server;

  State(GuardSettings g, std::vector<WebRoute> r, const Limits& limits)
      : guard(std::move(g)),
        routes(std::move(r)),
        changes(limits.changes_per_second, limits.burst),
        server(limits) {}

  /// Everything is answered before httplib would read a body that must not be read, or by a route of its own.
  httplib::Server::HandlerResponse judge(const httplib::Request& request, httplib::Response& response) {
    for (const auto& [name, value] : web_headers) response.set_header(name, value);
    auto no = refuse(guard, request.method, request.path, [&](std::string_view name) {
      return request.get_header_value(std::string(name).c_str());
    });
    if (!no && request.method == "POST" && !changes.allow()) no = Refusal{429, "too many requests at once"};
    if (!no) return httplib::Server::HandlerResponse::Unhandled;
    fill(response, complaint(no->status, no->reason));
    response.set_header("Connection", "close");
    connection_is_over = true;
    return httplib::Server::HandlerResponse::Handled;
  }
};

LocalServer::LocalServer(GuardSettings guard, std::vector<WebRoute> routes)
    : LocalServer(std::move(guard), std::move(routes), Limits()) {}

LocalServer::LocalServer(GuardSettings guard, std::vector<WebRoute> routes, Limits limits)
    : state_(std::make_unique<State>(std::move(guard), std::move(routes), limits)) {
  State& state = *state_;
  if (state.guard.token.empty()) state.guard.token = random_token();
  state.server.new_task_queue = [most = 2 * limits.most_connections] { return new ThreadEach(most); };
  state.server.set_tcp_nodelay(true);
  state.server.set_payload_max_length(state.guard.largest_body);
  // Without SO_REUSEPORT, which would let a second server share the port unnoticed.
  state.server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  state.server.set_pre_routing_handler(
      [&state](const auto& request, auto& response) { return state.judge(request, response); });
  for (const WebRoute& route : state.routes) {
    std::string pattern;
    for (const char c : route.path) pattern += c == '.' ? std::string("\\.") : std::string(1, c);
    const auto handle = [&route](const httplib::Request& request, httplib::Response& response) {
      fill(response, answered(route, request));
    };
    if (route.method == "GET") state.server.Get(pattern, handle);
    else state.server.Post(pattern, handle);
  }
  state.server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty())
      fill(response, complaint(response.status, "there is nothing of that name here"));
  });
  if (state.guard.port == 0) state.guard.port = state.server.bind_to_any_port(state.guard.host);
  else if (!state.server.bind_to_port(state.guard.host, state.guard.port))
    throw ConfigError("port " + std::to_string(state.guard.port) + " of " + state.guard.host +
                      ": in use or not this machine's; --port takes another, 0 any that is free");
  if (state.guard.port <= 0)
    throw ConfigError(state.guard.host + ": no address of this machine to listen on");
}

LocalServer::~LocalServer() { stop(); }

int LocalServer::port() const { return state_->guard.port; }

const std::string& LocalServer::token() const { return state_->guard.token; }

void LocalServer::serve() { state_->server.listen_after_bind(); }

void LocalServer::stop() {
  state_->server.set_ending();
  state_->server.stop();
}

}  // namespace skein::experiments
