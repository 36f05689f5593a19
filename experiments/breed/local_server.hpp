#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/breed/web_guard.hpp"

namespace skein::experiments {

struct WebRequest {
  std::string path;
  std::map<std::string, std::string> query;
  std::string body;
};

struct WebReply {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// One address of the server. `answer` may be called from any thread; a ConfigError is the user's mistake (400), another
/// Error a failure (500), both as {"error": "..."}.
struct WebRoute {
  std::string method;  ///< "GET" or "POST"
  std::string path;    ///< as it is, no pattern
  std::function<WebReply(const WebRequest&)> answer;
};

/// A small HTTP server for one page of one person. Requests pass `refuse` first; a request that takes more than `patience` in
/// all is dropped, and so are connections beyond `most_connections`; memory per connection is bounded by the largest body.
class LocalServer {
 public:
  struct Limits {
    double patience = 10;  ///< seconds for a whole request and for its answer
    double idle = 5;       ///< seconds that a quiet connection is kept
    int most_connections = 64;
    double changes_per_second = 50, burst = 200;
  };

  /// Binds, so that the port is known and free. Port 0: any. Throws ConfigError when the port is in use or the address is none
  /// of this machine's.
  LocalServer(GuardSettings guard, std::vector<WebRoute> routes, Limits limits);
  LocalServer(GuardSettings guard, std::vector<WebRoute> routes);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  int port() const;
  const std::string& token() const;
  /// Answers until `stop`.
  void serve();
  /// From any thread.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skein::experiments
