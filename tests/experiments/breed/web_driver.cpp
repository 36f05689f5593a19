#include "web_driver.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

#include "lib/base/file.hpp"

namespace skein::test {
namespace {

using nlohmann::json;

/// A port of 127.0.0.1 on which nobody listens.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &length) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no port is free");
  return ntohs(at.sin_port);
}

}  // namespace

std::string from_base64(const std::string& text) {
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto digit = digits.find(c);
    if (digit == std::string::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    if (++count % 4 != 1) bytes += static_cast<char>(bits >> (6 - 2 * ((count - 1) % 4)) & 255);
  }
  return bytes;
}

bool have_browser() {
  return std::system("command -v chromedriver >/dev/null 2>&1 && command -v chromium >/dev/null 2>&1") == 0;
}

Browser::Driver::Driver(int port)
    : profile(std::filesystem::temp_directory_path() / ("skein-browser-" + std::to_string(port))) {
  process = ::fork();
  if (process != 0) return;
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDOUT_FILENO), ::dup2(nothing, STDERR_FILENO);
  const std::string flag = "--port=" + std::to_string(port);
  ::execlp("chromedriver", "chromedriver", flag.c_str(), "--silent", nullptr);
  ::_exit(127);
}

Browser::Driver::~Driver() {
  ::kill(process, SIGTERM);
  ::waitpid(process, nullptr, 0);
  std::error_code error;
  std::filesystem::remove_all(profile, error);
}

Browser::Browser(Screen screen) {
  const int port = free_port();
  driver_ = std::make_unique<Driver>(port);
  client_ = std::make_unique<httplib::Client>("127.0.0.1", port);
  client_->set_read_timeout(600);
  for (int tries = 0; tries < 2400; ++tries) {
    const auto ready = client_->Get("/status");
    if (ready && ready->status == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  json options{
      {"args",
       {"--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,980",
        "--disable-background-networking", "--user-data-dir=" + driver_->profile.string()}}};
  if (screen == Screen::phone)
    options["mobileEmulation"] = {
        {"deviceMetrics", {{"width", 390}, {"height", 844}, {"pixelRatio", 2.0}, {"touch", true}}}};
  const json wanted{{"browserName", "chrome"},
                    {"goog:chromeOptions", options},
                    {"goog:loggingPrefs", {{"browser", "ALL"}}}};
  const json made = ask("POST", "/session", {{"capabilities", {{"alwaysMatch", wanted}}}});
  session_ = "/session/" + made.at("sessionId").get<std::string>();
  ask("POST", session_ + "/timeouts", {{"script", 500000}, {"pageLoad", 500000}});
}

Browser::~Browser() { client_->Delete(session_); }

json Browser::ask(const std::string& method, const std::string& path, const json& body) {
  const auto answer =
      method == "GET" ? client_->Get(path) : client_->Post(path, body.dump(), "application/json");
  if (!answer) throw std::runtime_error("chromedriver does not answer");
  const json value = json::parse(answer->body).at("value");
  if (answer->status != 200) throw std::runtime_error("chromedriver: " + value.dump().substr(0, 400));
  return value;
}

void Browser::open(const std::string& address) { ask("POST", session_ + "/url", {{"url", address}}); }

void Browser::reload() { ask("POST", session_ + "/refresh", json::object()); }

json Browser::run(const std::string& script, bool wait) {
  return ask("POST", session_ + (wait ? "/execute/async" : "/execute/sync"),
             {{"script", script}, {"args", json::array()}});
}

void Browser::act(const json& sources) { ask("POST", session_ + "/actions", {{"actions", sources}}); }

void Browser::keys(const std::string& text) {
  const std::map<std::string, std::string> names{
      {"Enter", "\uE007"}, {"Right", "\uE014"}, {"Left", "\uE012"},   {"Up", "\uE013"}, {"Down", "\uE015"},
      {"End", "\uE010"},   {"Space", " "},      {"Escape", "\uE00C"}, {"Tab", "\uE004"}};
  json actions = json::array();
  const auto press = [&](const std::string& key) {
    actions.push_back({{"type", "keyDown"}, {"value", key}});
    actions.push_back({{"type", "keyUp"}, {"value", key}});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{') {
      press(text.substr(i, 1));
      continue;
    }
    const std::string name = text.substr(i + 1, text.find('}', i) - i - 1);
    i += name.size() + 1;
    if (name != "ShiftZ") {
      press(names.at(name));
      continue;
    }
    actions.push_back({{"type", "keyDown"}, {"value", "\uE008"}});
    press("Z");
    actions.push_back({{"type", "keyUp"}, {"value", "\uE008"}});
  }
  act(json::array({{{"type", "key"}, {"id", "keyboard"}, {"actions", actions}}}));
}

std::string Browser::element(const std::string& selector) {
  const json found = ask("POST", session_ + "/element", {{"using", "css selector"}, {"value", selector}});
  return found.begin().value().get<std::string>();
}

/// A finger that comes down x pixels right of the element's middle, stays, and goes to another place before it leaves.
json Browser::finger(const std::string& name, const std::string& selector, int x, int to_x, int to_y,
                     int held) {
  const json at{{"element-6066-11e4-a52e-4f735466cecf", element(selector)}};
  json actions = json::array({{{"type", "pointerMove"}, {"origin", at}, {"x", x}, {"y", 0}, {"duration", 0}},
                              {{"type", "pointerDown"}, {"button", 0}},
                              {{"type", "pause"}, {"duration", held}}});
  if (to_x != x || to_y != 0) {
    for (int step = 1; step <= 5; ++step)
      actions.push_back({{"type", "pointerMove"},
                         {"origin", at},
                         {"x", x + (to_x - x) * step / 5},
                         {"y", to_y * step / 5},
                         {"duration", 50}});
    // It rests before it leaves: from a fling the browser takes the next tap to stop it, and tells the page nothing.
    actions.push_back({{"type", "pause"}, {"duration", 200}});
  }
  actions.push_back({{"type", "pointerUp"}, {"button", 0}});
  return {
      {"type", "pointer"}, {"id", name}, {"parameters", {{"pointerType", "touch"}}}, {"actions", actions}};
}

void Browser::touch(const std::string& selector, int milliseconds) {
  act(json::array({finger("finger", selector, 0, 0, 0, milliseconds)}));
}

void Browser::drag(const std::string& selector, int right, int down) {
  act(json::array({finger("finger", selector, 0, right, down, 0)}));
}

void Browser::pinch(const std::string& selector, int from, int to) {
  act(json::array({finger("finger", selector, -from / 2, -to / 2, 0, 0),
                   finger("thumb", selector, from / 2, to / 2, 0, 0)}));
}

void Browser::click(const std::string& selector) {
  ask("POST", session_ + "/element/" + element(selector) + "/click", json::object());
}

bool Browser::becomes(const std::string& expression, int seconds) {
  for (int tries = 0; tries < 10 * seconds; ++tries) {
    if (run("try { return Boolean(" + expression + "); } catch { return false; }") == true) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

void Browser::upload(const std::string& selector, const std::filesystem::path& file) {
  ask("POST", session_ + "/element/" + element(selector) + "/value", {{"text", file.string()}});
}

void Browser::screenshot(const std::filesystem::path& png) {
  write_file(png, from_base64(ask("GET", session_ + "/screenshot").get<std::string>()));
}

std::vector<std::string> Browser::errors() {
  std::vector<std::string> lines;
  for (const json& entry : ask("POST", session_ + "/se/log", {{"type", "browser"}}))
    if (entry.at("level") == "SEVERE") lines.push_back(entry.at("message").get<std::string>());
  return lines;
}

}  // namespace skein::test
