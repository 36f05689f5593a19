#include "experiments/breed/web_guard.hpp"

#include <arpa/inet.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         (bracketed && ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), bytes.data()) == 1);
}

/// Whether "name:port" means this server. A rebound name is a name, so beyond loopback only addresses and the name it was
/// told to listen on are taken.
bool is_ours(const GuardSettings& settings, std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.substr(colon + 1) != std::to_string(settings.port))
    return false;
  const std::string name(host.substr(0, colon));
  if (name == "127.0.0.1" || name == "localhost" || name == "[::1]" || name == settings.host) return true;
  return settings.host != "127.0.0.1" && is_address(name);
}

std::optional<Refusal> refuse_body(const GuardSettings& settings, const HeaderLookup& header) {
  if (!header("Transfer-Encoding").empty() || !header("Content-Encoding").empty())
    return Refusal{411, "a body must be plain and say its length"};
  const std::string length = header("Content-Length");
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (length.empty() || error != std::errc{} || end != length.data() + length.size())
    return Refusal{411, "a body must say its length"};
  if (bytes > settings.largest_body)
    return Refusal{413,
                   "too large: at most " + std::to_string(settings.largest_body >> 20) + " MiB are taken"};
  const std::string type = header("Content-Type");
  if (type != "application/json" && type != "application/octet-stream")
    return Refusal{415, "a body is application/json or application/octet-stream"};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse(const GuardSettings& settings, std::string_view method, std::string_view path,
                              const HeaderLookup& header) {
  if (!is_ours(settings, header("Host"))) return Refusal{421, "this server goes by another name"};
  if (method != "GET" && method != "HEAD" && method != "POST") return Refusal{405, "only GET and POST"};
  const std::string origin = header("Origin"), site = header("Sec-Fetch-Site");
  if (!origin.empty() && !(origin.starts_with("http://") && is_ours(settings, origin.substr(7))))
    return Refusal{403, "a page of another site may not ask"};
  const bool opens = method == "GET" && path == "/" && header("Sec-Fetch-Mode") == "navigate";
  if (!site.empty() && site != "same-origin" && site != "none" && !opens)
    return Refusal{403, "a page of another site may not ask"};
  if (method != "POST") {
    const std::string length = header("Content-Length");
    if (!header("Transfer-Encoding").empty() || !(length.empty() || length == "0"))
      return Refusal{400, "only POST has a body"};
    return std::nullopt;
  }
  if (!same_secret(header("X-Skein-Token"), settings.token))
    return Refusal{403, "the token is not that of this server; load the page again"};
  return refuse_body(settings, header);
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || b.empty()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  return difference == 0;
}

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw FormatError("the system gives no random numbers for the page's token");
  std::string token;
  for (const unsigned char byte : bytes)
    for (const int digit : {byte >> 4, byte & 15}) token += "0123456789abcdef"[digit];
  return token;
}

bool RateLimit::allow() {
  const std::scoped_lock lock(mutex_);
  const auto now = Clock::now();
  left_ = std::min(burst_, left_ + rate_ * std::chrono::duration<double>(now - last_).count());
  last_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

}  // namespace skein::experiments
