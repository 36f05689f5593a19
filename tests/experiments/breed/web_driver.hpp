#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace httplib {
class Client;
}

namespace skein::test {

/// The bytes that base64 stands for.
std::string from_base64(const std::string& text);

/// Whether chromedriver and chromium are there.
bool have_browser();

/// Headless Chromium on a screen of its own, worked through chromedriver (W3C WebDriver) by real keys and touches.
class Browser {
 public:
  enum class Screen { desktop, phone };
  explicit Browser(Screen screen);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void open(const std::string& address);
  /// As its user would; returns when the page is there anew.
  void reload();
  /// What the body of a function returns; with `wait`, what it gives to its last argument.
  nlohmann::json run(const std::string& script, bool wait = false);
  /// Presses keys one after the other: characters, or names as in "{Enter}{Right}{Space}{Escape}{ShiftZ}".
  void keys(const std::string& text);
  /// Touches the middle of the element for so long.
  void touch(const std::string& selector, int milliseconds = 40);
  /// Touches the middle of the element and moves the finger by pixels, all in a quarter of a second.
  void drag(const std::string& selector, int right, int down);
  /// Two fingers on the element, level, this far apart in pixels at first and at last.
  void pinch(const std::string& selector, int from, int to);
  /// Clicks it with a mouse.
  void click(const std::string& selector);
  /// Waits up to so many seconds until the expression is true; whether it became so. Long: on a busy machine the page is slow.
  bool becomes(const std::string& expression, int seconds = 300);
  void upload(const std::string& selector, const std::filesystem::path& file);
  void screenshot(const std::filesystem::path& png);
  /// Errors of the console since the last call.
  std::vector<std::string> errors();

 private:
  nlohmann::json ask(const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr);
  std::string element(const std::string& selector);
  void act(const nlohmann::json& sources);
  nlohmann::json finger(const std::string& name, const std::string& selector, int x, int to_x, int to_y,
                        int held);
  /// The process of chromedriver and what Chromium keeps; both go with it, also from a browser that could not be made.
  struct Driver {
    explicit Driver(int port);
    ~Driver();
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    pid_t process = 0;
    std::filesystem::path profile;
  };
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<httplib::Client> client_;
  std::string session_;
};

}  // namespace skein::test
