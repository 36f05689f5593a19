#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>

#include "experiments/judges/chat_client.hpp"
#include "lib/base/error.hpp"
// clang-format off: the resolver's header, which httplib draws in, defines a macro that Eigen trips over.
#include <httplib.h>
// clang-format on

/// Servers of our own on this machine, for the tests of what asks a model.
namespace skein::experiments {

/// What is done with the request of the given number, from 1.
using Answer = std::function<void(const httplib::Request&, httplib::Response&, int number)>;

/// A chat-completions server on a free port of this machine, as well or badly behaved as `answer` makes it.
class LocalChatServer {
 public:
  explicit LocalChatServer(Answer answer) {
    server_.Post("/v1/chat/completions", [this, answer = std::move(answer)](const httplib::Request& request,
                                                                            httplib::Response& response) {
      answer(request, response, ++asked_);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~LocalChatServer() {
    server_.stop();
    thread_.join();
  }
  int asked() const { return asked_; }
  ChatSettings chat() const {
    ChatSettings settings;
    settings.url = "http://127.0.0.1:" + std::to_string(port_) + "/v1";
    settings.model = "local";
    settings.key = "secret-key";
    settings.timeout = 5;
    settings.first_wait = 0.001;
    settings.attempts = 3;
    return settings;
  }

 private:
  httplib::Server server_;
  std::atomic<int> asked_ = 0;
  int port_ = 0;
  std::thread thread_;
};

/// The body of a reply that says `text`.
inline std::string completion(const std::string& text, const std::string& end = "stop") {
  return nlohmann::json{
      {"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", end}}}}}
      .dump();
}

inline Answer always(const std::string& body, int status = 200) {
  return [=](const httplib::Request&, httplib::Response& response, int) {
    response.status = status;
    response.set_content(body, "application/json");
  };
}

/// A folder that is gone afterwards.
struct TemporaryFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("skein-judge-" + std::to_string(::getpid()));
  TemporaryFolder() { std::filesystem::remove_all(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

/// What the Error says that the body throws; empty when it throws none.
inline std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace skein::experiments
