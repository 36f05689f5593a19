// Servers that answer without end, too slowly, or with what was sent to them.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <chrono>

#include "experiments/judges/server_text.hpp"
#include "experiments/judges/vlm_judge.hpp"
#include "tests/experiments/judges/local_chat_server.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A server that says what `say` gives it, piece by piece, to whoever connects, until nobody listens.
class RawServer {
 public:
  /// `say` returns the next piece to send; empty: the end.
  RawServer(std::function<std::string(int)> say, std::chrono::milliseconds pause)
      : say_(std::move(say)), pause_(pause) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 8);
    thread_ = std::thread([this] { serve(); });
  }
  ~RawServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  ChatSettings chat(double timeout) const {
    ChatSettings settings;
    settings.url = "http://127.0.0.1:" + std::to_string(port_) + "/v1";
    settings.model = "local";
    settings.timeout = timeout;
    settings.attempts = 1;
    return settings;
  }

 private:
  void serve() {
    for (int connection; (connection = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(connection))
      for (int piece = 0;; ++piece) {
        if (piece == 0) {
          const timeval patience{.tv_sec = 1, .tv_usec = 0};  // with a client that is gone without a word
          ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        }
        const std::string text = say_(piece);
        if (text.empty() || ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) break;
        std::this_thread::sleep_for(pause_);
      }
  }
  std::function<std::string(int)> say_;
  std::chrono::milliseconds pause_;
  int listener_ = -1, port_ = 0;
  std::thread thread_;
};

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

double seconds_of(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const std::string status_line = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("headers and interim answers without end are cut off after some megabytes") {
  const auto endless_headers = [](int piece) {
    return piece == 0 ? status_line : "X-" + std::to_string(piece) + ": " + std::string(4000, 'y') + "\r\n";
  };
  const auto endless_interim = [](int) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
    return many;
  };
  for (const std::function<std::string(int)>& say :
       {std::function<std::string(int)>(endless_headers), std::function<std::string(int)>(endless_interim)}) {
    const RawServer server(say, std::chrono::milliseconds(0));
    const long before = peak_kib();
    CHECK(error_of([&] { ask(server.chat(3), "?", {}); }).starts_with("judge: "));
    CHECK(peak_kib() - before < 400'000);
  }
}

TEST_CASE("an answer that drips ends with its time, wherever it drips") {
  const std::string headers = status_line + "Content-Length: 100000\r\n\r\n";
  const std::vector<std::function<std::string(int)>> drips{
      [](int piece) { return piece == 0 ? status_line : "X-" + std::to_string(piece) + ": y\r\n"; },
      [](int piece) {
        return std::string(1, (status_line + std::string(100000, 'a'))[static_cast<std::size_t>(piece)]);
      },
      [&](int piece) { return piece == 0 ? headers : std::string(" "); }};
  for (const auto& say : drips) {
    const RawServer server(say, std::chrono::milliseconds(30));
    std::string said;
    CHECK(seconds_of([&] { said = error_of([&] { ask(server.chat(0.4), "?", {}); }); }) < 3);
    CHECK(said.find("in time") != std::string::npos);
  }
}

TEST_CASE("a question ends at once when it is wanted no more, also while it waits to ask again") {
  const RawServer server([](int piece) { return piece == 0 ? status_line : "X-1: y\r\n"; },
                         std::chrono::milliseconds(50));
  std::atomic<int> asked = 0;
  const auto soon_no = [&] { return ++asked < 10; };
  CHECK(seconds_of([&] {
          CHECK(error_of([&] { ask(server.chat(60), "?", {}, soon_no); }).find("stopped") !=
                std::string::npos);
        }) < 3);
  const LocalChatServer busy(always("busy", 503));
  ChatSettings patient = busy.chat();
  patient.first_wait = 50;
  std::atomic<int> looked = 0;
  CHECK(seconds_of([&] {
          CHECK(error_of([&] { ask(patient, "?", {}, [&] { return ++looked < 20; }); }).find("stopped") !=
                std::string::npos);
        }) < 5);
}

TEST_CASE("the key is in no message and no answer, whatever a server does with it") {
  for (const int status : {200, 400, 401, 500}) {
    const LocalChatServer echo([=](const httplib::Request& request, httplib::Response& response, int) {
      const std::string key = request.get_header_value("Authorization").substr(7);
      std::string loud = key;
      for (char& c : loud) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      response.status = status;
      const std::string said = "your key " + key + ", " + loud + ", " + key.substr(0, 8) + "...";
      response.set_content(status == 200 ? completion(said) : said, "application/json");
    });
    ChatSettings chat = echo.chat();
    chat.attempts = 1;
    std::string text;
    const std::string error = error_of([&] { text = ask(chat, "?", {}).text; });
    for (const std::string& seen : {text, error})
      for (const char* piece : {"secret", "SECRET", "ret-key", "RET-KEY"})
        CHECK(seen.find(piece) == std::string::npos);
    CHECK((status == 200 ? text : error).find("your key") != std::string::npos);
  }
  CHECK(without_key("a short key: abc", "abc") == "a short key: ...");
  CHECK(without_key("nothing to hide", "") == "nothing to hide");
}

TEST_CASE("what a server says cannot move a terminal's cursor, colour it or turn its letters round") {
  CHECK(one_harmless_line("\x1b]0;x\x07\x1b[2J a\r\nb\tc\x7f") == " ]0;x  [2J a  b c ");
  CHECK(one_harmless_line("\xc2\x9b"
                          "31m \xe2\x80\xae"
                          "abc \xff\xc0\xaf") == " 31m  abc ???");
  CHECK(one_harmless_line("caf\xc3\xa9 \xf0\x9f\x98\x80") == "caf\xc3\xa9 \xf0\x9f\x98\x80");
  CHECK(one_harmless_line(std::string(300, 'a')).size() == 200);
  CHECK(one_harmless_line(std::string(199, 'a') + "\xc3\xa9").size() == 199);
  const LocalChatServer rude(
      always("\x1b[2J\xc2\x9b"
             "31m bad",
             400));
  const std::string said = error_of([&] { ask(rude.chat(), "?", {}); });
  CHECK(said.find('\x1b') == std::string::npos);
  CHECK(said.find("\xc2\x9b") == std::string::npos);
}

TEST_CASE("a verdict is read in time that does not grow with the square of the answer") {
  std::string deep;
  for (int i = 0; i < 300'000; ++i) deep += "{\"a\":";
  deep += std::string(300'000, '{');
  CHECK(seconds_of([&] { CHECK_FALSE(read_verdict(deep)); }) < 1);
  CHECK(seconds_of([&] { CHECK(read_verdict(deep + " so: {\"whole\": false}") == false); }) < 1);
  CHECK(read_verdict("{\"why\": \"a { brace\", \"whole\": true}") == true);
}
