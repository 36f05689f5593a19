#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace skein::experiments {

/// Who may speak to the server.
struct GuardSettings {
  std::string host = "127.0.0.1";  ///< what it listens on
  int port = 0;
  std::string token;                                 ///< what a request that changes something must carry
  std::size_t largest_body = std::size_t{16} << 20;  ///< bytes
};

/// A request that is not answered, and why.
struct Refusal {
  int status = 400;
  std::string reason;
};

/// The headers of a request, by name; empty when it has none.
using HeaderLookup = std::function<std::string(std::string_view name)>;

/// Judges a request before its body is read. A page of another site in the same browser is kept out thrice: its name is
/// not ours (Host, against DNS rebinding), its origin is not ours (Origin, Sec-Fetch-Site), and it does not know the token. A
/// body must say its length and be plain.
std::optional<Refusal> refuse(const GuardSettings& settings, std::string_view method, std::string_view path,
                              const HeaderLookup& header);

/// Compares without telling by its time where the texts differ.
bool same_secret(std::string_view a, std::string_view b);

/// 128 random bits of the system as 32 hexadecimal digits. Throws FormatError when it has none to give.
std::string random_token();

/// At most so many a second, and a burst of so many. From any thread.
class RateLimit {
 public:
  RateLimit(double per_second, double burst) : rate_(per_second), burst_(burst), left_(burst) {}
  bool allow();

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  double rate_, burst_, left_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace skein::experiments
