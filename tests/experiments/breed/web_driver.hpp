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
  /// What the body of a function returns; with `wait`, what it gives to its last argument.
  nlohmann::json run(const std::string& script, bool wait = false);
  /// Presses keys one after the other: characters, or names as in "{Enter}{Right}{Space}{Escape}{ShiftZ}".
  void keys(const std::string& text);
  /// Touches the middle of the element for so long.
  void touch(const std::string& selector, int milliseconds = 40);
  /// Clicks it with a mouse.
  void click(const std::string& selector);
  /// Waits up to a minute until the expression is true; whether it became so.
  bool becomes(const std::string& expression);
  void upload(const std::string& selector, const std::filesystem::path& file);
  void screenshot(const std::filesystem::path& png);
  /// Errors of the console since the last call.
  std::vector<std::string> errors();

 private:
  nlohmann::json ask(const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr);
  std::string element(const std::string& selector);
  void act(const nlohmann::json& source);
  pid_t driver_ = 0;
  std::filesystem::path profile_;
  std::unique_ptr<httplib::Client> client_;
  std::string session_;
};

}  // namespace skein::test
